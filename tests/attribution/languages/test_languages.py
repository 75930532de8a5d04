"""Other languages: their cases, the choice of the language, and languages that a program adds."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from summarizer import Article, attributions

HERE = Path(__file__).parent
CASES = {code: json.loads((HERE / f"{code}.json").read_text(encoding="utf-8")) for code in ("de", "fr")}


def fold(text: str) -> str:
    return " ".join(text.translate(str.maketrans("’‘“”", "''\"\"")).lower().split())


def problems(case: dict[str, Any], language: str | None) -> Iterator[str]:
    """Yield what is wrong in a case; "-" is nobody, and `not` names somebody who must not hold the phrase."""
    article = Article.from_text(case["text"], language=language)
    rows = [
        (fold(" ".join(article.text[start:end] for start, end in found.content)), fold(str(found.holders)), found)
        for found in attributions(article)
    ]
    for want in case["expect"]:
        hits = [(holders, found) for content, holders, found in rows if fold(want["phrase"]) in content]
        right = [found for holders, found in hits if fold(want["holder"]) in holders]
        flags = {flag for found in right for flag in ("denied", "unsaid") if getattr(found, flag)}
        if want["holder"] == "-":
            wrong = any(found.holders for _, found in hits)
        else:
            wrong = bool(right) if want["not"] else not right or flags != {want["flag"]} - {None}
        if wrong:
            yield f"{want['phrase']!r}: {[holders for holders, _ in hits]}"


@pytest.mark.parametrize("is_given", [True, False])
@pytest.mark.parametrize(("code", "case"), [(code, case) for code in CASES for case in CASES[code]])
def test_case_is_attributed_to_its_holder(code: str, case: dict[str, Any], is_given: bool) -> None:
    assert list(problems(case, code if is_given else None)) == []
