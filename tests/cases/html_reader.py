"""What tests read of an HTML page: nesting, elements, and the text of each."""

import re
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "img", "input", "hr"}
INTERVAL = re.compile(r"\(>?[\d.,]+ (?:tot|to) >?[\d.,]+")


class Page(HTMLParser):
    """Checks nesting while it collects elements and the text of each."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict]] = []
        self.elements: list[tuple[str, dict]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append((tag, dict(attrs)))

    def handle_startendtag(self, tag: str, attrs: list) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            path = " ".join(f"{tag}.{attrs.get('class', '')}.{attrs.get('lang', '')}" for tag, attrs in self.open)
            self.texts.append((path, data))

    def all(self, tag: str) -> list[dict]:
        return [attrs for name, attrs in self.elements if name == tag]

    def words(self, *without: str) -> str:
        """Visible text outside elements whose path holds one of these."""
        return " ".join(data for path, data in self.texts if not any(part in path for part in ("style", *without)))
