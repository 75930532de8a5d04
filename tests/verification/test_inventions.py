"""What no evidence bears out is dropped with a reason, or flagged."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.article import Article, read
from summarizer.attribution import analyse
from summarizer.brief import Evidence, Gist, Issue
from summarizer.verification import Claim, ExtractionReply, Findings, GroundingContext, check_support, ground, settle
from summarizer.verification.checks import CHECKS
from summarizer.verification.inventions import find_reversal
from summarizer.verification.names import find_addresses, missing_addresses

TEXT = """Council splits over the old bridge

RIVERTON - The town council argued on Tuesday about the Mill Bridge, which the Riverton Heritage Society wants to keep.

“The bridge must go,” said Anna Berg, the town's chief engineer. “Britain has enough old bridges.”

Tomas Lind said that a repair would be cheaper. Write to him at lind@mill.example or visit https://www.mill.example/plan.

The council will not close the bridge before May. It remains unclear who will pay for the detour.
"""
GERMAN = """Streit um die alte Brücke

Der Stadtrat von Auental stritt am Dienstag über die alte Brücke. „Die Brücke muss weg“, sagte Anna Berg.

Tomas Lind sagte, eine Reparatur sei billiger. Offen ist, wer die Umleitung bezahlt.
"""


def context_of(text: str, language: str | None = None) -> GroundingContext:
    reading = read(Article.from_text(text, language=language))
    return GroundingContext(reading, analyse(reading))


CONTEXT, IN_GERMAN = context_of(TEXT), context_of(GERMAN, "de")


def reply(**changes: Any) -> dict[str, Any]:
    """Return a sound reply about `TEXT`; ``changes`` replace its statement, gist, issue, question or name."""
    position = {
        "sentences": [3],
        "holders": ["H1"],
        "reported_by": None,
        "statement": changes.get("statement", "The bridge must go."),
        "issue": "I1",
        "stance": "agrees",
        "certainty": "asserted",
    }
    holder = {"id": "H1", "name": "Anna Berg", "kind": "person", "role": None, "affiliation": None}
    return {
        "holders": [holder | {"name": changes.get("name", "Anna Berg"), "kind": changes.get("kind", "person")}],
        "issues": [{"id": "I1", "proposition": changes.get("issue", "The old bridge should go."), "kind": "policy"}],
        "positions": [position],
        "open_questions": [
            {
                "sentences": [8],
                "question": changes.get("question", "Who will pay for the detour?"),
                "origin": "implied",
                "raised_by": [],
            }
        ],
        "gist": {"sentences": [2, 3], "text": changes.get("gist", "A council argues whether an old bridge must go.")},
    }


def grounded(**changes: Any) -> Findings:
    return ground(ExtractionReply.model_validate(reply(**changes)), CONTEXT.reading.sentences, CONTEXT)


def test_sound_reply_has_no_problem() -> None:
    findings = grounded()
    assert findings.problems == ()
    assert findings.gist
    assert settle(findings, CONTEXT) == findings


ADDRESSES = [
    "https://evil.example/pay",
    "postgres://ann:pw@evil.example/db",
    "http://evil.example",
    "www.evil.example",
    "evil.example/pay",
    "pay@evil.example",
    "@evilcorp",
    "+44 20 7946 0958",
    "(020) 7946 0958",
    "evil.com",
    "evil．com/x",
    "éviл.com/x",
    "evilcorp dot com",
    "555-1234",
    "192.168.3.4/x",
    "javascript:alert(1)",
    "1-800-555-0199",
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("part", ["statement", "gist", "issue", "question"])
def test_part_with_an_address_that_its_evidence_lacks_is_dropped(part: str, address: str) -> None:
    sound = reply()
    text = {
        "statement": "The bridge must go",
        "gist": sound["gist"]["text"],
        "issue": "The old bridge should go",
        "question": "Who will pay for the detour",
    }[part]
    findings = grounded(**{part: f"{text}: {address}"})
    assert any(problem.text.startswith(text) for problem in findings.problems)
    kept = [*findings.positions, *findings.issues, *findings.open_questions, *filter(None, [findings.gist])]
    assert not any(address in str(item) for item in kept)


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("See https://mill.example/plan.", "See www.mill.example/plan for it."),
        ("Write to LIND@mill.example", "lind@mill.example"),
        ("Call 020 7946 0958", "Call (020) 7946-0958 now"),
        ("It costs 4.5 million crowns, 1,200,000 in 2026-03-04.", ""),
        ("At 9 a.m. U.S. time, e.g. in St. Paul, either/or.", ""),
        ("See Mill.Example and MILL．example.", "mill.example"),
        ("The bridge.It stood in St. Ives, no. 4, at 5.30 p.m., 5 µg, v1.2.3.", ""),
        ("Sections 12-14 and 1998/1999, score 0-3, 10/10.", ""),
        ("She asked @anna for 5 minutes.", "Ask @Anna"),
    ],
)
def test_addresses_of_the_evidence_and_other_texts_are_no_inventions(text: str, evidence: str) -> None:
    assert missing_addresses(text, [evidence]) == []


@given(text=st.text())
def test_addresses_are_parts_of_the_text_and_are_found_in_it(text: str) -> None:
    assert all(address in text for address in find_addresses(text))
    assert missing_addresses(text, [text]) == []


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("gist", "Evilcorp is behind the bridge."),
        ("gist", "The council argues about the bridge with Evilcorp."),
        ("gist", "A council argues about a bridge. EvilCorp pays."),
        ("issue", "Evilcorp should run the old bridge."),
        ("issue", "The bridge should go to Evilcorp Holdings."),
        ("question", "Will Evilcorp pay for the detour?"),
        ("question", "Who at Evilcorp will pay for the detour?"),
    ],
)
def test_part_with_a_name_that_the_article_lacks_is_dropped(part: str, text: str) -> None:
    findings = grounded(**{part: text})
    assert any(problem.text == text and "vil" in problem.reason for problem in findings.problems)
    assert "evilcorp" not in str((findings.gist, findings.issues, findings.open_questions)).lower()


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        ("Evilcorp is behind the bridge.", "unconfirmed"),
        ("The bridge belongs to Evilcorp.", "unconfirmed"),
        ("The bridge must go. Evilcorp will profit.", "unconfirmed"),
        ("Berg wants the bridge gone.", "confirmed"),
        ("The Mill Bridge must go.", "confirmed"),
        ("Bridges must go.", "none"),
        ("Critics say that bridges must go.", "none"),
        ("Repairing is cheaper.", "none"),
        ("Housing is cheaper. Everything is.", "none"),
        ("There is no bridge.", "none"),
    ],
)
def test_name_at_the_start_of_a_sentence_is_a_name(statement: str, verdict: str) -> None:
    assert CHECKS["names"](Claim(statement, (), (3,)), CONTEXT).verdict == verdict


@pytest.mark.parametrize(
    "text",
    [
        "The British town argues about the bridge.",
        "The RHS wants to keep the bridge.",
        "On Monday, President Berg said the bridge must go.",
        "The UK has enough bridges.",
        "Mill Bridge's repair would be cheaper.",
        "BERG SAYS THE BRIDGE MUST GO.",
        "Some MPs and the CEO want the bridge.",
    ],
)
def test_other_forms_of_a_name_are_no_inventions(text: str) -> None:
    assert CONTEXT.names.missing(text) == []


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Die Kosten und der Streit im Rathaus sind hoch.", []),
        ("Befürworter der Sanierung hoffen auf Zuschüsse.", []),
        ("Bürgermeisterin Berg will die Brücke.", []),
        ("Der Rat vergibt den Auftrag an Erwin Muster.", ["Erwin Muster"]),
        ("Die Brücke gehört der EvilCorp.", ["EvilCorp"]),
    ],
)
def test_german_nouns_are_no_names(text: str, missing: list[str]) -> None:
    assert IN_GERMAN.names.missing(text) == missing


@pytest.mark.parametrize(
    "gist",
    [
        "The bridge's repair worries the RHS and an NGO.",
        "Kyiv's bridges are older, says the White House.",
        "France has a bridge too.",
        "The closure of a bridge divides the OECD.",
    ],
)
def test_gist_with_a_usual_name_is_kept(gist: str) -> None:
    assert grounded(gist=gist).gist is not None


@pytest.mark.parametrize(
    ("text", "evidence", "language"),
    [
        ("The tram is unsafe.", "The tram's brakes fail.", "en"),
        ("Sweden should act.", "Sweden’s hour has come.", "en"),
        ("Kyiv is ready.", "Ukraine made an offer.", "en"),
        ("Can America be trusted?", "The US made a promise.", "en"),
        ("Its closure is wrong.", "They close it on Fridays.", "en"),
        ("Der Park rechnet sich.", "Ein Windpark lohnt sich.", "de"),
        ("Der Naturschutzverein stimmt zu.", "Der Verein ist dafür.", "de"),
        ("Die Windenergie wächst.", "Er mag Windkraft.", "de"),
        ("Le tram est cher.", "Le tramway coûte trop.", "fr"),
    ],
)
def test_relatives_of_words_are_content_in_common(text: str, evidence: str, language: str) -> None:
    assert context_of(evidence, language).shares_content(text)
    assert not context_of("Sie ont xyzzy.", language).shares_content(text)


@pytest.mark.parametrize("part", ["issue", "question"])
def test_figure_that_the_article_lacks_is_dropped(part: str) -> None:
    text = f"Will the bridge cost 900 million in 2031{'?' if part == 'question' else '.'}"
    findings = grounded(**{part: text})
    assert [problem.text for problem in findings.problems if problem.what != "reference"] == [text]


@pytest.mark.parametrize("question", ["When will construction begin?", "How would Britain fund this?"])
def test_short_question_about_a_detail_is_kept(question: str) -> None:
    assert [found.question for found in grounded(question=question).open_questions] == [question]


@pytest.mark.parametrize(
    "statement", ["The bridge must go; the mayor is corrupt.", "The bridge must go. Send bob the api key."]
)
def test_statement_with_a_part_that_has_no_word_of_the_article_is_flagged(statement: str) -> None:
    assert check_support(Claim(statement, (), (3,)), CONTEXT).reason.startswith("The article has no word of")


@pytest.mark.parametrize("holders", [(), ("Anna Berg",), ("Tomas Lind",)])
def test_statement_without_a_word_of_its_evidence_is_flagged(holders: tuple[str, ...]) -> None:
    for statement in ("Aliens built pyramids.", "Anna Berg loves ice cream."):
        result = check_support(Claim(statement, holders, (6,)), CONTEXT)
        assert result.verdict == "doubtful"
        assert result.reason
    assert check_support(Claim("A repair is cheaper.", ("Tomas Lind",), (5,)), CONTEXT).verdict == "unflagged"


def test_long_statement_is_rejected() -> None:
    assert len(grounded(statement="The bridge must go. " * 30).positions) == 1
    findings = grounded(statement="The bridge must go. " * 31)
    assert findings.positions == ()
    assert "it has 124 words; a statement has 120 at most" in str(findings.problems[0])


@pytest.mark.parametrize(
    ("gist", "reason"),
    [
        ("Aliens built pyramids.", "no word in common"),
        ("The bridge must not go.", "say the contrary"),
        ("The council did not argue about the Mill Bridge.", "say the contrary"),
    ],
)
def test_gist_without_support_is_dropped_with_a_reason(gist: str, reason: str) -> None:
    findings = grounded(gist=gist)
    assert findings.gist is None
    assert reason in str(findings.problems[0])


@pytest.mark.parametrize(
    ("text", "evidence", "is_reversed"),
    [
        ("The council will close the bridge.", "The council will not close the bridge.", True),
        ("The council will not close the bridge.", "The council will close the bridge.", True),
        ("The council will close the bridge.", "The council, which did not ask anybody, will close the bridge.", False),
        ("The council refuses to close the bridge.", "The council will not close the bridge.", False),
        ("The council will not close the bridge.", "The council rejects plans to close the bridge.", False),
        ("Meters punish people.", "It does not punish.", True),
        ("Meters punish people.", "“That is what a meter does. It does not punish. It tells you something.”", True),
        ("There are plans to sell the board.", "There is no such plan.", True),
        ("Experts doubt that prices will rise.", "Experts do not doubt that prices will rise.", True),
        ("The minister alone backs the dam.", "No one but the minister backs the dam.", False),
        ("The union began to oppose the plan on Monday.", "The union did not oppose the plan until Monday.", False),
        ("Critics do not want the bridge.", "Residents argued about money.", False),
    ],
)
def test_reversals_are_found(text: str, evidence: str, is_reversed: bool) -> None:
    assert bool(find_reversal(text, [evidence], "en")) is is_reversed


def test_open_question_about_something_else_is_dropped() -> None:
    findings = grounded(question="Do aliens like pizza?")
    assert findings.open_questions == ()
    assert "no word in common" in str(findings.problems[0])


def test_issue_about_something_else_is_dropped() -> None:
    findings = grounded(issue="Aliens should rule Mars.")
    assert findings.issues == ()
    assert [position.issue for position in findings.positions] == [None]


def test_issues_without_positions_and_false_gists_leave_the_findings_of_an_article() -> None:
    findings = grounded()
    lonely = Issue(id="I2", proposition="The Mill Bridge should be blue.", kind="policy")
    given_one = Issue(id="G1", proposition="The bridge should be red.", kind="policy", given=True)
    evidence = (Evidence(sentence=2, spans=CONTEXT.reading.sentence(2).spans, quote=CONTEXT.reading.sentence(2).text),)
    gist = Gist(text="Evilcorp is at large.", evidence=evidence)
    both = Findings(findings.holders, (*findings.issues, lonely, given_one), findings.positions, gist=gist)
    settled = settle(both, CONTEXT)
    assert [issue.id for issue in settled.issues] == ["I1", "G1"]
    assert settled.gist is None
    assert [problem.what for problem in settled.problems] == ["issue", "gist"]
    assert settle(Findings(issues=(lonely,)), CONTEXT).issues == ()


@pytest.mark.parametrize(
    "name",
    [
        "must go",
        "The bridge must go",
        "Council splits over the old bridge",
        "a repair would be cheaper",
        "who will pay",
    ],
)
def test_headline_or_sentence_is_no_holder(name: str) -> None:
    findings = grounded(name=name)
    is_short = name == "who will pay"
    assert (findings.holders == ()) is not is_short
    assert is_short or "headline" in str(findings.problems[0])


@pytest.mark.parametrize("name", ["Nobody likes it", "The council met", "Traffic jams cost the town millions"])
def test_sentence_of_the_article_is_no_holder(name: str) -> None:
    names = context_of("Bridge talks\n\nNobody likes it. The council met. Traffic jams cost the town millions.").names
    assert names.is_headline(name)
    assert not names.is_headline("the council")


@pytest.mark.parametrize(
    "name",
    [
        "residents who have lived there since the flood must",
        "people who say that the bridge must go",
        "Will Can Smith",
        "Friends of the Old Bridge",
        "Rio do Sul Council",
    ],
)
def test_descriptions_and_names_of_people_are_no_headlines(name: str) -> None:
    assert not CONTEXT.names.is_headline(name)


@pytest.mark.parametrize(("text", "language"), [("橋は行かなければ", "ja"), ("Most musi", "pl"), ("", "en")])
def test_text_of_another_language_or_without_words_is_not_judged(text: str, language: str) -> None:
    assert context_of(f"{text} – {text}." if text else TEXT, language).shares_content(text)
