"""Make the third-party scripts of the web app again: htmx from its package, Vega-Embed from the drawing library.

    python tools/vendor_web.py htmx.org-2.0.11.tgz

writes ``static/htmx.min.js``, ``static/vega.min.js`` and their checksums in ``static/vendored.toml``. The package is
what ``npm pack htmx.org@2.0.11`` brings.
"""

from __future__ import annotations

import hashlib
import sys
import tarfile
from importlib.metadata import version
from pathlib import Path

import vl_convert

from magnes.report.vega import VEGA_LITE

__all__ = ["main"]

STATIC = Path(__file__).parents[1] / "src" / "magnes" / "apps" / "web" / "static"
HTMX, HTMX_FILE = "2.0.11", "package/dist/htmx.min.js"
SNIPPET = "window.vegaEmbed = vegaEmbed;"
HEAD = "# Third-party files beside this one, unchanged; tests compare the checksums. tools/vendor_web.py makes them.\n"
ENTRY = """[["{name}"]]
name = "{package}"
version = "{version}"
licence = "{licence}"
file = "{file}"
sha256 = "{sha256}"
"""


def main(package: Path) -> None:
    """Write both scripts and their checksums."""
    with tarfile.open(package) as archive:
        member = archive.extractfile(HTMX_FILE)
        if member is None:
            raise SystemExit(f"{package} has no {HTMX_FILE}")
        htmx = member.read()
    vega = vl_convert.javascript_bundle(snippet=SNIPPET, vl_version=VEGA_LITE).encode()
    bundle = {"package": "vega-lite, vega, vega-embed (vl-convert)", "version": VEGA_LITE, "licence": "BSD-3-Clause"}
    written = (
        ("htmx.min.js", htmx, {"package": "htmx.org", "version": HTMX, "licence": "0BSD", "file": HTMX_FILE}),
        (
            "vega.min.js",
            vega,
            {**bundle, "file": f"javascript_bundle of vl-convert-python {version('vl-convert-python')}"},
        ),
    )
    entries = []
    for name, content, facts in written:
        (STATIC / name).write_bytes(content)
        entries.append(ENTRY.format(name=name, sha256=hashlib.sha256(content).hexdigest(), **facts))
    (STATIC / "vendored.toml").write_text(HEAD + "\n".join(entries), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
