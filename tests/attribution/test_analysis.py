"""Invariants of the analysis on any text: valid spans, order, no crash, bounded time."""

from collections.abc import Callable
from itertools import islice, product
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from summarizer.article import Article, read
from summarizer.attribution import analyse, attributions
from summarizer.attribution.entities import find_entities
from summarizer.attribution.tokens import read_paragraphs
from summarizer.errors import ArticleError
from tests.timing import assert_linear

PIECES = st.sampled_from(
    [
        "“", "”", '"', "''", "'", "‘", "’", "«", "»", ",", ".", "?", "!", ":", ";", "—", "(", ")", "\n", "\n\n", " ",
        "said", "says", "told", "Mr", "Tom", "Hill", "Day", "he", "she", "they", "who", "that", "the", "a", "of", "to",
        "accused", "according", "asked", "by", "claim", "is expected", "seems", "and", "but", "bridge", "U.S.", "A.",
        "\nBERG: ", "\nLIND: ", "\n\nQ: ", "\n\nA: ", "[Laughter]", "not", "never", "neither",
        "nor", "nobody", "deny", "no one",
        "Day's", "his", "adding", "it", "was", "in a statement", "on Monday", "Q", "😀", "İ", "\u200b", "中",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(PIECES, max_size=60).map(" ".join),
    st.lists(PIECES, max_size=60).map("".join),
)


def find(text):
    try:
        reading = read(Article.from_text(text))
    except ArticleError:
        reject()  # nothing to read
    return analyse(reading).attributions


@settings(max_examples=120, deadline=None)
@given(TEXTS.filter(lambda text: (text.strip() and text.isprintable()) or "said" in text))
def test_spans_are_ordered_nonempty_ranges_of_the_text(text):
    for attribution in find(text):
        assert attribution.content
        assert attribution.cue
        for spans in (attribution.source, attribution.cue, attribution.content):
            flat = [offset for span in spans for offset in span]
            assert flat == sorted(flat)
            assert all(0 <= start < end <= len(text) for start, end in spans)


@settings(max_examples=120, deadline=None)
@given(st.tuples(TEXTS, TEXTS).map(" said ".join))
def test_content_never_overlaps_cue(text):
    for attribution in find(text):
        cue = {offset for start, end in attribution.cue for offset in range(start, end)}
        assert not cue & {offset for start, end in attribution.content for offset in range(start, end)}


@settings(max_examples=60, deadline=None)
@given(TEXTS.filter(str.strip))
def test_attributions_are_in_order_of_text(text):
    starts = [attribution.content[0].start for attribution in find(text)]
    assert starts == sorted(starts)


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        "“",
        '"',
        "‘",
        ",",
        "(",
        "A",
        "Aa ",
        "said ",
        "he said, ",
        "“Aa,” said Bb. ",
        "according to ",
        "his claim that ",
        "neither nor ",
        "\nBERG: No. ",
        "\n\nQ: No.\n\nA: No.",
        "would not say or ",
        "“, A (",
        "“ ( A, ",
        "Aa the Bb ",
        "Aa of Bb’ Cc ",
        "Mr Aa, who represents Bb, chairs the ",
        "the minister for Aa said. ",
        "Aa Bb Cc he said, ",
        "In the end ",
        "He " + " " * 40,
    ],
)
def test_hostile_text_takes_linear_time(unit):
    def prepare(size: int) -> Callable[[], object]:
        reading = read(Article.from_text(unit * (size // len(unit))))
        return lambda: analyse(reading)

    assert_linear(prepare, 12_000)


def test_time_is_linear_in_bearers_of_one_surname():
    def prepare(count: int) -> Callable[[], object]:
        given = ("".join(parts) for parts in product("BDFGKLMNPRST", "aeiou", "bcdfgklmnprst", "aeiou"))
        people = islice(given, count)
        text = "\n\n".join(f"Ms {attribution} Hill rose. Mr Hill said no. Hill left." for attribution in people)
        reading = read(Article.from_text(text))
        return lambda: find_entities(reading, read_paragraphs(reading))

    assert_linear(prepare, 225)


@pytest.mark.parametrize("function", [attributions, read])
def test_string_in_place_of_an_article_is_refused(function: Callable[[Any], object]) -> None:
    with pytest.raises(ArticleError, match=r"Pass an Article, such as Article\.from_text\(…\), not str"):
        function("articles/x.txt")
