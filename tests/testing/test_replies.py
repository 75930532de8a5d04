"""Generated replies are valid for any article and have the requested positions."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from summarizer import Article, ArticleError, Brief, Request, ScriptedModel, Summarizer, summarize
from summarizer.article import read
from summarizer.attribution import analyse
from summarizer.engines import ExtractionContext, first_request, load_prompts, split_into_chunks
from summarizer.engines.llm.parsing import parse_extraction
from summarizer.errors import ConfigurationError
from summarizer.testing import CallbackModel, replies_for, reply_for
from summarizer.verification import ground
from tests.article.texts import texts

pytestmark = pytest.mark.slow

TEXT = """Council splits over the old bridge

“The bridge must go,” said Anna Berg, the town’s chief engineer. “Repairs would cost 4.5 million crowns.”

Tomas Lind said that a repair may cost less. “The bridge must go on,” he added.

Who will pay for the detour?
"""
LONG = "Bridge must go\n\n" + "\n\n".join(
    f"“The council must meet {n} times,” Anna Berg said. Tomas Lind said that nobody came on day {n}."
    for n in range(40)
)


def positions_of(brief: Brief) -> list[tuple[list[str | None], str, str, int]]:
    """Return holders, statement, stance and last sentence of each position: one that names the speaker may be added."""
    return [
        (
            [brief.holder(name).name for name in each.holders],
            each.statement,
            each.stance,
            each.evidence[-1].sentence,
        )
        for each in brief.positions
    ]


# The article's own positions


def test_first_test_of_a_user_takes_three_lines() -> None:
    model = ScriptedModel(reply_for(TEXT))
    brief = summarize(TEXT, model=model)
    assert brief.positions


def test_default_reply_gives_the_brief_of_the_builtin_engine() -> None:
    brief = summarize(TEXT, model=ScriptedModel(reply_for(TEXT)))
    builtin = summarize(TEXT, model="builtin")
    assert positions_of(brief) == positions_of(builtin)
    assert [each.question for each in brief.open_questions] == ["Who will pay for the detour?"]
    assert (brief.rejected, brief.provenance.repairs) == ((), 0)
    assert brief.gist == builtin.gist


def test_text_path_and_article_give_the_same_reply(tmp_path: Path) -> None:
    path = tmp_path / "bridge.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert reply_for(path) == reply_for(Article.from_file(path)) == reply_for(TEXT)


def test_empty_article_is_an_article_error() -> None:
    with pytest.raises(ArticleError, match="empty"):
        reply_for(" ")


def assert_reply_is_valid(article: Article, *, clean: bool) -> None:
    """Assert that the reply for an article grounds without problems, as a whole and chunk by chunk."""
    try:
        reading = read(article, clean=clean)
    except ArticleError:
        return
    held = ExtractionContext(reading, analyse(reading))
    (whole,) = split_into_chunks(reading, chunk_tokens=1_000_000)
    extraction, problems = parse_extraction(reply_for(article, clean=clean).model_dump_json())
    assert extraction is not None
    assert (problems, ground(extraction, whole.sentences, held).problems) == ((), ())
    answer, prompts = replies_for(article, clean=clean), load_prompts()
    for place in range(min(len(whole.sentences), 4)):
        part = type(whole)(whole.sentences[place : place + 2], whole.lines[place : place + 2])
        request = first_request(part, held, prompts)
        assert ground(answer(request), part.sentences, held).problems == ()


@given(texts)
@settings(max_examples=100)
def test_reply_is_valid_for_any_readable_text(text: str) -> None:
    assert_reply_is_valid(Article.from_text(text), clean=True)


@given(texts)
@settings(max_examples=30)
def test_reply_is_valid_without_cleaning(text: str) -> None:
    assert_reply_is_valid(Article.from_text(text), clean=False)


@pytest.mark.parametrize("name", ["harbour-interview", "reservoir-brief", "ukraine-nato-offer"])
def test_reply_is_valid_for_long_articles(seeds: Path, name: str) -> None:
    assert_reply_is_valid(Article.from_file(seeds / f"{name}.txt"), clean=True)


# Positions and questions in words of the article


def test_tuple_gives_holder_phrase_and_stance() -> None:
    reply = reply_for(TEXT, [("Anna Berg", "The bridge must go", "agrees"), ("Tomas Lind", "may cost less")])
    brief = summarize(TEXT, model=ScriptedModel(reply))
    assert positions_of(brief) == [
        (["Anna Berg"], "The bridge must go.", "agrees", 2),
        (["Tomas Lind"], "May cost less.", "unclear", 4),
    ]


def test_default_issue_is_that_of_the_builtin_engine() -> None:
    (expected,) = summarize(TEXT, model="builtin").issues
    (issue,) = reply_for(TEXT, [("Anna Berg", "The bridge must go", "agrees")]).issues
    assert issue.proposition == expected.proposition


def test_default_issue_of_an_article_without_a_dispute_is_the_headline() -> None:
    text = "A day at the town hall\n\n“It is late,” said Anna Berg on Monday."
    (issue,) = reply_for(text, [("Anna Berg", "It is late", "agrees")]).issues
    assert issue.proposition == "A day at the town hall"


def test_positions_share_one_issue() -> None:
    reply = reply_for(
        TEXT, [("Anna Berg", "must go", "agrees"), ("Tomas Lind", "cost less", "disagrees")], issue="It should go."
    )
    assert [issue.proposition for issue in reply.issues] == ["It should go."]
    assert {position.issue for position in reply.positions} == {reply.issues[0].id}


def test_phrase_in_several_sentences_means_the_one_by_its_holder() -> None:
    reply = reply_for(TEXT, [("Tomas Lind", "The bridge must go"), ("Anna Berg", "The bridge must go")])
    assert [position.sentences for position in reply.positions] == [(5,), (2,)]


def test_holder_has_the_role_from_the_article() -> None:
    (holder,) = reply_for(TEXT, [("Anna Berg", "must go")]).holders
    assert holder.role is not None
    assert "engineer" in holder.role


def test_holder_none_is_the_author() -> None:
    brief = summarize(TEXT, model=ScriptedModel(reply_for(TEXT, [(None, "Who will pay")])))
    assert [(holder.name, holder.kind) for holder in brief.holders] == [(None, "author")]


def test_empty_positions_give_an_empty_brief() -> None:
    brief = summarize(TEXT, model=ScriptedModel(reply_for(TEXT, [])))
    assert (brief.positions, brief.holders) == ((), ())


def test_question_is_found_by_a_phrase() -> None:
    reply = reply_for(TEXT, [], questions=["a repair may cost less", "Who will pay"])
    assert [(each.sentences, each.origin) for each in reply.open_questions] == [((4,), "implied"), ((6,), "asked")]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ([("Anna Berg", "must went")], r"The phrase 'must went' is in no sentence .* nearest is sentence 2: “The br"),
        ([("Ana Berg", "must go")], r"The name 'Ana Berg' is not in the article\. It names Anna Berg\."),
        ([("Anna Berg", "must go", "agree")], r"Unknown stance 'agree'\. Use one of agrees, disagrees,"),
        ([("Anna Berg",)], r"A position is a tuple \(holder, phrase, stance\), not \('Anna Berg',\)"),
        ([("Anna Berg", "must go", "agrees", None)], "A position is a tuple"),
        (("Anna Berg", "must go"), r"A position is a tuple \(holder, phrase, stance\), not 'Anna Berg'"),
        ("Anna Berg", "Pass positions and questions as lists, not 'Anna Berg'"),
        ([("Anna Berg", " ")], "A phrase is given in words of the article, not ' '"),
        ([("Anna Berg", None)], "A phrase is given in words of the article, not None"),
        ([(5, "must go")], "The name 5 is not in the article"),
        ([("Anna Berg", "chief engineer. “Repairs")], "is in no sentence"),
    ],
)
def test_position_that_does_not_match_the_article_is_an_error(said: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        reply_for(TEXT, said)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"questions": ["Who will play"]}, "The phrase 'Who will play' is in no sentence"),
        ({"questions": "Who will pay"}, "Pass positions and questions as lists"),
        ({"questions": [3]}, "A phrase is given in words of the article, not 3"),
        ({"issue": "It should go."}, "pass positions too"),
    ],
)
def test_other_options_that_do_not_match_are_an_error(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        reply_for(TEXT, **options)


# Several chunks, several articles


def test_reply_for_a_chunk_has_the_claims_of_its_sentences() -> None:
    model = CallbackModel(replies_for(LONG))
    brief = summarize(LONG, model=model, chunk_tokens=200)
    assert len(model.requests) > 5
    assert positions_of(brief) == positions_of(summarize(LONG, model=ScriptedModel(reply_for(LONG))))
    assert (brief.rejected, brief.provenance.repairs) == ((), 0)
    assert len(brief.positions) == 80


@pytest.mark.parametrize("concurrency", [1, 4])
def test_one_scripted_reply_for_several_chunks_is_an_error_with_a_hint(concurrency: int) -> None:
    model = ScriptedModel(reply_for(LONG))
    with pytest.raises((AssertionError, ExceptionGroup)) as caught:
        summarize(LONG, model=model, chunk_tokens=200, chunk_concurrency=concurrency)
    assert "CallbackModel(replies_for(article)) gives them." in str(caught.value)


def test_overlapping_chunks_give_the_same_brief() -> None:
    brief = summarize(LONG, model=CallbackModel(replies_for(LONG)), chunk_tokens=200, overlap=2)
    assert positions_of(brief) == positions_of(
        summarize(LONG, model=CallbackModel(replies_for(LONG)), chunk_tokens=200)
    )


def test_one_model_answers_about_several_articles(seeds: Path) -> None:
    paths = [seeds / "harbour-interview.txt", seeds / "reservoir-brief.txt"]
    with Summarizer(model=CallbackModel(replies_for(*paths, TEXT))) as summarizer:
        briefs = [summarizer.summarize(each) for each in (*paths, TEXT)]
    assert [positions_of(brief) for brief in briefs] == [
        positions_of(summarize(each, model="builtin")) for each in (*paths, TEXT)
    ]


def test_position_is_returned_in_the_chunk_with_its_phrase() -> None:
    answer = replies_for(LONG, positions=[("Anna Berg", "meet 3 times"), ("Anna Berg", "meet 37 times")], questions=[])
    brief = summarize(LONG, model=CallbackModel(answer), chunk_tokens=200)
    assert [position.statement for position in brief.positions] == ["Meet 3 times.", "Meet 37 times."]


def test_position_of_the_wrong_holder_is_kept_and_flagged() -> None:
    answer = replies_for(TEXT, positions=[("Tomas Lind", "chief engineer")])
    brief = summarize(TEXT, model=CallbackModel(answer))
    assert [position.checks.speaker for position in brief.positions] == ["contradicted"]


def test_request_about_another_article_is_an_error() -> None:
    with pytest.raises(AssertionError, match="about an article that was not passed"):
        summarize(TEXT + "\nMore.", model=CallbackModel(replies_for(TEXT)))


def test_request_without_an_article_is_an_error(request_: Request) -> None:
    with pytest.raises(AssertionError, match="holds no article"):
        replies_for(TEXT)(request_)


@pytest.mark.parametrize("articles", [(), (TEXT, LONG)])
def test_options_need_exactly_one_article(articles: tuple[str, ...]) -> None:
    with pytest.raises(ConfigurationError, match="describe one article"):
        replies_for(*articles, positions=[])
