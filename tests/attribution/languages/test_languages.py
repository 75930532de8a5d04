"""Other languages: their cases, the choice of the language, and languages that a program adds."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Article, attributions, summarize
from summarizer.article import read
from summarizer.attribution import Attribution, add_language, analyse
from tests.timing import assert_linear

HERE = Path(__file__).parent
CASES = {code: json.loads((HERE / f"{code}.json").read_text(encoding="utf-8")) for code in ("de", "fr")}


def fold(text: str) -> str:
    return " ".join(text.translate(str.maketrans("’‘“”", "''\"\"")).lower().split())


def problems(case: dict[str, Any], language: str | None) -> Iterator[str]:
    """Yield what is wrong in a case; "-" is nobody, and `not` names somebody who must not hold the phrase."""
    article = Article.from_text(case["text"], language=language)
    rows = [
        (fold(" ".join(article.text[start:end] for start, end in found.content)), fold(str(found.holders)), found)
        for found in attributions(article)
    ]
    for want in case["expect"]:
        hits = [(holders, found) for content, holders, found in rows if fold(want["phrase"]) in content]
        right = [found for holders, found in hits if fold(want["holder"]) in holders]
        flags = {flag for found in right for flag in ("denied", "unsaid") if getattr(found, flag)}
        if want["holder"] == "-":
            wrong = any(found.holders for _, found in hits)
        else:
            wrong = bool(right) if want["not"] else not right or flags != {want["flag"]} - {None}
        if wrong:
            yield f"{want['phrase']!r}: {[holders for holders, _ in hits]}"


@pytest.mark.parametrize("code", CASES)
@pytest.mark.parametrize("is_given", [True, False])
def test_cases_are_attributed_to_their_holders(code: str, is_given: bool) -> None:
    found = {case["id"]: list(problems(case, code if is_given else None)) for case in CASES[code]}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_quotations_beside_a_name_are_found_in_languages_without_a_folder() -> None:
    for text, phrase, name in (
        ("«Мост надо закрыть», — сказала Анна Берг.", "Мост надо закрыть", "Анна Берг"),
        ("„Most trzeba zamknąć” – powiedziała Anna Berg.", "Most trzeba zamknąć", "Anna Berg"),
    ):
        (found,) = attributions(Article.from_text(text))
        assert phrase in text[found.content[0].start : found.content[0].end]
        assert [holder.name for holder in found.holders] == [name]


ENGLISH = "Ann Hill said that the bridge was unsafe and that it would have to go by the end of the year. "
GERMAN = "Anna Berg sagte, die Brücke sei nicht sicher und müsse bis zum Ende des Jahres erneuert werden. "


@pytest.mark.parametrize(
    ("text", "given", "language"),
    [
        (ENGLISH, None, "en"),
        (GERMAN, None, "de"),
        (GERMAN, "en", "en"),  # too short to overrule a given language
        (4 * GERMAN, "en-GB", "de"),
        (4 * ENGLISH, "de", "en"),
        (4 * GERMAN, "fi", "fi"),  # whose words the library does not know
        ("„Nein“, sagte Lind.", None, "de"),
        ("« Nous partons », a dit Petit.", None, "fr"),
        ("“No,” said Lind.", None, "en"),
        ("Hill: Bridge Unsafe", None, "en"),
        ("桥必须拆除，王小明说。", None, ""),
        ("…", None, "en"),
    ],
)
def test_given_language_decides_unless_a_long_text_is_clearly_in_another(
    text: str, given: str | None, language: str
) -> None:
    assert read(Article.from_text(text, language=given)).language == language


def find_only(text: str, language: str = "de") -> Attribution:
    (found,) = attributions(Article.from_text(text, language=language))
    return found


def test_description_and_office_are_the_role_of_a_holder() -> None:
    for text, role in (
        ("„Nein“, sagte Anna Berg, die Chefin des Bauamts.", "Chefin des Bauamts"),
        ("„Nein“, sagte Bürgermeisterin Anna Berg.", "Bürgermeisterin"),
        ("„Nein“, sagte die Bürgermeisterin von Lauda, Anna Berg.", "Bürgermeisterin von Lauda"),
    ):
        (holder,) = find_only(text).holders
        assert (holder.name, holder.kind, holder.role) == ("Anna Berg", "person", role)


def test_surname_and_genitive_mean_the_person_named_in_full() -> None:
    text = "Anna Berg leitet das Bauamt. Laut Berg fehlt Geld. Nach Angaben Bergs fehlt auch Personal."
    holders = {found.holders for found in attributions(Article.from_text(text, language="de"))}
    assert [holder.name for (holder,) in holders] == ["Anna Berg"]


def test_spans_are_the_words_of_the_article_in_any_layout() -> None:
    text = "« Le pont\u202fdoit fermer\u00a0», a déclaré Anne  Berger, la maire."
    found = find_only(text, "fr")
    assert fold("".join(text[start:end] for start, end in found.content)) == "« le pont doit fermer »"
    assert [text[start:end] for start, end in found.source] == ["Anne  Berger"]
    assert [fold(text[start:end]) for start, end in found.holders[0].mentions] == ["anne berger"]


def test_certainty_and_speech_are_read() -> None:
    assert find_only("Anna Berg hofft, dass die Brücke hält.").certainty == "hedged"
    assert find_only("Anna Berg sagte, die Brücke halte, wenn es friere.").certainty == "conditional"
    assert find_only("Anna Berg sagte, das sei „kein guter Plan“.").speech == "mixed"
    assert find_only("Anna Berg sagte, die Brücke werde halten.").speech == "indirect"


def test_pronoun_has_less_confidence_than_a_name() -> None:
    text = "„Die Brücke muss weg“, sagte Anna Berg. „Und zwar sofort“, fügte sie hinzu."
    named, meant = attributions(Article.from_text(text, language="de"))
    assert named.holders == meant.holders
    assert meant.confidence < named.confidence


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("Laut Anna Berg fehlt ein Verkehrskonzept.", "Ein Verkehrskonzept fehlt."),
        ("Laut Anna Berg fehlen derzeit vier Millionen Euro.", "Derzeit fehlen vier Millionen Euro."),
        ("Wie Anna Berg erklärte, steigt das Wasser weiter.", "Das Wasser steigt weiter."),
        (
            "Laut Anna Berg haben sich die Preise der Händler verdoppelt.",
            "Die Preise der Händler haben sich verdoppelt.",
        ),
        ("Laut Anna Berg starben im vergangenen Jahr 412 Radfahrer.", "Im vergangenen Jahr starben 412 Radfahrer."),
        ("Laut Anna Berg droht ein Engpass, weil viele gehen.", "Ein Engpass droht, weil viele gehen."),
        ("Die Brücke ist laut Anna Berg marode.", "Die Brücke ist marode."),
    ],
)
def test_statement_has_the_verb_in_second_place(text: str, statement: str) -> None:
    brief = summarize(Article.from_text(text, language="de"), model="builtin")
    assert [position.statement for position in brief.positions] == [statement]


def test_quotations_are_counted_in_the_coverage() -> None:
    text = (
        "„Wir warten seit drei Jahren“, sagte Anna Berg. Ein Plakat hing am Tor.\n\n"
        "„Wer soll das alles bezahlen?“\n\nDer Film „Die Brücke“ läuft im Mai."
    )
    coverage = summarize(Article.from_text(text, language="de"), model="builtin").coverage
    assert (coverage.quotations, coverage.unattributed) == (2, 1)


def test_folder_replaces_a_language_and_must_hold_words(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no TOML file"):
        add_language(tmp_path / "xx")
    folder = tmp_path / "qx"
    folder.mkdir()
    (folder / "words.toml").write_text('verbs = [{ act = "said", frames = "tag", words = "zog" }]', encoding="utf-8")
    add_language(folder)
    assert find_only("„Nun mura balo“, zog Anna Berg.", "qx").act == "said"


@given(st.text(alphabet=st.sampled_from(" .,:!?„“«»\"'–\n") | st.sampled_from("aAß1"), max_size=60))
def test_any_text_is_read(text: str) -> None:
    article = Article.from_text(f"Berg sagte {text}", language="de")
    for found in attributions(article, min_confidence=0):
        assert all(0 <= span.start < span.end <= len(article.text) for span in (*found.source, *found.content))


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        "sagte Anna, ",
        "„",
        "„Nein“, sagte Anna Berg. ",
        "und Anna ",
        "Anna ",
        "laut Berg ",
        "Anna B{number}er sagte, es gehe.\n\n",
    ],
)
def test_long_runs_take_linear_time(unit: str) -> None:
    def prepare(length: int) -> Callable[[], object]:
        text = "".join(unit.format(number=number) for number in range(length // len(unit)))
        reading = read(Article.from_text(text, language="de"))
        return lambda: analyse(reading)

    assert_linear(prepare, 2_000)
