"""Invented pages for tests."""

import json
from typing import Any

from lxml.html import HtmlElement, document_fromstring

BODY = " ".join(f"Sentence {number} says that the town council of Alder agreed on the bridge." for number in range(40))


def page(head: str = "", body: str = "", *, lang: str = "en") -> HtmlElement:
    """Return a parsed page."""
    return document_fromstring(f"<!doctype html><html lang='{lang}'><head>{head}</head><body>{body}</body></html>")


def json_ld(*documents: Any) -> str:
    """Return one script for each document; a string is taken as it is."""
    texts = (text if isinstance(text, str) else json.dumps(text, ensure_ascii=False) for text in documents)
    return "".join(f"<script type='application/ld+json'>{text}</script>" for text in texts)


def news(**properties: Any) -> dict[str, Any]:
    """Return a NewsArticle with further or other properties."""
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "Council agrees on new bridge",
        "datePublished": "2025-05-02T10:30:00+02:00",
        "dateModified": "2025-05-03T08:00:00+02:00",
        "author": {"@type": "Person", "name": "Ann Lee"},
        "publisher": {"@type": "Organization", "name": "Alder Courier"},
        **properties,
    }
