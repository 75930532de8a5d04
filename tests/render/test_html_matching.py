"""The check that a brief and an article belong together."""

import json

import pytest

from summarizer import Article, Brief
from summarizer.errors import BriefError
from summarizer.render import to_html

from .pages import bridge


def test_other_article_is_refused_with_both_hashes() -> None:
    brief, article = bridge()
    other = Article.from_text(article.text + " ")
    with pytest.raises(BriefError) as caught:
        to_html(brief, other)
    assert article.sha256 in str(caught.value)
    assert other.sha256 in str(caught.value)


def test_article_with_a_false_hash_is_refused() -> None:
    brief, article = bridge()
    with pytest.raises(BriefError, match="belongs to another text"):
        to_html(brief, article.model_copy(update={"text": "Something else."}))


@pytest.mark.parametrize("where", ["quote", "spans", "phrase"])
def test_quotation_that_differs_from_the_article_is_refused(where: str) -> None:
    brief, article = bridge()
    stored = json.loads(brief.model_dump_json())
    evidence = stored["positions"][0]["evidence"][0]
    if where == "quote":
        evidence["quote"] = "The bridge may stay."
    elif where == "spans":
        evidence["spans"] = [[-40, -1]]
    else:
        evidence["phrases"][0]["text"] = "must stay"
    with pytest.raises(BriefError, match="quotation of sentence 3 differs"):
        to_html(Brief.from_json(json.dumps(stored)), article)


@pytest.mark.parametrize("number", [2, 4, 5, 99])
def test_repeated_or_unordered_sentence_number_is_refused(number: int) -> None:
    brief, article = bridge()
    stored = json.loads(brief.model_dump_json())
    stored["positions"][0]["evidence"][0]["sentence"] = number
    with pytest.raises(BriefError, match="its sentence numbers"):
        to_html(Brief.from_json(json.dumps(stored)), article)
