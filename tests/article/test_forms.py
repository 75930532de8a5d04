"""Forms of articles: three invented texts of each, and what is read from them."""

import tomllib
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.article import Article, read
from summarizer.article.forms import find_form
from summarizer.article.press_release import find_release
from summarizer.attribution import analyse
from summarizer.brief import Position
from summarizer.engines.builtin.engine import BuiltinEngine
from summarizer.verification import Findings

FOLDER = Path(__file__).parent / "forms"
EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))


@cache
def article(name: str) -> Article:
    language = name[:2] if name[:3] in ("de-", "fr-") else None
    return Article.from_text((FOLDER / f"{name}.txt").read_text(encoding="utf-8"), language=language)


@cache
def findings(name: str) -> Findings:
    reading = read(article(name))
    return BuiltinEngine().extract(reading, analyse(reading))


def pairs(field: str) -> list[tuple[str, str, str]]:
    return [(name, *pair) for name, expected in EXPECTED.items() for pair in expected.get(field, ())]


def positions_of(text: str) -> tuple[Position, ...]:
    reading = read(Article.from_text(text))
    return BuiltinEngine().extract(reading, analyse(reading)).positions


def fold(text: str) -> str:
    return text.translate(str.maketrans("’‘“”", "''\"\"")).lower()


def positions_with(name: str, words: str) -> list[Position]:
    return [position for position in findings(name).positions if fold(words) in fold(position.statement)]


def position_with(name: str, words: str) -> Position:
    (found,) = positions_with(name, words)
    return found


def test_every_text_has_its_expectations() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_form_and_metadata_are_read(name: str) -> None:
    expected = EXPECTED[name]
    assert read(article(name)).form == expected["form"]
    for field in expected.keys() & {"title", "author", "published"}:
        assert getattr(article(name), field) == expected[field]


@pytest.mark.parametrize(("name", "words", "holder"), pairs("held"))
def test_statement_has_its_holder(name: str, words: str, holder: str) -> None:
    names = {one.id: one.name or "" for one in findings(name).holders}
    (held,) = position_with(name, words).holders
    assert (holder in names[held]) if holder else not names[held]


@pytest.mark.parametrize(
    ("name", "words"), [(name, words) for name, expected in EXPECTED.items() for words in expected.get("nobody", ())]
)
def test_furniture_and_questions_are_no_statements(name: str, words: str) -> None:
    assert words.lower() in article(name).text.lower()
    assert positions_with(name, words) == []


@pytest.mark.parametrize(("name", "words", "question"), pairs("answers"))
def test_answer_has_its_question(name: str, words: str, question: str) -> None:
    asked = position_with(name, words).answers
    assert asked
    assert question in asked.quote


@pytest.mark.parametrize(("name", "words", "time"), pairs("posted"))
def test_position_of_a_live_blog_has_the_time_of_its_post(name: str, words: str, time: str) -> None:
    assert position_with(name, words).posted == time


@pytest.mark.parametrize("name", [name for name in EXPECTED if EXPECTED[name]["form"] in ("interview", "report")])
def test_only_questions_of_the_article_stay_open(name: str) -> None:
    assert [item.question for item in findings(name).open_questions] == EXPECTED[name].get("questions", [])


@pytest.mark.parametrize("name", [name for name in EXPECTED if EXPECTED[name]["form"] == "opinion"])
def test_author_of_an_opinion_piece_holds_its_argument(name: str) -> None:
    assert [holder.kind for holder in findings(name).holders].count("author") == 1


def test_declared_form_is_taken() -> None:
    declared = Article.from_text(article("interview-plain-1").text, form="report")
    assert read(declared).form == "report"


@pytest.mark.parametrize(
    "text",
    [
        "Is the bridge safe?\n\nThe council says so.\n\nWho will pay?\n\nNobody knows.\n\nWhat next?\n\nA vote.",
        "Bridge\n\nAt 14:30 a pier broke.\n\n14:45 was too late, said Ann Hill.\n\nThe road was closed at 15:00.",
        "The contract ends.\n\nAbout 40 people work there.\n\nContact with the firm was lost.\n\nThe end.",
        "The judge of the dog show, Ann Hill, said the verdict was clear. The crowd cheered. The winner is a poodle.",
    ],
)
def test_text_with_doubtful_signs_is_a_report(text: str) -> None:
    assert read(Article.from_text(text)).form == "report"


