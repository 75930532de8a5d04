"""Tokens have their word classes, and paragraphs map tokens to spans of the article."""

import pytest

from summarizer.article import Article, read
from summarizer.attribution.tokens import Token, read_paragraphs


@pytest.mark.parametrize(
    ("word", "classes"),
    [
        ("the", {"is_determiner"}),
        ("her", {"is_determiner", "is_possessive", "is_object_pronoun"}),
        ("would", {"is_verb", "is_helper", "is_finite_helper", "is_finite", "is_modal"}),
        ("been", {"is_verb", "is_helper", "is_finite", "is_auxiliary", "is_be"}),
        ("said", {"is_finite"}),
        ("claims", set()),  # also a noun
        ("went", {"is_verb", "is_finite"}),
        ("quietly", {"is_adverb", "is_lead"}),
        ("Leeds", {"is_capitalised"}),
        ("Hill’s", {"is_capitalised", "owns"}),
        ("?", {"is_mark", "is_stop"}),
    ],
)
def test_word_has_its_classes(word, classes):
    token = Token(word)
    names = [name for name in Token.__slots__ if name.startswith(("is_", "owns")) and name != "is_inner"]
    assert {name for name in names if getattr(token, name) and name != "is_have_or_do"} == classes


@pytest.mark.parametrize(("word", "expected"), [("but", True), ("has", True), ("that", True), ("tram", False)])
def test_word_ends_noun_phrase(word, expected):
    assert Token(word).ends_noun_phrase is expected


def test_form_of_a_cue_has_its_lexicon_entry():
    cue = Token("Said").cue
    assert cue is not None
    assert (cue.lemma, cue.forms) == ("say", {"past", "participle"})
    assert Token("tram").cue is None


def test_equal_words_share_one_token():
    (paragraph,) = read_paragraphs(read(Article.from_text("The tram is the tram that we need here.")))
    assert paragraph.tokens[1] is paragraph.tokens[4]


def test_tokens_map_to_spans_of_the_article():
    text = "It rained.\n\n“No,” said Mr. Hill  on Friday. He left."
    paragraph = read_paragraphs(read(Article.from_text(text)))[1]
    first = paragraph.lower.index("mr.")
    spans = paragraph.spans(text, (first, first + 4))
    assert " ".join(" ".join(text[start:end] for start, end in spans).split()) == "Mr. Hill on Friday"
    assert paragraph.begins_sentence(0)
    assert paragraph.quotation_at(1) is not None
    assert paragraph.quotation_at(first) is None
    assert [cue.lemma for _, cue in paragraph.cues] == ["say"]
