"""Full-text search over the statements and articles of a store."""

import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from summarizer import Article, Brief, Dossier, Store, summarize
from summarizer._text import FOLDED_LETTERS, letter_variants
from summarizer.brief import Stance
from summarizer.cli import app
from summarizer.errors import ConfigurationError
from summarizer.store import SearchResult, contents, fts_query
from tests.dossier.briefs import Held, make_brief
from tests.store.conftest import engine

ARTICLES = [
    {
        "text": "Harbour toll divides town\n\n“The toll is unfair,” Jane Hill, the mayor, said.\n\n"
        "Tom Reed said that the toll should be doubled. Ferries run until midnight.",
        "published": "2026-01-05",
        "site": "The Courier",
        "url": "https://courier.example/toll",
    },
    {
        "text": "Bridge plan\n\n“A new bridge is too dear,” Tom Reed said.\n\n"
        "Zoë Müller, an engineer, said that the old bridge was safe.",
        "published": "2026-02-10T08:30:00+00:00",
        "site": "Evening Post",
        "url": "https://post.example/bridge",
    },
    {"text": "“The ferry isn't late,” Ann Wood said. Nobody else spoke of tolls.", "site": "The Courier"},
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("search") / "briefs.db"
    with Store(path) as store:
        for values in ARTICLES:
            article = Article.from_text(**values)
            store.add(summarize(article, model="builtin"), article)
    return path


@pytest.fixture(scope="module")
def store(path: Path) -> Iterator[Store]:
    with Store(path) as opened:
        yield opened


def statements(found: list[SearchResult]) -> set[str]:
    return {f"{', '.join(result.holders)}: {result.date}" for result in found if result.kind == "statement"}


def test_a_result_leads_back_to_holder_quotation_article_and_link(store: Store) -> None:
    found = store.search("unfair")[0]
    assert (found.kind, found.holders, found.date, found.source) == (
        "statement",
        ("Jane Hill",),
        "2026-01-05",
        "The Courier",
    )
    assert found.statement == "The toll is unfair."
    assert found.quotation == "“The toll is unfair,” Jane Hill, the mayor, said."
    assert found.link == "https://courier.example/toll"
    assert (found.article, found.title) == (1, "Harbour toll divides town")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("toll", {"Jane Hill: 2026-01-05", "Tom Reed: 2026-01-05"}),
        ("TOLL doubled", {"Tom Reed: 2026-01-05"}),
        ("reed toll", {"Tom Reed: 2026-01-05"}),
        ("brid*", {"Tom Reed: 2026-02-10T08:30:00+00:00", "Zoë Müller: 2026-02-10T08:30:00+00:00"}),
        ('"new bridge"', {"Tom Reed: 2026-02-10T08:30:00+00:00"}),
        ("“old bridge”", {"Zoë Müller: 2026-02-10T08:30:00+00:00"}),
        ('"bridge new"', set()),
        ('"old bri"*', {"Zoë Müller: 2026-02-10T08:30:00+00:00"}),
        ("muller", {"Zoë Müller: 2026-02-10T08:30:00+00:00"}),
        ("isn't", {"Ann Wood: None"}),
        ("tolls doubled", set()),
    ],
)
def test_words_phrases_and_beginnings_are_found(store: Store, words: str, expected: set[str]) -> None:
    assert statements(store.search(words)) == expected


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"holder": "reed"}, {"Tom Reed: 2026-01-05", "Tom Reed: 2026-02-10T08:30:00+00:00"}),
        ({"holder": "mayor"}, {"Jane Hill: 2026-01-05"}),
        ({"holder": "nobody"}, set()),
        ({"since": "2026-02"}, {"Tom Reed: 2026-02-10T08:30:00+00:00", "Zoë Müller: 2026-02-10T08:30:00+00:00"}),
        ({"until": "2026-01-05"}, {"Jane Hill: 2026-01-05", "Tom Reed: 2026-01-05"}),
        ({"since": "2026-02-10", "until": "2026-02-10", "holder": "Zoe"}, {"Zoë Müller: 2026-02-10T08:30:00+00:00"}),
        ({"source": "courier", "holder": "wood"}, {"Ann Wood: None"}),
        ({"source": "100%"}, set()),
    ],
)
def test_conditions_select_statements_without_words(
    store: Store, conditions: dict[str, str], expected: set[str]
) -> None:
    assert statements(store.search(**conditions)) == expected


