"""Changes of position: by statements on both sides, or by a sentence that tells of one."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer import Dossier, Store
from summarizer.attribution import add_language
from summarizer.brief import Stance
from summarizer.dossier import Change
from summarizer.dossier.changes import Point, Telling, find_changes
from summarizer.dossier.issue_words import IssueWords, beginnings_of
from summarizer.dossier.told_matters import read_matter
from summarizer.dossier.turns import (
    Citing,
    HolderForms,
    Sentence,
    find_positions_without_side,
    find_turns,
    is_conditional,
)
from summarizer.render import dossier_to_html, dossier_to_markdown

from .briefs import Held, make_brief

ROOT = Path(__file__).parents[2]
TOLL = "A toll should be charged on the harbour bridge."
HILL = HolderForms(1, "person", ("Jane Hill",))
SIDES = {"+": "agrees", "-": "disagrees", "~": "mixed", "?": "unclear"}


def changes(*articles: str | tuple[str, str]) -> list[Change]:
    """Return the changes of Jane Hill in articles, each "+" or "-", or that and the words of her statement."""
    points, tellings = [], []
    for number, article in enumerate(articles, 1):
        sides, words = article if isinstance(article, tuple) else (article, "")
        day = f"2026-{number:02}-01"
        for side in sides if not is_conditional(words, "en") else "":
            points.append(Point(number, number, day, SIDES[side]))  # type: ignore[arg-type]
        for turn in find_turns([Sentence(1, words, 0)], [HILL], [Citing(number, (1,), frozenset({1}))], "en"):
            told = turn.kind, turn.to_stance, turn.quotation, turn.context
            tellings.append(Telling(*told, number, day, turn.position))
    return list(find_changes("jane-hill", {"x": points}, tellings, IssueWords({"x": beginnings_of(TOLL)})))


@pytest.mark.parametrize(
    ("articles", "turns"),
    [
        ("++--", ["disagrees"]),
        ("--++", ["agrees"]),
        ("---+++++", ["agrees"]),
        ("++~?--", ["disagrees"]),
        ("++--++", ["disagrees", "agrees"]),
        ("+++-++", []),
        ("++-", []),
        ("+--", []),
        ("+-+-+-", []),
        ("++-+--", ["disagrees"]),
    ],
)
def test_a_change_needs_two_articles_on_each_side(articles: str, turns: Sequence[str]) -> None:
    assert [each.to_stance for each in changes(*articles)] == turns


def test_statements_of_one_article_count_once() -> None:
    assert changes("+", "+", "---") == []


def test_a_change_has_the_last_statement_before_and_the_first_after() -> None:
    dossier = Dossier(
        [
            make_brief(f"2026-0{n}-01", [("Jane Hill", TOLL, SIDES[side], f"Words {n}.")])
            for n, side in enumerate("++--", 1)
        ]
    )
    (change,) = dossier.changes
    details = dossier.details([change.before, change.after])
    assert [each.quotation for each in details.values()] == ["Words 2.", "Words 3."]
    assert (change.explicit, change.said, change.confidence) == (False, None, 0.7)


def test_an_exception_makes_a_change_less_sure() -> None:
    assert changes(*"++-+---")[0].confidence < changes(*"++++---")[0].confidence


@pytest.mark.parametrize(
    "words",
    [
        "Jane Hill has dropped her opposition to the toll.",
        "Jane Hill has dropped her long-held stand against the toll.",
        "Jane Hill, who leads the council, now says that the toll must come.",
        "Jane Hill said she had been wrong about the toll on the bridge.",
        "“I was wrong,” Jane Hill said of the toll.",
        "Jane Hill has changed her mind about the bridge.",
        "Jane Hill once opposed the toll but now calls it fair.",
        "Jane Hill no longer opposes the toll.",
        "Jane Hill has reversed her position on the harbour bridge.",
        "Jane Hill conceded that she was wrong about the toll.",
        "Jane Hill has had a change of heart over the bridge.",
        "Jane Hill, until recently a critic of the toll, welcomed it.",
        "Jane Hill is no longer opposed to the toll.",
        "Jane Hill said her opposition had been a mistake.",
        "Jane Hill, once an opponent of the toll, praised it.",
        "Jane Hill, a former critic, said the toll must come.",
        "Jane Hill, who had previously opposed the toll, voted for it.",
        "“I got this wrong,” said Jane Hill of the toll.",
        "“We used to oppose the toll,” Jane Hill said. “We were mistaken.”",
        "Jane Hill has come around to the idea of a toll.",
        "Jane Hill has come round to the toll.",
        "Jane Hill has abandoned her refusal to pay the toll.",
        "Jane Hill announced that she was abandoning her fight against the toll.",
        "Jane Hill conceded that her resistance to the toll had been a mistake.",
        "Jane Hill said that she could no longer oppose the toll.",
        "“I used to be against the toll,” Jane Hill said.",
        "“I was wrong to fight the toll,” Jane Hill said.",
        "Jane Hill said she had got the toll wrong.",
        "Jane Hill, once the toll’s fiercest critic, now says that it is fair.",
        "Jane Hill, who for months fought the toll, said she would now vote for it.",
        "After months of opposing the toll, Jane Hill said she would support it.",
    ],
)
def test_one_sentence_that_tells_of_a_change_is_enough(words: str) -> None:
    (change,) = changes("-", ("+", words))
    assert (change.from_stance, change.to_stance, change.explicit) == ("disagrees", "agrees", True)
    assert change.said == words


@pytest.mark.parametrize(
    "words",
    [
        "Jane Hill has not changed her mind about the toll.",
        "Jane Hill denied that she had changed her mind.",
        "If Jane Hill has changed her mind, nobody noticed.",
        "“I was wrong, and the moon is cheese,” Jane Hill joked.",
        "Jane Hill would back the toll if the ferry were free.",
        "The chair of Jane Hill’s party has dropped his opposition.",
        "Jane Hill said the toll must come.",
        "Jane Hill no longer wants to talk about the toll.",
        "Jane Hill came round to the harbour on Monday.",
        "Nobody knows whether Jane Hill has changed her mind.",
        "Tom Reed urged Jane Hill to change her mind.",
        "Jane Hill said Tom Reed was wrong about the toll.",
        "Jane Hill said nobody had changed her mind about the toll.",
        "Jane Hill said the mayor had changed his mind about the toll.",
        "Jane Hill said that the head of the port had been wrong about the toll.",
    ],
)
def test_denied_joking_and_conditional_words_are_no_change(words: str) -> None:
    assert changes("-", ("+", words)) == []


FALK, LENZ = HolderForms(1, "person", ("Ida Falk", "Falk")), HolderForms(2, "person", ("Otto Lenz", "Lenz"))


def _read(*texts: str, speaker: int = 1) -> tuple[list[str], list[int]]:
    """Return the kinds of the turns in an article of 2026, and whether its first sentence is on no side."""
    sentences = [Sentence(number, text, 0) for number, text in enumerate(texts, 1)]
    content = sentences, [FALK, LENZ], [Citing(5, (speaker,), frozenset({1}))], "en", 2026
    return [turn.kind for turn in find_turns(*content)], list(find_positions_without_side(*content))


@pytest.mark.parametrize(
    "denial",
    [
        "Falk called the claim a lie.",
        "Falk rejected the accusation.",
        "“That is not true,” she said.",
        "She has not, her office said.",
        "She said she still supports the dam.",
        "Falk denied it.",
    ],
)
def test_a_change_that_is_denied_next_is_none(denial: str) -> None:
    assert _read("Ida Falk has dropped her support for the dam.", denial)[0] == []
    assert _read("Ida Falk has dropped her support for the dam.", "It rained.", denial)[0] == []


@pytest.mark.parametrize(
    "words",
    [
        "“It is wrong,” she said.",
        "Lenz still supports it.",
        "She called the report convincing.",
        "He denied it was late.",
    ],
)
def test_other_words_after_a_change_do_not_deny_it(words: str) -> None:
    assert _read("Ida Falk has dropped her support for the dam.", words)[0] == ["turn"]


@pytest.mark.parametrize(
    ("words", "speaker", "kinds"),
    [
        ("Otto Lenz said that Ida Falk has dropped her support for the dam.", 2, ["now"]),
        ("“Falk has dropped her support for the dam,” Lenz said.", 2, ["now"]),
        ("Critics claim that Falk has abandoned her opposition to the dam.", 2, ["now"]),
        ("Ida Falk said that she has dropped her support for the dam.", 1, ["turn"]),
        ("Falk is expected to abandon her opposition to the dam.", 1, []),
        ("Falk has reportedly dropped her support for the dam.", 1, []),
        ("Lenz accused Falk of abandoning her opposition to the dam.", 1, []),
    ],
)
def test_what_others_say_of_a_change_tells_less(words: str, speaker: int, kinds: list[str]) -> None:
    assert _read(words, speaker=speaker)[0] == kinds


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("In 2019, Ida Falk dropped her opposition to the dam.", []),
        ("Ten years ago Ida Falk changed her mind about the dam.", []),
        ("Ida Falk dropped her opposition to the dam in the spring of 2019.", []),
        ("In 2019 she fought the dam, but now Ida Falk has dropped her opposition.", ["turn"]),
        ("Ida Falk, who voted for the dam in 2019, has dropped her support for it.", ["turn"]),
        ("Ida Falk admitted that she had been wrong in 2019.", ["turn"]),
        ("“I was wrong in 2019,” Ida Falk said.", ["turn"]),
        ("In February 2026, Ida Falk dropped her opposition to the dam.", ["turn"]),
    ],
)
def test_a_change_of_an_earlier_year_is_none_of_the_article(words: str, kinds: list[str]) -> None:
    assert _read(words)[0] == kinds


@pytest.mark.parametrize(
    ("words", "is_on_no_side"),
    [
        ("Ida Falk wrote in 2011: “I support the dam.”", True),
        ("Ida Falk said ten years ago that she supports the dam.", True),
        ("Ida Falk said that her party opposes the dam.", True),
        ("Ida Falk said that her husband was against the dam.", True),
        ("Ida Falk said that people who say “the dam is right” have not read the plan.", True),
        ("“Then I am all for the dam,” Ida Falk laughed.", True),
        ("“Sure, the dam is right. And pigs might fly,” Ida Falk said.", True),
        ("Ida Falk said in March 2026 that she supports the dam.", False),
        ("Ida Falk said that the dam, drawn in 2011, is right.", False),
        ("Ida Falk told her party that the dam is right.", False),
    ],
)
def test_old_words_jokes_and_the_views_of_others_are_on_no_side(words: str, *, is_on_no_side: bool) -> None:
    assert bool(_read(words)[1]) is is_on_no_side


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Jane Hill said that the toll should not be raised.", []),
        ("Jane Hill said that a higher toll would be wrong.", []),
        ("Jane Hill said that the toll is wrong.", ["disagrees"]),
    ],
)
def test_more_or_less_of_a_thing_is_another_matter(words: str, found: list[str]) -> None:
    sides = ("agrees", "agrees", "disagrees", "disagrees")
    held: list[list[Held]] = [
        [("Jane Hill", TOLL, side, words if side == "disagrees" else "The toll is right.")] for side in sides
    ]
    dossier = Dossier([make_brief(f"2026-0{number}-01", each) for number, each in enumerate(held, 1)])
    assert [change.to_stance for change in dossier.changes] == found
    assert dossier.contradictions == ()


def test_now_says_needs_an_earlier_statement_on_the_other_side() -> None:
    assert changes(("+", "Jane Hill now says that the toll must come.")) == []
    assert changes("+", ("+", "Jane Hill now says that the toll must come.")) == []


def test_words_that_tell_the_direction_need_no_stance() -> None:
    (change,) = changes("?", ("?", "Jane Hill has dropped her opposition to the toll."))
    assert (change.to_stance, change.explicit, change.confidence) == ("agrees", True, 0.6)


@pytest.mark.parametrize(
    ("side", "words"),
    [
        ("disagrees", "Ada Moss has dropped her opposition to the dam."),
        ("disagrees", "Ada Moss no longer opposes the dam."),
        ("disagrees", "Ada Moss has reversed her position on the dam."),
        ("agrees", "Ada Moss has withdrawn her support for the dam."),
        ("agrees", "Ada Moss has withdrawn her support."),
        ("disagrees", "Ada Moss has dropped her opposition, the council announced."),
    ],
)
def test_a_told_change_needs_no_later_statement_on_the_issue(side: Stance, words: str) -> None:
    held: list[list[Held]] = [
        [("Ada Moss", "The dam should be built.", side, "That is what the valley needs.")],
        [("Ada Moss", "The dam should be built.", side, "Nothing else will help.")],
        [("Ada Moss", "", "unclear", "The weather is fine."), ("Ben Cole", "", "unclear", words)],
    ]
    (change,) = Dossier([make_brief(f"2026-0{number}-01", each) for number, each in enumerate(held, 1)]).changes
    assert (change.actor, change.from_stance, change.said) == ("ada-moss", side, words)


@pytest.mark.parametrize(
    ("words", "proposition", "before", "after"),
    [
        ("“I have changed my mind: the quarry road should not be built,” Moss said.", "Lorries need a way out.", 1, -1),
        ("“I have changed my mind: the quarry road should be built,” Moss said.", "Lorries need a way out.", -1, 1),
        (
            "“I have changed my mind: the quarry road should be built,” Moss said.",
            "Lorries can stay where they are.",
            1,
            -1,
        ),
    ],
)
def test_a_told_change_is_on_the_issue_of_what_the_actor_said_before(
    words: str, proposition: str, before: int, after: int
) -> None:
    names: dict[int, Stance] = {1: "agrees", -1: "disagrees"}
    is_for = "not " not in words
    earlier = f"The quarry road should {'not ' if is_for else ''}be built, Moss said."
    held: list[list[Held]] = [
        [("Ada Moss", proposition, names[before], earlier)],
        [("Ada Moss", "", "unclear", words), ("Ben Cole", "", "unclear", "It rained, Cole said.")],
    ]
    dossier = Dossier([make_brief(f"2026-0{number}-01", each) for number, each in enumerate(held, 1)])
    (change,) = dossier.changes
    assert list(dossier.issues) == [change.issue]
    details = dossier.details([change.before, change.after])
    assert (change.from_stance, change.to_stance) == (names[before], names[after])
    assert [details[each].quotation for each in (change.before, change.after)] == [earlier, words]


def test_a_change_without_an_earlier_statement_shows_one_quotation() -> None:
    words = "Ada Moss has dropped her opposition to the new school in town."
    held: list[list[Held]] = [
        [("Ada Moss", "The dam should be built.", "disagrees", "Nothing else will help.")],
        [("Ada Moss", "", "unclear", words)],
    ]
    dossier = Dossier([make_brief(f"2026-0{number}-01", each) for number, each in enumerate(held, 1)])
    (change,) = dossier.changes
    assert change.before == change.after
    lines = dossier_to_markdown(dossier).splitlines()
    assert sum(line.startswith("  - ") and line.endswith(words) for line in lines) == 1
    assert dossier_to_html(dossier).partition('class="sides"')[2].partition("</div>")[0].count(words) == 1


@pytest.mark.parametrize("words", ["Ada Moss has dropped her opposition to the new school in town."])
def test_a_told_change_on_something_else_is_one_on_an_issue_of_its_own(words: str) -> None:
    held: list[list[Held]] = [
        [("Ada Moss", "The dam should be built.", "disagrees", "Nothing else will help.")],
        [("Ada Moss", "", "unclear", "The weather is fine."), ("Ben Cole", "", "unclear", words)],
    ]
    dossier = Dossier([make_brief(f"2026-0{number}-01", each) for number, each in enumerate(held, 1)])
    (change,) = dossier.changes
    assert (change.actor, change.issue, change.to_stance) == ("ada-moss", "the-new-school-in-town", "agrees")
    dossier.rebuild()
    assert dossier.changes == (change,)


DAM = "The dam should be built."


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Ada Moss", "Ada Moss denied that she had dropped her opposition to the dam."),
        ("Ada Moss", "Ada Moss joked that she would back the dam if it were built of cheese."),
        ("Ada Moss", "“I would support the dam if it were smaller,” Moss said."),
        ("Ada Moss", "“The dam is a fine idea,” Moss quipped."),
        ("Ada Moss", "Moss said she would be in favour of the dam if the state paid."),
        ("Ben Cole", "“Moss has not dropped her opposition to the dam,” Ben Cole said."),
        ("Ben Cole", "“Carl Dunn has dropped his opposition to the dam,” Ben Cole said."),
    ],
)
def test_jests_conditions_and_changes_of_others_are_on_no_side(name: str, words: str) -> None:
    held: list[Held] = [("Ada Moss", DAM, "disagrees", "“The dam would drown us,” Moss said.")]
    later: list[Held] = [("Ada Moss", "", "unclear", "It rained, Moss said."), (name, DAM, "agrees", words)]
    dossier = Dossier([make_brief("2026-01-01", held), make_brief("2026-02-01", later)])
    assert [each.stance for each in dossier.statements if each.issue] == ["disagrees", "unclear"]
    assert [each.stance for each in dossier.store.search("dam") if each.issue] == ["disagrees", "unclear"]
    assert (dossier.changes, dossier.contradictions) == ((), ())


def test_conditional_positions_of_models_are_on_no_side() -> None:
    brief = make_brief("2026-01-01", [("Ada Moss", DAM, "agrees", "Ein Damm, sofern er klein bleibt.")])
    positions = tuple(each.model_copy(update={"certainty": "conditional"}) for each in brief.positions)
    (statement,) = Dossier([brief.model_copy(update={"positions": positions})]).statements
    assert statement.stance == "unclear"


@pytest.mark.parametrize(
    "words",
    [
        "“The dam must come, as if we had not waited enough,” Moss said.",
        "Ada Moss has dropped her opposition to the dam.",
        "“Even if it rains, the dam must come,” Moss said.",
    ],
)
def test_other_statements_keep_their_side(words: str) -> None:
    (statement,) = Dossier([make_brief("2026-01-01", [("Ada Moss", DAM, "agrees", words)])]).statements
    assert statement.stance == "agrees"


def test_a_told_change_that_statements_contradict_is_none() -> None:
    assert changes("-", "-", ("-", "Jane Hill has dropped her opposition to the toll.")) == []


def test_told_and_shown_changes_are_one() -> None:
    (change,) = changes("-", "-", ("+", "Jane Hill has dropped her opposition to the toll."), "+")
    assert (change.explicit, change.confidence) == (True, 0.95)


def test_a_change_that_is_told_again_is_one() -> None:
    words = "Jane Hill has dropped her opposition to the toll."
    again = ("?", "Jane Hill began as a foe of the toll and ended as its champion.")
    assert [change.to_stance for change in changes("-", ("+", words), "+", again)] == ["agrees"]


def test_a_correction_cancels_what_was_misreported() -> None:
    wrong = ("-", "Jane Hill has changed her mind about the toll.")
    assert changes("+", "+", wrong, wrong)
    assert changes("+", "+", wrong, wrong, ("+", "We misquoted Jane Hill; the toll has her support.")) == []


def test_conditional_statements_are_on_no_side() -> None:
    words = ("+", "Jane Hill would support the toll if the ferry were free.")
    assert changes("-", "-", words, words) == []


@pytest.mark.parametrize(
    ("language", "text", "to_stance"),
    [
        ("de", "Anna Berg hat ihre Meinung geändert.", None),
        ("de", "Anna Berg unterstützt die Maut nicht mehr.", "disagrees"),
        ("de", "Anna Berg sagte, sie habe sich geirrt.", None),
        ("de", "Anna Berg hat ihren Widerstand gegen die Maut aufgegeben.", "agrees"),
        ("fr", "Anna Berg a changé d’avis.", None),
        ("fr", "Anna Berg ne soutient plus le péage.", "disagrees"),
        ("fr", "Anna Berg a levé son opposition au péage.", "agrees"),
        ("es", "Anna Berg ha cambiado de opinión.", None),
        ("es", "Anna Berg ya no apoya el peaje.", "disagrees"),
        ("es", "Anna Berg retiró su oposición al peaje.", "agrees"),
        ("en", "Anna Berg has withdrawn her support for the toll.", "disagrees"),
        ("en", "Anna Berg made a U-turn on the toll.", None),
    ],
)
def test_each_language_has_words_for_a_change(language: str, text: str, to_stance: str | None) -> None:
    (turn,) = find_turns([Sentence(1, text, 0)], [HolderForms(7, "person", ("Anna Berg", "Berg"))], [], language)
    assert (turn.holder, turn.to_stance) == (7, to_stance)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I’d back it tomorrow if they built it elsewhere."),
        ("de", "Sie würde zustimmen, wenn die Fähre frei wäre."),
        ("fr", "Il soutiendrait le péage si le bac était gratuit."),
        ("es", "Apoyaría el peaje si el ferry fuera gratis."),
    ],
)
def test_each_language_has_words_for_a_condition(language: str, text: str) -> None:
    assert is_conditional(text, language)
    assert not is_conditional("Toll.", language)


def test_the_subject_may_be_a_pronoun_or_stand_in_the_sentence_before() -> None:
    sentences = [Sentence(1, "Tom Reed spoke after Ann Wood.", 0), Sentence(2, "He has dropped his opposition.", 0)]
    holders = [HolderForms(1, "person", ("Tom Reed",)), HolderForms(2, "person", ("Ann Wood",))]
    assert [turn.holder for turn in find_turns(sentences, holders, [], "en")] == [1]
    cited = [Citing(9, (2,), frozenset({2}))]
    assert [(turn.holder, turn.position) for turn in find_turns(sentences, holders, cited, "en")] == [(2, 9)]


def test_an_office_names_the_subject() -> None:
    held: list[list[Held]] = [
        [("Jane Hill", TOLL, "disagrees", "The toll is unjust.")],
        [("Jane Hill", TOLL, "agrees", "The harbour minister has dropped her opposition to the toll.")],
    ]
    roles: dict[str, tuple[str | None, str | None]] = {"Jane Hill": ("harbour minister", None)}
    briefs = [make_brief(f"2026-0{number}-01", each, roles=roles) for number, each in enumerate(held, 1)]
    assert [change.explicit for change in Dossier(briefs).changes] == [True]


def test_changes_are_in_the_store_with_the_sentence_that_tells_of_them() -> None:
    words = "Jane Hill has dropped her opposition to the toll."
    held = [("Jane Hill", TOLL, SIDES[side], text) for side, text in (("-", "The toll is unjust."), ("+", words))]
    dossier = Dossier([make_brief(f"2026-0{number}-01", [each]) for number, each in enumerate(held, 1)])  # type: ignore[list-item]
    (change,) = dossier.changes
    assert (change.actor, change.issue, change.said) == ("jane-hill", dossier.timeline()[0].issue, words)
    (row,) = dossier.store.database.query("SELECT * FROM changes_view")
    assert (row["quotation_before"], row["quotation_after"]) == ("The toll is unjust.", words)


def test_an_added_language_brings_its_own_words(tmp_path: Path) -> None:
    folder = tmp_path / "qy"
    folder.mkdir()
    (folder / "words.toml").write_text("[turns]\nturn = ['ha cambiato idea']\n", encoding="utf-8")
    sentences, holders = [Sentence(1, "Anna Berg ha cambiato idea.", 0)], [HolderForms(7, "person", ("Anna Berg",))]
    assert list(find_turns(sentences, holders, [], "qy")) == []
    add_language(folder)
    assert [turn.holder for turn in find_turns(sentences, holders, [], "qy")] == [7]


@settings(max_examples=60)
@given(st.lists(st.sampled_from("+-"), max_size=9))
def test_changes_alternate_and_follow_time(sides: list[str]) -> None:
    points = [Point(number, number, f"2026-01-{number + 1:02}", SIDES[side]) for number, side in enumerate(sides)]  # type: ignore[arg-type]
    found = list(find_changes("jane-hill", {"x": points}, [], IssueWords({"x": beginnings_of(TOLL)})))
    assert all(change.before < change.after for change in found)
    assert all(one.to_stance == two.from_stance for one, two in pairwise(found))
    assert all(points[change.after].stance == change.to_stance for change in found)


def test_a_dossier_of_a_part_has_only_changes_between_its_statements(tmp_path) -> None:
    with Store(tmp_path / "briefs.db") as store:
        for number, side in enumerate("++--", 1):
            held = [("Jane Hill", TOLL, SIDES[side], f"Words {number}.")]
            store.add(make_brief(f"2026-0{number}-01", held, site="The Herald" if side == "+" else "The Courier"))
        assert len(Dossier.from_store(store).changes) == 1
        assert Dossier.from_store(store, sources=["The Courier"]).changes == ()
        assert Dossier.from_store(store, sources=["The Courier"]).contradictions == ()


def test_new_briefs_change_only_what_they_touch(tmp_path) -> None:
    def brief(month: int, name: str, side: str):
        return make_brief(f"2026-{month:02}-01", [(name, f"{TOLL} ({name})", SIDES[side], f"Words {month} of {name}.")])

    with Store(tmp_path / "briefs.db") as store:
        for month, side in enumerate("++--", 1):
            store.add(brief(month, "Jane Hill", side))
        Dossier.from_store(store)
        (first,) = store.database.query("SELECT id FROM changes")
        for month, side in enumerate("--++", 5):
            store.add(brief(month, "Tom Reed", side))
        rows = {change.actor for change in Dossier.from_store(store).changes}
        assert rows == {"jane-hill", "tom-reed"}
        assert first["id"] in {row["id"] for row in store.database.query("SELECT id FROM changes")}


@pytest.mark.slow
@pytest.mark.parametrize(("engine", "least"), [("gold", 12), ("forms", 11), ("builtin", 6)])
def test_planted_changes_of_the_disputes_are_found(engine: str, least: int) -> None:
    folders = [ROOT / "seeds" / "disputes" / name for name in ("pumped-storage", "school-phones")]
    script = [sys.executable, str(ROOT / "benchmarks" / "changes.py"), *map(str, folders), "--engine", engine]
    done = subprocess.run(
        script, capture_output=True, text=True, check=True, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    found, wrong = re.findall(r"all: (\d+) of 12 found, (\d+) wrong", done.stdout)[0]
    assert int(found) >= least, done.stdout
    assert int(wrong) <= 1, done.stdout


@pytest.mark.parametrize(
    ("proposition", "stance"),
    [("The council rejected the toll.", "disagrees"), ("The toll should be introduced.", "agrees")],
)
def test_a_told_change_is_turned_on_an_issue_worded_against_its_matter(proposition: str, stance: str) -> None:
    told = Telling("turn", "agrees", "Jane Hill has dropped her opposition to the toll.", "", 1, "2026-02-01", 7)
    words = IssueWords({"x": beginnings_of(proposition)}, {"x": proposition})
    points = {"x": [Point(1, 2, "2026-01-01", "unclear")]}
    (change,) = find_changes("jane-hill", points, [told], words)
    assert change.to_stance == stance


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("She has dropped her opposition to a rise in fares and will vote for it.", ("A rise in fares", "agrees")),
        ("He said he had been wrong to insist that the pier was safe.", ("The pier was safe", "disagrees")),
        ("He said he had been wrong to oppose the night bus.", ("The night bus", "agrees")),
        (
            "The man who feared for the Tall Ships no longer believes that they are too frail to sail.",
            ("The Tall Ships are too frail to sail", "disagrees"),
        ),
        ("Her friend no longer believes that they are too frail to sail.", None),
        ("A lifelong critic, she now says the quay should be dredged.", ("The quay should be dredged", "agrees")),
        ("A lifelong supporter, she now opposes the new quay.", ("The new quay", "disagrees")),
        ("She has dropped her opposition.", None),
        ("She has not dropped her opposition to the quay.", None),
        ("She changed her mind.", None),
        ("“I have changed my mind: the quay should come.”", ("The quay should come", "agrees")),
        ("She said she had been wrong, and that the quay must be dredged.", ("The quay must be dredged", "agrees")),
        ("He changed his mind about the quay: it should be dredged.", ("The quay should be dredged", "agrees")),
        ("He had got it wrong and now wanted the port sold.", ("The port should be sold", "agrees")),
        ("She changed her mind and now wants the port to buy the quay.", ("The port should buy the quay", "agrees")),
        ("“I was wrong about the cranes; fit them all.”", ("The cranes", "agrees")),
        ("“I was wrong about the cranes; scrap them.”", ("The cranes", "disagrees")),
        ("“I said the quay was safe, and I take it back.”", ("The quay was safe", "disagrees")),
        ("She said she had been wrong and that she should have listened.", None),
        ("What changed his mind, he said, was the rule under which clerks could face a fine.", None),
    ],
)
def test_a_sentence_that_tells_of_a_change_names_its_matter(text: str, matter: tuple[str, str] | None) -> None:
    assert read_matter(text) == matter


def test_an_unnamed_person_who_changed_sides_is_named_by_the_next_sentence() -> None:
    texts = [
        "A doctor who led the protest no longer opposes the quay.",
        "Anna Berg spoke on Monday.",
        "Tom Ode left.",
    ]
    sentences = [Sentence(number, text, 0) for number, text in enumerate(texts, 1)]
    holders = [HolderForms(1, "unnamed", ("A doctor",)), HolderForms(2, "person", ("Anna Berg",))]
    assert [turn.holder for turn in find_turns(sentences, holders, [], "en")] == [2]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("Anna Berg now backs the quay.", "now"), ("Anna Berg, for years a critic, now backs the quay.", "turn")],
)
def test_a_sentence_that_tells_of_both_sides_is_a_turn(text: str, kind: str) -> None:
    (turn,) = find_turns([Sentence(1, text, 0)], [HolderForms(2, "person", ("Anna Berg",))], [], "en")
    assert turn.kind == kind