def test_first_person_in_a_quotation_makes_no_opinion_piece() -> None:
    text = "Pool closed\n\nBy Ann Lee\n\n“I learned to swim here,” said Bo Hill. “I will miss it. My son will, too.”"
    assert read(Article.from_text(text)).form == "report"


@pytest.mark.parametrize("demand", ["should decide", "must decide", "ought to decide", "should be free to decide"])
def test_who_should_decide_has_not_decided(demand: str) -> None:
    reading = read(Article.from_text(f"By Ann Lee\n\nSchools {demand} when the day begins. It is late."))
    assert analyse(reading).statements == ()


@given(st.text(st.sampled_from("Aa:. \n—()*0123?“”#Q-"), min_size=1).filter(str.strip))
def test_form_is_found_for_any_text(text: str) -> None:
    made = Article.from_text(text)
    release = find_release(text)
    assert find_form(made, ()) == ("press-release" if release else "report")
    assert release is None or all(text[offset].strip() for offset in release.furniture)


def test_contacts_above_the_headline_end_no_release() -> None:
    lead = "SAND BAY - The Sand Bay Port Authority today welcomed the decision to build a second berth for the islands."
    rest = f"{'The berth will serve the ferries of four islands and open next summer. ' * 3}"
    text = "SAND BAY PORT AUTHORITY\n\nFOR IMMEDIATE RELEASE\n2 May 2025\n\nContact: Moa Teller, tel. 555 0190\n\n"
    reading = read(
        Article.from_text(f"{text}Port Welcomes Second Berth\n\n{lead} {rest}\n\nAbout the port\n\nIt is old.")
    )
    assert reading.article.title == "Port Welcomes Second Berth"
    assert reading.sentences[1].text == lead


@pytest.mark.parametrize(
    "sentence",
    [
        "The science desk asked researchers for their views on the dam.",
        "The fishermen sought permission to appeal against the ruling.",
        "The defence asked for an adjournment until Monday.",
        "The judge told jurors that they must not look anything up.",
        "The judge asked the witness to speak up.",
    ],
)
def test_acts_of_a_procedure_are_nobodys_positions(sentence: str) -> None:
    assert positions_of(sentence) == ()


def test_request_with_an_aim_is_a_position() -> None:
    assert positions_of("The union sought a pay rise of six per cent.")


def test_items_of_a_round_up_are_read_on_their_own() -> None:
    text = (
        "What the papers say\n\nThe Calder Post says that the mayor must resign.\n\n"
        "She ought to go now, it says.\n\nSwans fill the sports pages. The club should be sold, it says."
    )
    assert read(Article.from_text(text)).form == "round-up"
    assert not any("club" in position.statement for position in positions_of(text))
    assert any("resign" in position.statement for position in positions_of(text))


@pytest.mark.parametrize(
    "end",
    [
        "Ann Hill is the director of the Rail Users’ Forum.", "Bo Berg heads the union.",
        "The union’s chair, Bo Berg, is the mother of the driver.",
    ],
)  # fmt: skip
def test_report_that_ends_with_a_person_is_no_opinion_piece(end: str) -> None:
    text = f"Night train ends\n\nThe night train will stop in May. The subsidy was small. It ran for ten years. {end}"
    assert read(Article.from_text(text)).form == "report"
    assert read(Article.from_text(f"{text}\n\n{end}")).form == "report"


def test_further_paragraphs_of_a_turn_belong_to_its_speaker_in_german() -> None:
    text = (
        "Der Wald lebt\n\nBote: Wie steht es um den Wald?\n\nEr ist krank. Stirbt er?"
        "\n\nJana Anders: Nein, er lebt.\n\n"
        "Die Fichte wird verschwinden.\n\nBote: Und die Buche?\n\nJana Anders: Die Buche bleibt."
    )
    reading = read(Article.from_text(text, language="de", form="interview"))
    found = analyse(reading).statements
    assert {holder.name for each in found for holder in each.holders} == {"Jana Anders"}
    assert not any("krank" in reading.sentence(number).text for each in found for number in each.sentences)
    assert any("Fichte" in reading.sentence(number).text for each in found for number in each.sentences)
