"""Quoting spans, and locating quotes."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.spans import Span, locate, quote
from tests.article.texts import reading_of, texts


@given(texts, st.data())
def test_locate_is_the_inverse_of_quote(text: str, data: st.DataObject) -> None:
    sentence = data.draw(st.sampled_from(reading_of(text).sentences))
    start = data.draw(st.integers(0, len(sentence.text) - 1))
    end = data.draw(st.integers(start + 1, len(sentence.text)))
    part = sentence.text[start:end]
    if part != part.strip():
        return
    spans = locate(text, sentence.spans, start, end)
    assert quote(text, spans) == part
    for span in spans:
        assert any(whole.start <= span.start < span.end <= whole.end for whole in sentence.spans)
    assert all(before.end <= after.start for before, after in itertools.pairwise(spans))


@pytest.mark.parametrize(
    ("spans", "start", "end", "located"),
    [
        (((0, 9), (11, 16)), 4, 9, ((4, 9),)),
        (((0, 9), (11, 16)), 9, 14, ((11, 16),)),
        (((0, 9), (11, 16)), 4, 14, ((4, 9), (11, 16))),
    ],
)
def test_part_of_a_torn_sentence_is_located_in_its_pieces(
    spans: tuple[tuple[int, int], ...], start: int, end: int, located: tuple[tuple[int, int], ...]
) -> None:
    text = "She came \n\nhome.\n"
    whole = tuple(Span(*span) for span in spans)
    assert quote(text, whole) == "She came home."
    assert locate(text, whole, start, end) == tuple(Span(*span) for span in located)
