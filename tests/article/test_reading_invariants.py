"""What holds of the reading of any text whatever."""

import itertools

from hypothesis import given

from summarizer.article import MAX_SENTENCE_BYTES, Reading
from summarizer.spans import quote
from tests.article.texts import reading_of, texts


@given(texts)
def test_a_sentence_is_what_its_spans_quote(text: str) -> None:
    for reading in (reading_of(text), reading_of(text, clean=False)):
        for sentence in reading.sentences:
            assert sentence.text == quote(text, sentence.spans)
            assert sentence.text


@given(texts)
def test_spans_are_in_order_apart_and_not_empty(text: str) -> None:
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
def test_every_character_is_read_once_or_cut_once(text: str) -> None:
    for reading in (reading_of(text), reading_of(text, clean=False)):
        for character, owners in zip(text, _owners(reading), strict=True):
            assert owners <= 1
            assert owners == 1 or character.isspace()


@given(texts)
def test_sentences_are_numbered_from_one_and_paragraphs_follow_each_other(text: str) -> None:
    sentences = reading_of(text).sentences
    assert [sentence.number for sentence in sentences] == list(range(1, len(sentences) + 1))
    paragraphs = [sentence.paragraph for sentence in sentences]
    assert paragraphs == sorted(paragraphs)


@given(texts)
def test_no_sentence_is_longer_than_a_budget_can_bear(text: str) -> None:
    assert all(len(sentence.text.encode()) <= MAX_SENTENCE_BYTES for sentence in reading_of(text).sentences)


@given(texts)
def test_without_cleaning_nothing_is_cut(text: str) -> None:
    assert reading_of(text, clean=False).cuts == ()


@given(texts)
def test_cuts_are_in_order_and_named(text: str) -> None:
    cuts = reading_of(text).cuts
    assert list(cuts) == sorted(cuts)
    assert all(cut.reason for cut in cuts)
