"""Pictures of every page for docs/web.md: ``python tests/browser/screenshots.py docs/img/web``."""

from __future__ import annotations

import base64
import re
import struct
import sys
import tempfile
import zlib
from pathlib import Path

import numpy as np
from chrome import NARROW, WIDE, launched, visiting
from crawl import crawl, shape
from playwright.sync_api import Page, sync_playwright
from web_seed import seed
from web_server import serving

VIEWS = (("nl", WIDE, "nl"), ("nl", NARROW, "nl-360"), ("en", WIDE, "en"))
TALLEST_PX = 2000
COLOURS = 64
SHOWN_TOO = ("day", "q")  # a day of the diary, an answer to a question
LARGEST_BYTES = 120_000
DECODE = """async png => {
  const image = new Image();
  image.src = 'data:image/png;base64,' + png;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const data = context.getImageData(0, 0, image.width, image.height).data;
  const read = new FileReader();
  const done = new Promise(resolve => { read.onload = resolve; });
  read.readAsDataURL(new Blob([data]));
  await done;
  return [image.width, image.height, read.result.split(',')[1]];
}"""


def name_of(path: str) -> str:
    """Return a file name for a page: ``/people/3/plan`` is ``plan``, ``/`` is ``people``; none for a view of one."""
    kind, _, asked = shape(path).partition("?")
    if asked not in ("", *SHOWN_TOO):
        return ""
    if path.endswith("/audit") and path != "/audit":
        kind = "/person/audit"  # there is one of everybody too
    words = [word for word in re.split(r"[^a-z]+", kind.removeprefix("/people/#").replace("*", "one")) if word]
    return "-".join((*words, *asked.split())) or ("person" if path.startswith("/people/") else "people")


def picture(page: Page, blank: Page) -> bytes:
    """Return the page as a small PNG, cut off where it gets very tall."""
    size = page.viewport_size
    assert size is not None
    height = min(TALLEST_PX, page.evaluate("document.scrollingElement.scrollHeight"))
    taken = page.screenshot(clip={"x": 0, "y": 0, "width": size["width"], "height": height}, full_page=True)
    image = pixels(blank, taken)
    for colours in (COLOURS, COLOURS // 2, COLOURS // 4):
        small = with_palette(image, colours)
        if len(small) <= LARGEST_BYTES:
            break
    return small


def pixels(blank: Page, png: bytes) -> np.ndarray:
    """Decode a picture in an empty page of the browser, to (height, width, 3)."""
    width, height, told = blank.evaluate(DECODE, base64.b64encode(png).decode())
    return np.frombuffer(base64.b64decode(told), np.uint8).reshape(height, width, 4)[:, :, :3]


def with_palette(image: np.ndarray, colours: int) -> bytes:
    """Encode with the commonest colours; the others become the nearest of them."""
    height, width, _ = image.shape
    whole = image.reshape(-1, 3).astype(np.int32)
    codes, back, counts = np.unique(whole @ (65536, 256, 1), return_inverse=True, return_counts=True)
    each = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1)
    palette = each[np.argsort(-counts)[:colours]]
    nearest = np.concatenate(
        [((part[:, None] - palette) ** 2).sum(axis=2).argmin(axis=1) for part in np.array_split(each, 64)]
    )
    lines = np.zeros((height, 1 + width), np.uint8)
    lines[:, 1:] = nearest[back].reshape(height, width)
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", palette.astype(np.uint8).tobytes()),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


def main(folder: Path) -> None:
    """Write a picture of each page in each view."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        data = Path(made) / "magnes.sqlite"
        seed(data)
        browser = launched(playwright)
        blank = browser.new_page()
        with serving(data) as server:
            for language, size, ending in VIEWS:
                with visiting(browser, server.address, language, size) as (page, _):
                    for path, status in crawl(page):
                        if status == 200 and name_of(path):
                            (folder / f"{name_of(path)}-{ending}.png").write_bytes(picture(page, blank))
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