def test_holder_may_be_the_id_of_an_actor_and_issue_one_of_the_dossier(path: Path) -> None:
    with Store(path) as store:
        dossier = Dossier.from_store(store)
        assert statements(store.search("toll", holder="tom-reed")) == {"Tom Reed: 2026-01-05"}
        issue = next(iter(dossier.issues))
        wanted = {each.position for each in dossier.timeline(issue=issue)}
        assert {result.position for result in store.search(issue=issue)} == wanted


def test_stance_is_the_one_on_the_issue_of_the_result(path: Path) -> None:
    with Store(path) as store:
        dossier = Dossier.from_store(store)
        for stance in get_args(Stance):
            expected = {each.position for each in dossier.statements if each.stance == stance}
            assert {each.position for each in store.search(stance=stance)} == expected
        before = store.search(stance="disagrees")
        assert before
        with store.database.transaction() as connection:
            connection.execute("DELETE FROM placements")  # their stances are on the issue of the dossier
            connection.execute("UPDATE issues SET contrary = 1")
        assert {each.position for each in store.search(stance="agrees")} == {each.position for each in before}
        with store.database.transaction() as connection:
            connection.execute("UPDATE issues SET contrary = 0")


def test_a_placed_statement_has_the_issue_and_the_stance_of_the_dossier(path: Path, tmp_path: Path) -> None:
    shutil.copy(path, tmp_path / "copy.db")
    with Store(tmp_path / "copy.db") as store:
        Dossier.from_store(store)
        position, issue = store.database.query(
            "SELECT positions.id, dossier_issue FROM positions JOIN issues ON issues.id = positions.issue"
        )[0]
        with store.database.transaction() as connection:
            connection.execute("INSERT INTO dossier_issues VALUES ('other', 'Ferries should be free.', 0, 1, '[]')")
            values = (position, "other", "mixed", 0.5)
            connection.execute("INSERT OR REPLACE INTO placements VALUES (?, ?, ?, ?)", values)
        (found,) = store.search(issue="other")
        (shown,) = (each for each in Dossier.from_store(store).statements if each.position == position)
        assert (found.position, found.issue, found.stance) == (position, "Ferries should be free.", shown.stance)
        assert shown.issue == "other"
        assert position not in {each.position for each in store.search(issue=issue)}


def test_an_issue_is_found_by_the_words_of_its_statements(tmp_path: Path) -> None:
    said = ["The wind farm is needed.", "The wind farm would ruin the moor.", "The turbines are noisy."]
    held: list[Held] = [("Ann Hill", "Turbines are right.", "agrees", words) for words in said]
    held += [("Ann Hill", "The bus is right.", "agrees", f"The bus number {n} is late.") for n in range(5)]
    held += [("Ann Hill", "The bus is right.", "agrees", "The bus goes to the wind farm.")]
    with Store(tmp_path / "briefs.db") as store:
        store.add(make_brief("2026-01-01", held))
        Dossier.from_store(store)
        assert {result.issue for result in store.search(issue="wind farm")} == {"Turbines are right."}
        assert len(store.search(issue="wind farm")) == len(said)
        assert not store.search(issue="ferry")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--issue", "tol is unfare"], "Issues are: The toll"),
        (["--source", "Gazette"], "Outlets are: Evening Post, The Courier"),
    ],
)
def test_a_search_without_results_names_what_there_is(path: Path, options: list[str], message: str) -> None:
    with Store(path) as store:
        Dossier.from_store(store)
    result = CliRunner().invoke(app, ["search", str(path), *options])
    assert result.exit_code == 0
    assert message in result.stderr.replace("\n", " ")


def test_articles_are_found_by_words_outside_of_statements(store: Store) -> None:
    (found,) = store.search("midnight")
    assert (found.kind, found.article, found.position) == ("article", 1, None)
    assert "midnight" in found.snippet
    assert found.link == "https://courier.example/toll"
    assert store.search("midnight", holder="Hill") == []


def test_an_article_is_not_repeated_after_its_statement(store: Store) -> None:
    found = store.search("unfair")
    assert [result.kind for result in found] == ["statement"]


@pytest.mark.parametrize("words", ["toll", "toll said", '"new bridge"', "mid*"])
def test_matches_of_a_snippet_are_the_words_of_the_search(store: Store, words: str) -> None:
    for result in store.search(words):
        matched = {result.snippet[start:end].casefold() for start, end in result.matches}
        assert matched
        assert all(any(part.strip('"*') in found for part in words.split()) for found in matched)


