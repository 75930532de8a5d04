"""Whether a model's words stand in the article: figures, names, phrases."""

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from summarizer.article import Article, Sentence, read
from summarizer.extraction.standing import Words, figures, folded
from summarizer.spans import quote


def words(text: str, **about: str) -> Words:
    return Words(read(Article.from_text(text, **about)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1,200,000 crowns", {"1200000"}),
        ("1 200 000 crowns", {"1200000"}),
        ("1.200.000 Euro", {"1200000"}),
        ("4.5 per cent", {"4.5"}),
        ("4,5 Prozent", {"4.5"}),
        ("2 to 3", {"2", "3"}),
        ("19-14 on April 9", {"19", "14", "9"}),
        ("B2B and 5G", {"2", "5"}),
        ("none at all", set()),
    ],
)
def test_a_figure_is_one_however_it_is_written(text: str, found: set[str]) -> None:
    assert figures(text) == found


@pytest.mark.parametrize("statement", ["It costs 5 crowns.", "It costs 20 crowns.", "In 2026 it costs less."])
def test_figures_may_be_words_in_the_evidence_or_stand_in_the_date(statement: str) -> None:
    article = words("It costs five crowns, not twenty, they said. Or so.", published="2026-03-04")
    assert article.missing_figures(statement, article.reading.sentences) == []


def test_a_figure_with_another_decimal_point_is_another_figure() -> None:
    article = words("It costs 4.2 million crowns, they said. Or so.")
    assert article.missing_figures("It costs 42 million.", article.reading.sentences) == ["42"]


@pytest.mark.parametrize("name", ["José Muñoz", "Jose Munoz", "JOSÉ MUÑOZ", "José  Muñoz", "Ministry of Health"])
def test_names_stand_whatever_their_case_and_accents(name: str) -> None:
    assert words("José Muñoz of the Ministry\nof Health’s office spoke. He left.").hold(name)


@pytest.mark.parametrize("name", ["Jose", "osé Muñoz", "Muñoz José", "José Muñozo", "", "—"])
def test_a_name_must_stand_as_whole_words_in_order(name: str) -> None:
    assert words("José Muñoz spoke. He left.").hold(name) == (name == "Jose")


def test_names_may_take_endings_where_the_language_inflects_them() -> None:
    article = words("Minister spotkał się z Anną Kowalską w Warszawie. Potem wyjechał.", language="pl")
    assert article.hold("Anna Kowalska")


def test_names_take_no_endings_in_english() -> None:
    assert not words("The minister met Anna Kowalskaya in the city. He left.", language="en").hold("Anna Kowalska")


def test_a_name_in_chinese_stands_within_a_sentence() -> None:
    assert words("昨天王小明在北京说，他反对这个计划。他走了。").hold("王小明")


def test_a_possessive_is_no_part_of_the_name() -> None:
    assert words("Bergstrom’s plan failed. She left.").hold("Bergstrom")


SENTENCES = st.text(st.sampled_from("ab cd “”\"'’-–— \n\u00a0éß"), min_size=1, max_size=60)


@examples(text=SENTENCES, data=st.data())
def test_any_piece_of_a_sentence_is_found_as_a_phrase_of_it(text: str, data: st.DataObject) -> None:
    article = words("Head of it all\n\n" + text + "z")
    sentence: Sentence = article.reading.sentences[-1]
    start = data.draw(st.integers(0, len(sentence.text) - 1))
    end = data.draw(st.integers(start + 1, len(sentence.text)))
    piece = sentence.text[start:end]
    spans = article.phrase(piece, sentence)
    if spans:
        assert folded(quote(article.reading.article.text, spans)) == folded(piece)
    else:
        assert not folded(piece)
