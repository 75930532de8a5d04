"""Replies made of an article: they stand, whatever the article, and say what they were told to."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from summarizer import Article, ArticleError, Brief, Request, ScriptedModel, Summarizer, summarize
from summarizer.article import read, split_into_chunks
from summarizer.attribution import analyse
from summarizer.engines.llm import extraction_steps, load_prompts
from summarizer.engines.llm.parsing import parse
from summarizer.errors import ConfigurationError
from summarizer.testing import CallbackModel, Says, reply_for, replying
from summarizer.verification import GroundingContext, ground
from tests.article.texts import texts

TEXT = """Council splits over the old bridge

“The bridge must go,” said Anna Berg, the town’s chief engineer. “Repairs would cost 4.5 million crowns.”

Tomas Lind said that a repair may cost less. “The bridge must go on,” he added.

Who will pay for the detour?
"""
LONG = "Bridge must go\n\n" + "\n\n".join(
    f"“The council must meet {n} times,” Anna Berg said. Tomas Lind said that nobody came on day {n}."
    for n in range(40)
)


def of(brief: Brief) -> list[tuple[list[str | None], str, str, list[int]]]:
    """Who holds what, with which stance, on which sentences."""
    return [
        (
            [brief.holder(name).name for name in each.holders],
            each.statement,
            each.stance,
            [evidence.sentence for evidence in each.evidence],
        )
        for each in brief.positions
    ]


# The article's own


def test_the_first_test_of_a_user_is_three_lines() -> None:
    model = ScriptedModel(reply_for(TEXT))
    brief = summarize(TEXT, model=model)
    assert brief.positions


def test_it_says_what_the_article_says_of_whom() -> None:
    brief = summarize(TEXT, model=ScriptedModel(reply_for(TEXT)))
    builtin = summarize(TEXT, model="builtin")
    assert of(brief) == of(builtin)
    assert [each.question for each in brief.open_questions] == ["Who will pay for the detour?"]
    assert (brief.rejected, brief.provenance.repairs) == ((), 0)
    assert brief.gist == builtin.gist


def test_it_takes_whatever_an_article_can_be_given_as(tmp_path: Path) -> None:
    path = tmp_path / "bridge.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert reply_for(path) == reply_for(Article.from_file(path)) == reply_for(TEXT)


def test_what_cannot_be_read_is_the_error_that_summarize_raises() -> None:
    with pytest.raises(ArticleError, match="empty"):
        reply_for(" ")


def standing(article: Article, *, clean: bool) -> None:
    """Assert that a reply for this article stands: all of it, and its part in each of many chunks."""
    try:
        reading = read(article, clean=clean)
    except ArticleError:
        return
    held = GroundingContext.of(reading, analyse(reading))
    (whole,) = split_into_chunks(reading, chunk_tokens=1_000_000)
    extraction, problems = parse(reply_for(article, clean=clean).model_dump_json())
    assert extraction is not None
    assert (problems, ground(extraction, whole, held).problems) == ((), ())
    answer, prompts = replying(article, clean=clean), load_prompts()
    for place in range(min(len(whole.sentences), 4)):
        part = type(whole)(whole.sentences[place : place + 2], whole.lines[place : place + 2])
        request = next(extraction_steps(part, held, prompts))
        assert ground(answer(request), part, held).problems == ()


@given(texts)
@settings(max_examples=100)
def test_it_stands_for_any_text_that_can_be_read(text: str) -> None:
    standing(Article.from_text(text), clean=True)


@given(texts)
@settings(max_examples=30)
def test_it_stands_where_nothing_is_cut(text: str) -> None:
    standing(Article.from_text(text), clean=False)


@pytest.mark.parametrize("name", ["harbour-interview", "reservoir-brief", "ukraine-nato-offer"])
def test_it_stands_for_whole_articles(seeds: Path, name: str) -> None:
    standing(Article.from_file(seeds / f"{name}.txt"), clean=True)


# Said in words


def test_a_tuple_says_who_holds_what_by_a_phrase_of_the_article() -> None:
    reply = reply_for(TEXT, [("Anna Berg", "The bridge must go", "agrees"), ("Tomas Lind", "may cost less")])
    brief = summarize(TEXT, model=ScriptedModel(reply))
    assert of(brief) == [
        (["Anna Berg"], "The bridge must go.", "agrees", [2]),
        (["Tomas Lind"], "May cost less.", "unclear", [4]),
    ]
    assert [issue.proposition for issue in brief.issues] == ["Council splits over the old bridge."]


def test_everything_about_a_position_can_be_said() -> None:
    says = Says(
        holder=("Anna Berg", "Tomas Lind"),
        phrase="4.5 million",
        stance="disagrees",
        issue="The bridge should be repaired.",
        statement="A repair of 4.5 million is too dear.",
        certainty="hedged",
        reported_by="Anna Berg",
    )
    brief = summarize(TEXT, model=ScriptedModel(reply_for(TEXT, [says], questions=[], gist="A bridge is discussed.")))
    (position,) = brief.positions
    assert of(brief) == [(["Anna Berg", "Tomas Lind"], says.statement, "disagrees", [3])]
    assert brief.holder(position.reported_by or "").name == "Anna Berg"
    assert (position.certainty, position.evidence[0].phrases[0].text) == ("hedged", "4.5 million")
    assert [(issue.id, issue.proposition) for issue in brief.issues] == [(position.issue, says.issue)]
    assert brief.open_questions == ()
    assert brief.gist is not None
    assert brief.gist.text == "A bridge is discussed."


def test_people_who_share_an_issue_take_stances_on_one() -> None:
    reply = reply_for(
        TEXT, [("Anna Berg", "must go", "agrees"), ("Tomas Lind", "cost less", "disagrees")], issue="It should go."
    )
    assert [issue.proposition for issue in reply.issues] == ["It should go."]
    assert {position.issue for position in reply.positions} == {reply.issues[0].id}


def test_a_phrase_in_several_sentences_is_meant_where_its_holder_says_it() -> None:
    reply = reply_for(TEXT, [("Tomas Lind", "The bridge must go"), ("Anna Berg", "The bridge must go")])
    assert [position.sentences for position in reply.positions] == [(5,), (2,)]


def test_a_holder_is_given_the_role_that_the_article_gives() -> None:
    (holder,) = reply_for(TEXT, [("Anna Berg", "must go")]).holders
    assert holder.role is not None
    assert "engineer" in holder.role


def test_the_author_holds_what_nobody_is_named_for() -> None:
    brief = summarize(TEXT, model=ScriptedModel(reply_for(TEXT, [(None, "Who will pay")])))
    assert [(holder.name, holder.kind) for holder in brief.holders] == [(None, "author")]


def test_no_positions_are_a_reply_too() -> None:
    brief = summarize(TEXT, model=ScriptedModel(reply_for(TEXT, [])))
    assert (brief.positions, brief.holders) == ((), ())


def test_a_question_is_given_by_words_of_its_sentence() -> None:
    reply = reply_for(TEXT, [], questions=["a repair may cost less", "Who will pay"])
    assert [(each.sentences, each.origin) for each in reply.open_questions] == [((4,), "implied"), ((6,), "asked")]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ([("Anna Berg", "must went")], r"The words 'must went' stand in no sentence .* nearest is sentence 2: “The br"),
        ([("Ana Berg", "must go")], r"The name 'Ana Berg' does not stand in the article\. It names Anna Berg\."),
        ([("Anna Berg", "must go", "agree")], r"There is no stance 'agree'\. It is one of agrees, disagrees,"),
        ([Says("Anna Berg", "must go", certainty="sure")], "There is no certainty 'sure'"),  # type: ignore[arg-type]
        ([Says("Anna Berg", "must go", statement="It costs 9 crowns.")], "the figure 9 stands neither in the"),
        ([Says("Anna Berg", "must go", statement="\u200b")], "This cannot be the statement of a reply"),
        ([("Anna Berg",)], "A position takes holder, phrase, stance and issue; this does not fit"),
        ([("Anna Berg", "must go", "agrees", None, "a", "asserted", None, 8)], "this does not fit"),
        (("Anna Berg", "must go"), r"a tuple \(holder, phrase, stance, issue\), not 'Anna Berg'"),
        ("Anna Berg", "given as a list; this is one alone: 'Anna Berg'"),
        (Says("Anna Berg", "must go"), "given as a list; this is one alone"),
        ([("Anna Berg", " ")], "A phrase is given as words of the article, not ' '"),
        ([("Anna Berg", None)], "A phrase is given as words of the article, not None"),
        ([(5, "must go")], "A holder is named as in the article, not 5"),
        ([("Anna Berg", "chief engineer. “Repairs")], "stand in no sentence"),
    ],
)
def test_what_does_not_stand_in_the_article_is_an_error_that_says_what(said: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        reply_for(TEXT, said)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"questions": ["Who will play"]}, "The words 'Who will play' stand in no sentence"),
        ({"questions": "Who will pay"}, "given as a list"),
        ({"questions": [3]}, "A question is given as words of the article, not 3"),
        ({"gist": "It costs 77 crowns."}, "the figure 77 does not stand"),
        ({"issue": "It should go."}, "give the positions too"),
    ],
)
def test_so_it_is_with_what_is_not_a_position(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        reply_for(TEXT, **options)


# Several chunks, several articles


def test_each_request_is_answered_with_what_lies_in_its_sentences() -> None:
    model = CallbackModel(replying(LONG))
    brief = summarize(LONG, model=model, chunk_tokens=200)
    assert len(model.requests) > 5
    assert of(brief) == of(summarize(LONG, model=ScriptedModel(reply_for(LONG))))
    assert (brief.rejected, brief.provenance.repairs) == ((), 0)
    assert len(brief.positions) == 80


@pytest.mark.parametrize("concurrency", [1, 4])
def test_a_single_reply_about_all_of_them_is_an_error_that_says_what_to_use(concurrency: int) -> None:
    model = ScriptedModel(reply_for(LONG))
    with pytest.raises((AssertionError, ExceptionGroup)) as caught:
        summarize(LONG, model=model, chunk_tokens=200, chunk_concurrency=concurrency)
    assert "CallbackModel(replying(article)) gives them." in str(caught.value)


def test_chunks_that_overlap_give_the_same() -> None:
    brief = summarize(LONG, model=CallbackModel(replying(LONG)), chunk_tokens=200, overlap=2)
    assert of(brief) == of(summarize(LONG, model=CallbackModel(replying(LONG)), chunk_tokens=200))


def test_one_model_answers_about_several_articles(seeds: Path) -> None:
    paths = [seeds / "harbour-interview.txt", seeds / "reservoir-brief.txt"]
    with Summarizer(model=CallbackModel(replying(*paths, TEXT))) as summarizer:
        briefs = [summarizer.summarize(each) for each in (*paths, TEXT)]
    assert [of(brief) for brief in briefs] == [of(summarize(each, model="builtin")) for each in (*paths, TEXT)]


def test_what_is_said_in_words_is_said_in_the_chunk_that_has_it() -> None:
    answer = replying(LONG, positions=[("Anna Berg", "meet 3 times"), ("Anna Berg", "meet 37 times")], questions=[])
    brief = summarize(LONG, model=CallbackModel(answer), chunk_tokens=200)
    assert [position.statement for position in brief.positions] == ["Meet 3 times.", "Meet 37 times."]


def test_a_claim_about_the_wrong_person_is_kept_and_flagged() -> None:
    answer = replying(TEXT, positions=[("Tomas Lind", "chief engineer")])
    brief = summarize(TEXT, model=CallbackModel(answer))
    assert [position.checks.speaker for position in brief.positions] == ["contradicted"]


def test_a_request_about_another_text_is_an_error_that_says_so() -> None:
    with pytest.raises(AssertionError, match="about another text than those that replying"):
        summarize(TEXT + "\nMore.", model=CallbackModel(replying(TEXT)))


def test_a_request_without_an_article_is_an_error_that_says_so(request_: Request) -> None:
    with pytest.raises(AssertionError, match="holds no article"):
        replying(TEXT)(request_)


@pytest.mark.parametrize("articles", [(), (TEXT, LONG)])
def test_words_are_said_of_one_article(articles: tuple[str, ...]) -> None:
    with pytest.raises(ConfigurationError, match="about one article"):
        replying(*articles, positions=[])
