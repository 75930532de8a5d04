"""Invariants of the reading of any text, and the reading of a seed article."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given

from summarizer.article import MAX_SENTENCE_BYTES, Article, Reading, read
from summarizer.spans import quote
from tests.article.texts import reading_of, texts


@given(texts)
def test_sentence_text_is_the_quote_of_its_spans(text: str) -> None:
    for reading in (reading_of(text), reading_of(text, clean=False)):
        for sentence in reading.sentences:
            assert sentence.text == quote(text, sentence.spans)
            assert sentence.text


@given(texts)
def test_spans_are_sorted_disjoint_and_not_empty(text: str) -> None:
    spans = [span for sentence in reading_of(text).sentences for span in sentence.spans]
    assert all(start < end for start, end in spans)
    assert all(before.end <= after.start for before, after in itertools.pairwise(spans))


def _owners(reading: Reading) -> list[int]:
    owners = [0] * len(reading.article.text)
    spans = [span for sentence in reading.sentences for span in sentence.spans] + [cut.span for cut in reading.cuts]
    for start, end in spans:
        for offset in range(start, end):
            owners[offset] += 1
    return owners


@given(texts)
def test_every_character_is_in_one_sentence_or_one_cut(text: str) -> None:
    for reading in (reading_of(text), reading_of(text, clean=False)):
        for character, owners in zip(text, _owners(reading), strict=True):
            assert owners <= 1
            assert owners == 1 or character.isspace()


@given(texts)
def test_sentences_are_numbered_from_one_without_gaps(text: str) -> None:
    sentences = reading_of(text).sentences
    assert [sentence.number for sentence in sentences] == list(range(1, len(sentences) + 1))
    paragraphs = [sentence.paragraph for sentence in sentences]
    assert paragraphs == sorted(paragraphs)


@given(texts)
def test_no_sentence_exceeds_the_maximum(text: str) -> None:
    assert all(len(sentence.text.encode()) <= MAX_SENTENCE_BYTES for sentence in reading_of(text).sentences)


@given(texts)
def test_nothing_is_cut_without_cleaning(text: str) -> None:
    assert reading_of(text, clean=False).cuts == ()


@given(texts)
def test_cuts_are_sorted_and_named(text: str) -> None:
    cuts = reading_of(text).cuts
    assert list(cuts) == sorted(cuts)
    assert all(cut.reason for cut in cuts)


def test_seed_article_is_read_as_expected(seeds: Path) -> None:
    reading = read(Article.from_file(seeds / "ukraine-nato-offer.txt"))
    assert len(reading.sentences) == 21
    assert [each.kind for each in reading.sentences] == ["title", *["caption"] * 3, *["prose"] * 17]
    assert reading.sentence(6).text == (
        "During negotiations with US envoys over a potential Ukraine-Russia peace deal, President Volodymyr Zelensky "
        "on Dec 14 offered to drop Ukraine’s NATO aspirations."
    )
    assert len(reading.sentence(6).spans) == 3
    reasons = ["newsletter", "photo-credit", "topics", "agency-credit", "see-more"]
    assert [cut.reason for cut in reading.cuts] == reasons


@pytest.mark.parametrize("number", [0, -1, 3])
def test_unknown_sentence_number_raises_index_error(number: int) -> None:
    with pytest.raises(IndexError):
        read(Article.from_text("It sank. It rose.")).sentence(number)
