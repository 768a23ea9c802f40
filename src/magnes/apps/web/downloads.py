"""Files that somebody takes away, under a name that is a name everywhere."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from starlette.responses import Response

__all__ = ["attachment", "download"]

LONGEST_FILE_NAME = 60


def download(name: str, data: str | bytes, kind: str) -> Response:
    """Give a file to keep; ``kind``: its media type."""
    return Response(data, media_type=kind, headers={"content-disposition": attachment(name)})


def attachment(name: str) -> str:
    r"""Return a Content-Disposition with a name that is a name everywhere: no paths, no quotes, no line ends.

    >>> attachment('magnes-../Zoë "x".zip')
    'attachment; filename="magnes-Zoe-x.zip"; filename*=UTF-8\'\'magnes-Zo%C3%AB-x.zip'
    """
    stem, _, end = name.rpartition(".")
    clean = "-".join(re.findall(r"[\w-]+", unicodedata.normalize("NFC", stem)))[:LONGEST_FILE_NAME].strip("-_")
    clean = re.sub(r"-{2,}", "-", clean) or "magnes"
    plain = unicodedata.normalize("NFKD", clean).encode("ascii", "ignore").decode().strip("-_") or "magnes"
    return f"attachment; filename=\"{plain}.{end}\"; filename*=UTF-8''{quote(clean)}.{end}"