def test_limit_holds_for_statements_and_for_articles(store: Store) -> None:
    assert len(store.search("said", limit=1)) <= 2
    assert len([result for result in store.search("said", limit=2) if result.kind == "statement"]) == 2


@pytest.mark.parametrize(
    ("words", "conditions", "says"),
    [
        ("—", {}, "no word to look for"),
        ("***", {}, "no word to look for"),
        ('"new bridge', {}, "has no partner"),
        ("toll", {"since": "last May"}, "not a date in ISO 8601"),
        ("toll", {"until": "05/01/2026"}, "not a date in ISO 8601"),
        ("toll", {"since": "2026-13"}, "not a date in ISO 8601"),
        ("toll", {"until": "2026-02-30"}, "not a date in ISO 8601"),
        ("toll", {"since": "٢٠٢٦"}, "not a date in ISO 8601"),
        ("toll", {"stance": "angry"}, "no stance “angry”"),
        ("toll", {"holder": "?"}, "no word to look for"),
        (" ".join(map(str, range(33))), {}, "The search has 33 different words; 32 are allowed"),
        ("toll", {"issue": " ".join(map(str, range(200)))}, "The search has 200 different words"),
        ("toll", {"limit": 0}, "limit must be at least 1, not 0"),
    ],
)
def test_a_faulty_search_is_explained(store: Store, words: str, conditions: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        store.search(words, **conditions)


@settings(max_examples=50)
@given(st.text() | st.text(alphabet="ab*\"“”()^:+-{}.,'\x00 ANDORNEAR", max_size=12))
def test_no_words_are_a_syntax_error_of_the_search_engine(store: Store, words: str) -> None:
    with suppress(ConfigurationError):  # there is no word, or a quotation mark has no partner
        assert len(store.search(words, limit=1)) <= 1


@pytest.mark.parametrize(
    ("words", "query"),
    [
        ("cat", '"cat"'),
        ("  cat  1 ", '"cat" AND "1"'),
        ("cat — map", '"cat" AND "map"'),
        ("bar*", '"bar"*'),
        ("“new quay” NEAR map", '"new quay" AND "near" AND "map"'),
        ("lol*", '("lol"* OR "løl"* OR "loł"* OR "łol"* OR "łoł"*)'),
        ("Straße", '("straße" OR "strasse")'),
        ("Cat cat CAT map cat*", '"cat" AND "map" AND "cat"*'),
        ('"cat map" ' * 3, '"cat map"'),
        ("cat " * 5_000, '"cat"'),
    ],
)
def test_each_word_or_phrase_is_one_term(words: str, query: str) -> None:
    assert fts_query(words) == query


NAMES = {
    "Łukasiewicz": "lukasiewicz",
    "Bolesław": "boleslaw",
    "Jagiełło": "JAGIELLO",
    "Sørensen": "sorensen",
    "Mærsk": "maersk",
    "Đorđević": "dordevic",
    "Weißgerber": "weissgerber",
    "GROẞMANN": "grossmann",
    "Yıldırım": "yildirim",
    "İnönü": "inonu",
    "Þorbjörg": "thorbjorg",
    "Guðmundsdóttir": "gudmundsdottir",
    "Cœur": "coeur",
    "Ħamrun": "hamrun",
}


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store(tmp_path_factory.mktemp("letters") / "briefs.db") as store:
        for name in [*NAMES, *(plain.title() for plain in NAMES.values())]:
            article = Article.from_text(f"Toll\n\n“The toll is unfair,” Ann {name} said.")
            store.add(summarize(article, model="builtin"), article)
        yield store


@pytest.mark.parametrize(("name", "plain"), NAMES.items())
@pytest.mark.parametrize("form", ["{}", "Ann {}", '"ann {}"', "{}*"])
def test_a_name_is_found_by_its_own_letters_and_by_base_letters(
    letters: Store, name: str, plain: str, form: str
) -> None:
    for query in (name, name.lower(), plain):
        found = letters.search(form.format(query))
        assert {each.holders for each in found} == {(f"Ann {name}",), (f"Ann {plain.title()}",)}, query
        marked = {each.snippet[span.start : span.end] for each in found for span in each.matches}
        assert all(any(word.endswith(last) for word in marked) for last in (name, plain.title()))


def test_a_holder_is_found_by_base_letters(letters: Store) -> None:
    assert {each.holders for each in letters.search("toll", holder="sorensen")} == {
        ("Ann Sørensen",),
        ("Ann Sorensen",),
    }


@given(st.text(alphabet="abdehilostßæøłđıþðœ ", min_size=1, max_size=14))
def test_spellings_have_one_form_with_base_letters_and_are_few(text: str) -> None:
    found = letter_variants(text)
    assert found[0] == text.lower()
    assert {form.translate(FOLDED_LETTERS) for form in found} == {text.lower().translate(FOLDED_LETTERS)}
    assert len(found) <= 300


def test_two_first_searches_at_once_index_each_brief_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, others = contents.index_brief, []
    article = Article.from_text(**ARTICLES[0])
    with Store(tmp_path / "briefs.db") as store:
        store.add(summarize(article, model="builtin"), article)
        with store.database.transaction() as connection:
            connection.execute("UPDATE briefs SET indexed = NULL")
            connection.execute("DELETE FROM positions")
            connection.execute("DELETE FROM issues")
            connection.execute("DELETE FROM holders")

        def search_elsewhere(*values: Any) -> bool:
            if not others:
                others.append(Thread(target=lambda: Store(store.path).search("toll")))
                others[0].start()
                others[0].join(0.2)  # it waits until this transaction is done
            return real(*values)

        monkeypatch.setattr("summarizer.store.store.index_brief", search_elsewhere)
        assert len(store.search("unfair")) == 1
        others[0].join()


def test_very_frequent_words_find_the_newest(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.store.search._MANY", 2)
    positions = [result.position for result in store.search("said") if result.kind == "statement"]
    assert len(positions) > 2
    assert positions == sorted(positions, key=lambda position: -(position or 0))


def test_only_the_newest_brief_of_an_article_is_searched(tmp_path: Path) -> None:
    article = Article.from_text("“The toll is unfair,” Jane Hill said.")
    brief = summarize(article, model="builtin")
    from summarizer.outcome import Outcome

    with Store(tmp_path / "briefs.db") as store:
        for name in ("one", "two"):
            store.save(store.acquire(article, engine(name)), Outcome(brief=brief))
        assert len(store.search("unfair")) == 1
        store.save(store.acquire(article, engine("three")), Outcome(brief=without_positions(brief)))
        assert [result.kind for result in store.search("unfair")] == ["article"]


def without_positions(brief: Brief) -> Brief:
    return brief.model_copy(update={"positions": ()})


def test_text_of_an_article_that_comes_later_is_found(tmp_path: Path) -> None:
    article = Article.from_text("“The toll is unfair,” Jane Hill said. Ferries run until midnight.")
    with Store(tmp_path / "briefs.db") as store:
        store.add(summarize(article, model="builtin"))
        assert store.search("midnight") == []
        store.add(summarize(article, model="builtin"), article)
        assert len(store.search("midnight")) == 1


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["search", *map(str, arguments)])


def test_command_prints_statement_place_and_link(path: Path) -> None:
    result = run(path, "unfair")
    assert result.exit_code == 0
    assert "Jane Hill: The toll is unfair." in result.stdout
    assert "2026-01-05 · The Courier · Harbour toll divides town · article 1" in result.stdout
    assert "https://courier.example/toll" in result.stdout


def test_command_prints_json(path: Path) -> None:
    rows = json.loads(run(path, "toll", "--holder", "hill", "--json").stdout)
    assert [row["holders"] for row in rows] == [["Jane Hill"]]
    assert {"article", "date", "quotation", "link", "snippet", "matches", "issue", "stance"} < set(rows[0])
    assert json.loads(run(path, "nowhere", "--json").stdout) == []


def test_command_says_that_nothing_matches(path: Path) -> None:
    result = run(path, "nowhere")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"summarizer: nothing in {path} matches.\n"


def test_command_does_not_create_a_store(tmp_path: Path) -> None:
    result = run(tmp_path / "none.db", "toll")
    assert result.exit_code == 1
    assert "There is no store" in result.stderr
    assert not (tmp_path / "none.db").exists()


def test_command_leaves_an_empty_file_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "none.db").touch()
    result = run(tmp_path / "none.db", "toll")
    assert (result.exit_code, "none.db is empty." in result.stderr) == (1, True)
    assert (tmp_path / "none.db").stat().st_size == 0


def test_command_explains_a_faulty_search(path: Path) -> None:
    result = run(path, '"toll')
    assert result.exit_code == 1
    assert "has no partner. Close the phrase" in result.stderr
