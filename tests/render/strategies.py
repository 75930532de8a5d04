"""Hypothesis strategies: briefs with arbitrary texts."""

from typing import Any

from hypothesis import strategies as st

from summarizer import Brief
from summarizer.article import ArticleInfo
from summarizer.brief import (
    Coverage,
    Evidence,
    FailedChunk,
    Gist,
    Holder,
    Issue,
    OpenQuestion,
    Phrase,
    Position,
    Rejected,
    UncitedStatement,
)
from summarizer.spans import Span

from .conftest import provenance

MARKUP = r"""
# - + * 1. 1) > ``` ~~~ --- *** === |a|b| |---| \ `x` *x* ** __x__ ~~x~~ <b> <!-- </p> <script> &amp; &#35; $ \[
<http://a.example> [a](http://a.example) ![a](b) [a]: [x] [/] [bold] [link=a] :smile: 語 é 👩‍👩‍👧 “ ” a .
"""
OPENINGS = ("# ", "- ", "1. ", "> ", "    ", "\t", "\n", "\n\n", "\r\n", "\u2028", "  \n", "b c", "|a|\n|-|\n")
CONTROLS = ("\x1b[31m", "\x1b]8;;a\x1b\\", "\x9b31m", "\x07", "\r", "\x08", "\u202e", "\u200b")
BITS = st.sampled_from([*MARKUP.split(), *OPENINGS, *CONTROLS])
TEXTS = st.lists(BITS | st.text(max_size=8), min_size=1, max_size=6).map("".join).filter(bool)
NUMBERS = st.lists(st.integers(1, 99), min_size=1, max_size=3).map(tuple)


@st.composite
def _evidence(draw: st.DrawFn) -> tuple[Evidence, ...]:
    items = []
    for _ in range(draw(st.integers(1, 2))):
        quote = draw(TEXTS)
        start = draw(st.integers(0, len(quote) - 1))
        words = quote[start : draw(st.integers(start + 1, len(quote)))]
        marked = Phrase(spans=(Span(start, start + len(words)),), text=words)
        items.append(
            Evidence(sentence=draw(st.integers(1, 9)), spans=(Span(0, len(quote)),), quote=quote, phrases=(marked,))
        )
    return tuple(items)


@st.composite
def briefs(draw: st.DrawFn) -> Brief:
    def text() -> str:
        return draw(TEXTS)

    def maybe(make: Any) -> Any:
        return make if draw(st.booleans()) else None

    holders = tuple(
        Holder(id=f"H{n}", name=maybe(text()), kind="person", role=maybe(text()), affiliation=maybe(text()))
        for n in (1, 2)
    )
    position = Position(
        id="P",
        holders=("H1", "H2"),
        reported_by=maybe("H1"),
        statement=text(),
        issue=maybe("I"),
        stance=draw(st.sampled_from(["agrees", "unclear"])),
        certainty="hedged",
        evidence=draw(_evidence()),
    )
    question = OpenQuestion(id="Q", question=text(), origin="implied", raised_by=("H2",), evidence=draw(_evidence()))
    coverage = Coverage(
        sentences=3,
        chunks=1,
        failed=(FailedChunk(first_sentence=1, last_sentence=2, error=text()),),
        uncited=(UncitedStatement(sentences=draw(NUMBERS), spans=(), source=text()),),
    )
    return Brief(
        article=ArticleInfo(
            title=maybe(text()), source=text(), author=maybe(text()), published=text(), characters=1, sha256="0"
        ),
        gist=Gist(text=text(), evidence=draw(_evidence())),
        issues=(Issue(id="I", proposition=text(), kind="fact"),),
        holders=holders,
        positions=(position,),
        open_questions=(question,),
        coverage=coverage,
        rejected=(Rejected(what=text(), text=text(), reason=text()),),
        provenance=provenance(model=text(), notes=(text(),), engine=draw(st.sampled_from(["model", "builtin"]))),
    )
