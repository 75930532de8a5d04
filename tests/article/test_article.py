"""Creating an Article, and its metadata."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from summarizer.article import Article, ArticleInfo, read
from summarizer.errors import ArticleError


@pytest.mark.parametrize("text", ["", " ", "\n\n\t \xa0\u3000\r\n"])
def test_blank_text_is_rejected(text: str) -> None:
    with pytest.raises(ArticleError, match="The article is empty"):
        Article.from_text(text)


def test_lone_surrogate_is_rejected_with_its_position() -> None:
    with pytest.raises(ArticleError, match=r"lone surrogate \(U\+D83D\) at character 3"):
        Article.from_text("It \ud83d sank.")


@pytest.mark.parametrize("text", ["<html><body><p>It sank.", "%PDF-1.4"])
def test_markup_passed_as_text_is_text(text: str) -> None:
    assert Article.from_text(text).text == text


def test_metadata_are_replaced_and_empty_values_ignored() -> None:
    article = Article.from_text("It sank.", title="Ferry", author="Ann")
    changed = article.with_metadata(title="Ship", author="", published=date(2025, 5, 2))
    assert (changed.title, changed.author, changed.published, changed.text) == ("Ship", "Ann", "2025-05-02", "It sank.")
    assert article.title == "Ferry"


def test_metadata_of_the_wrong_type_are_rejected() -> None:
    with pytest.raises(ValidationError):
        Article.from_text("It sank.", title=5)  # type: ignore[arg-type]


def test_unknown_fields_of_newer_versions_are_ignored() -> None:
    info = ArticleInfo.model_validate({"characters": 8, "sha256": "0" * 64, "publisher": "The Harbour Post"})
    assert info.characters == 8


def test_info_is_the_article_without_its_text() -> None:
    article = Article.from_text("It sank.", title="Ferry")
    assert article.info.model_dump() == article.model_dump(exclude={"text", "warnings"})


@pytest.mark.parametrize("text", [None, 123, b"text", ["text"]])
def test_text_of_another_type_is_refused(text: Any) -> None:
    with pytest.raises(ArticleError, match="must be a str, not"):
        Article.from_text(text)


@pytest.mark.parametrize("html", [None, 123, ["<p>"]])
def test_page_of_another_type_is_refused(html: Any) -> None:
    with pytest.raises(ArticleError, match="must be a str or bytes, not"):
        Article.from_html(html)


@pytest.mark.parametrize(
    ("given", "language"),
    [
        ("eng", "en"),
        ("English", "en"),
        ("ger", "de"),
        ("deu-AT", "de-AT"),
        ("GERMAN", "de"),
        ("fre_CA", "fr_CA"),
        ("en-GB", "en-GB"),
        ("frr", "frr"),
        ("xx", "xx"),
    ],
)
def test_longer_codes_and_names_of_languages_mean_the_short_code(given: str, language: str) -> None:
    assert Article.from_text("Es regnet.", language=given).language == language
    assert Article.from_text("Es regnet.").with_metadata(language=given).language == language


@pytest.mark.parametrize("given", ["de", "deu", "ger", "German"])
def test_longer_codes_choose_the_words_of_the_language(given: str) -> None:
    text = "„Die Brücke muss weg“, sagte Anna Berg. Tomas Lind sagte, eine Reparatur sei billiger."
    assert read(Article.from_text(text, language=given)).language == "de"
