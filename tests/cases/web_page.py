"""What a page of the app says: its words, what stands in a field, what is wrong there."""

from __future__ import annotations

import re
from html import unescape

from httpx2 import Response

__all__ = ["field", "value_of", "words", "words_of", "wrong_at"]


def words_of(html: str) -> str:
    """Text without markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def words(answer: Response) -> str:
    """What a page says, without its markup."""
    return words_of(answer.text)


def field(answer: Response, name: str) -> str:
    """One field of a form with all that stands at it."""
    found = re.search(rf'<div class="field[^>]*>\s*(?:(?!<div class="field).)*?id="{name}".*?</div>', answer.text, re.S)
    return unescape(found[0]) if found else ""


def value_of(answer: Response, name: str) -> str:
    """What stands in a field."""
    found = re.search(rf'id="{name}"[^>]* value="([^"]*)"', answer.text)
    assert found, name
    return unescape(found[1])


def wrong_at(answer: Response, name: str) -> str:
    """What is said to be wrong at a field; blank when nothing."""
    found = re.search(rf'<ul class="wrong" id="{name}-wrong"[^>]*>(.*?)</ul>', answer.text, re.S)
    return words_of(found[1]) if found else ""
