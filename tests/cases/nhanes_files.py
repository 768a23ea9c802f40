"""One made-up cycle of NHANES with its real names of variables, and a writer of SAS transport files from the format."""

import struct

DEMO = {
    "SEQN": [31.0, 32.0, 33.0, 34.0],
    "RIAGENDR": [1.0, 2.0, 2.0, 1.0],
    "RIDAGEYR": [45.0, 30.0, 0.0, 80.0],
    "RIDEXPRG": [None, 1.0, None, None],
    "SDMVPSU": [1.0, 2.0, 1.0, 2.0],
    "SDMVSTRA": [59.0, 59.0, 60.0, 60.0],
    "WTMEC2YR": [1000.5, 2000.0, 0.0, 5.4e-3],
}
DR1TOT = {
    "SEQN": [31.0, 32.0, 33.0],
    "WTDRD1": [1500.25, 800.0, 900.0],
    "WTDR2D": [1700.0, None, 0.0],
    "DR1DRSTZ": [1.0, 1.0, 4.0],
    "DR1DAY": [1.0, 6.0, None],
    "DR1TMAGN": [312.0, 0.0, None],
}
DR2TOT = {"SEQN": [31.0], "WTDR2D": [1700.0], "DR2DRSTZ": [1.0], "DR2DAY": [4.0], "DR2TMAGN": [250.5]}
DR1IFF = {
    "SEQN": [31.0, 31.0, 32.0],
    "DR1_030Z": [1.0, 2.0, None],
    "DR1IFDCD": [51101000.0, 94000100.0, 11111000.0],
    "DR1IGRMS": [100.0, None, 244.5],
}
DSQTOT = {"SEQN": [31.0, 32.0, 33.0, 34.0], "DSD010": [1.0, 2.0, 1.0, None], "DSQTMAGN": [100.0, None, None, None]}
CYCLE = {"DEMO": DEMO, "DR1TOT": DR1TOT, "DR2TOT": DR2TOT, "DR1IFF": DR1IFF, "DSQTOT": DSQTOT}


def ibm(value):
    """A number as an IBM double; a text of one sign is a missing value of SAS."""
    if isinstance(value, str):
        return value.encode() + bytes(7)
    if value == 0:
        return bytes(8)
    sign, value = (0x80, -value) if value < 0 else (0, value)
    power = 64
    while value >= 1:
        value, power = value / 16, power + 1
    while value < 1 / 16:
        value, power = value * 16, power - 1
    return bytes([sign | power]) + int(value * 2**56).to_bytes(7, "big")


def transport_file(path, name, columns):
    """Write SAS transport version 5 from its published record layout; blank is ``"."``."""
    stamp = b"22NOV26:00:00:00"

    def record(text):
        return text.ljust(80)[:80]

    head = [
        record(b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!000000000000000000000000000000  "),
        record(b"SAS     SAS     SASLIB  9.4     TEST".ljust(64) + stamp),
        record(stamp),
        record(b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!000000000000000001600000000140  "),
        record(b"HEADER RECORD*******DSCRPTR HEADER RECORD!!!!!!!000000000000000000000000000000  "),
        record(b"SAS     " + name.encode().ljust(8) + b"SASDATA 9.4     TEST".ljust(48) + stamp),
        record(stamp),
        record(b"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!%010d" % len(columns) + b"0" * 20),
    ]
    described = b"".join(
        struct.pack(">hhhh8s40s8shhh2s8shhl52s", 1, 0, 8, place + 1, column.encode().ljust(8), b" " * 40, b" " * 8,
                    0, 0, 0, bytes(2), b" " * 8, 0, 0, place * 8, bytes(52))
        for place, column in enumerate(columns)
    )  # fmt: skip
    rows = b"".join(ibm("." if cell is None else cell) for row in zip(*columns.values(), strict=True) for cell in row)
    start = record(b"HEADER RECORD*******OBS     HEADER RECORD!!!!!!!000000000000000000000000000000  ")

    def padded(data):
        return data + b" " * (-len(data) % 80)

    path.write_bytes(b"".join(head) + padded(described) + start + padded(rows))


def folder_of(tmp_path, write, cycles):
    for letter, files in cycles.items():
        for name, columns in files.items():
            write(tmp_path / f"{name}_{letter}.xpt", f"{name}_{letter}", columns)
    return tmp_path
