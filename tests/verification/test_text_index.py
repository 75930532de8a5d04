"""Names and phrases are found in the article."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer._text import normalize
from summarizer.article import Article, Sentence, read
from summarizer.spans import quote
from summarizer.verification.text_index import TextIndex


def words(text: str, **about: str) -> TextIndex:
    return TextIndex(read(Article.from_text(text, **about)))


@pytest.mark.parametrize("name", ["José Muñoz", "Jose Munoz", "JOSÉ MUÑOZ", "José  Muñoz", "Ministry of Health"])
def test_names_are_found_regardless_of_case_and_accents(name: str) -> None:
    assert words("José Muñoz of the Ministry\nof Health’s office spoke. He left.").contains(name)


@pytest.mark.parametrize("name", ["Jose", "osé Muñoz", "Muñoz José", "José Muñozo", "", "—"])
def test_name_is_found_as_whole_words_in_order(name: str) -> None:
    assert words("José Muñoz spoke. He left.").contains(name) == (name == "Jose")


def test_names_may_take_endings_where_the_language_inflects_them() -> None:
    article = words("Minister spotkał się z Anną Kowalską w Warszawie. Potem wyjechał.", language="pl")
    assert article.contains("Anna Kowalska")


def test_names_take_no_endings_in_english() -> None:
    assert not words("The minister met Anna Kowalskaya in the city. He left.", language="en").contains("Anna Kowalska")


def test_chinese_name_is_found_within_a_sentence() -> None:
    assert words("昨天王小明在北京说，他反对这个计划。他走了。").contains("王小明")


def test_name_does_not_cross_sentences() -> None:
    assert not words("It came from Anna. Berg is a town. He left.").contains("Anna Berg")


@pytest.mark.parametrize(("name", "stands"), [("मोदी", True), ("मादा", False), ("ОВА", False), ("Петрова", True)])
def test_names_in_other_scripts_are_found_as_whole_words(name: str, stands: bool) -> None:
    assert words("नरेंद्र मोदी ने कहा। Петрова ушла.").contains(name) == stands


def test_possessive_is_no_part_of_the_name() -> None:
    assert words("Bergstrom’s plan failed. She left.").contains("Bergstrom")


SENTENCES = st.text(st.sampled_from("ab cd “”\"'’-–— \n\u00a0éß"), min_size=1, max_size=60)


@given(text=SENTENCES, data=st.data())
def test_any_piece_of_a_sentence_is_found_as_a_phrase_of_it(text: str, data: st.DataObject) -> None:
    article = words("Head of it all\n\n" + text + "z")
    sentence: Sentence = article.reading.sentences[-1]
    start = data.draw(st.integers(0, len(sentence.text) - 1))
    end = data.draw(st.integers(start + 1, len(sentence.text)))
    piece = sentence.text[start:end]
    spans = article.locate_phrase(piece, sentence)
    if spans:
        assert normalize(quote(article.reading.article.text, spans)) == normalize(piece)
    else:
        assert not normalize(piece)
