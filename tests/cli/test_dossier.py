"""The command ``dossier``: views, decisions, the log."""

import json
from pathlib import Path

import pytest

from summarizer import Store
from summarizer.testing import CallbackModel
from tests.cli.conftest import Run
from tests.dossier.briefs import make_brief as make_brief_with
from tests.dossier.linking import fill, make_article, make_brief


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "briefs.db"
    rows = [("2026-01-01", "Ann Hill spoke."), ("2026-02-01", "Tom Hill spoke."), ("2026-03-01", "Hill spoke.")]
    with Store(path) as opened:
        fill(opened, [(date, text, [text.removesuffix(" spoke.")]) for date, text in rows])
    return path


def actors(run: Run, *arguments: str | Path) -> set[str]:
    return {actor["id"] for actor in json.loads(run("dossier", *arguments, "--json").stdout)["actors"]}


def test_without_options_the_main_actors_are_shown(run: Run, store: Path) -> None:
    result = run("dossier", store)
    assert result.exit_code == 0, result.output
    assert "Dossier: 3 articles" in result.stdout
    assert "Ann Hill" in result.stdout


def test_json_has_actors_and_statements_with_their_words(run: Run, store: Path) -> None:
    found = json.loads(run("dossier", store, "--json").stdout)
    assert set(found) == {"actors", "issues", "statements", "changes", "contradictions", "questions"}
    assert {each["quotation"] for each in found["statements"]} == {"Ann Hill spoke.", "Tom Hill spoke.", "Hill spoke."}


def test_briefs_from_files_make_a_dossier(run: Run, tmp_path: Path) -> None:
    for name in ("Ann Hill", "Tom Reed"):
        brief = make_brief(make_article("2026-01-01", f"{name} spoke."), name)
        (tmp_path / f"{name}.json").write_text(brief.model_dump_json(), encoding="utf-8")
    assert actors(run, *tmp_path.glob("*.json")) == {"ann-hill", "tom-reed"}


def test_decisions_are_made_reported_and_withdrawn(run: Run, store: Path) -> None:
    result = run("dossier", store, "--same", "Hill@2026-03-01", "Tom Hill", "--different", "ann-hill", "tom-hill")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "decided: 3 actor same, by person: Hill (2026-03-01, News of 2026-03-01) and Tom Hill" in result.stderr
    assert actors(run, store) == {"ann-hill", "tom-hill"}
    result = run("dossier", store, "--undo", "3")
    assert "withdrawn: 3 actor same" in result.stderr
    assert actors(run, store) == {"ann-hill", "tom-hill", "hill"}


def test_the_log_lists_all_decisions(run: Run, store: Path) -> None:
    lines = run("dossier", store, "--log").stdout.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("1 actor unsure, by rule: Hill (2026-03-01, ")
    entries = [json.loads(line) for line in run("dossier", store, "--log", "--json").stdout.splitlines()]
    assert [entry["verdict"] for entry in entries] == ["unsure", "unsure"]


def test_a_file_of_decisions_survives_rebuilding(run: Run, store: Path, tmp_path: Path) -> None:
    file = tmp_path / "who.yaml"
    file.write_text("actors: {same: [[Ann Hill, Tom Hill]]}", encoding="utf-8")
    assert run("dossier", store, "--decisions", file, "--rebuild").exit_code == 0
    assert actors(run, store) == {"ann-hill"}


def test_a_model_decides_on_pairs_in_doubt(run: Run, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = [{"id": "D1", "verdict": "same"}, {"id": "D2", "verdict": "different"}]
    model = CallbackModel(lambda _: {"pairs": pairs}, name="judge")
    monkeypatch.setattr("summarizer.dossier.dossier.resolve_model", lambda _: model)
    assert actors(run, store, "--model", "judge") == {"ann-hill", "tom-hill"}


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--same", "Ann Hill"], 2, "needs two names"),
        (["--same", "Ann Hil", "Tom Hill"], 1, "No actor has the name or the id “Ann Hil”. Near: Ann Hill"),
        (["--same", "Ann Hill", "Tom Hill", "--different", "Tom Hill", "Ann Hill"], 2, "--same decides on Tom Hill"),
        (["--json", "--format", "html"], 2, "it stands for --format json, not html"),
        (["--json", "-o", "a.html"], 2, "the ending .html stands for html, but the format is json."),
        (["--log", "--site", "pages"], 2, "the log is text or JSON, not a page"),
        (["--log", "--open"], 2, "the log is text or JSON, not a page"),
        (["--undo", "99"], 1, "No decision in force has the number 99. summarizer dossier STORE --log lists"),
        (["--decisions", "missing.yaml"], 1, "The decisions missing.yaml cannot be read"),
    ],
)
def test_a_wrong_name_number_or_file_is_an_error(
    run: Run, store: Path, arguments: list[str], code: int, message: str
) -> None:
    result = run("dossier", store, *arguments)
    assert result.exit_code == code
    assert message in " ".join(result.output.split())


def test_decisions_need_a_store(run: Run, store: Path, tmp_path: Path) -> None:
    brief = tmp_path / "brief.json"
    brief.write_text(
        make_brief(make_article("2026-01-01", "Ann Hill spoke."), "Ann Hill").model_dump_json(), encoding="utf-8"
    )
    result = run("dossier", brief, "--same", "a", "b")
    assert result.exit_code == 2
    assert "decisions are kept in a store" in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("name", "start"), [("a.html", "<!DOCTYPE html>"), ("a.md", "# Dossier: 3 articles"), ("a.json", "{")]
)
def test_ending_of_the_output_chooses_the_format(run: Run, store: Path, tmp_path: Path, name: str, start: str) -> None:
    result = run("dossier", store, "-o", tmp_path / name, "--title", "Hills")
    assert (result.exit_code, result.stdout) == (0, "")
    assert (tmp_path / name).read_text(encoding="utf-8").lstrip().startswith(start)


def test_unknown_ending_is_refused_before_any_work(run: Run, store: Path, tmp_path: Path) -> None:
    result = run("dossier", store, "-o", tmp_path / "a.pdf")
    assert result.exit_code == 2
    assert ".html" in result.stderr
    assert not (tmp_path / "a.pdf").exists()


def test_site_is_written_and_named(run: Run, store: Path, tmp_path: Path) -> None:
    result = run("dossier", store, "--site", tmp_path / "site", "--title", "Hills")
    assert result.exit_code == 0, result.stderr
    assert "index.html" in result.stderr
    assert "<title>Hills</title>" in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")


def test_site_in_a_folder_with_other_files_is_one_message(run: Run, store: Path, tmp_path: Path) -> None:
    result = run("dossier", store, "--site", tmp_path)
    assert result.exit_code == 1
    assert "holds files that do not belong to a site" in result.stderr


def test_page_opens_in_the_browser(run: Run, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda address: opened.append(address) or True)
    assert run("dossier", store, "--open").exit_code == 0
    (address,) = opened
    assert address.startswith("file://")
    Path(address.removeprefix("file://")).unlink()


def test_only_a_page_opens(run: Run, store: Path) -> None:
    assert run("dossier", store, "--open", "--format", "markdown").exit_code == 2


def test_issues_are_decided_on_by_their_ids(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "briefs.db"
    with Store(path) as opened:
        for day, words in (("2026-01-01", "The pier should be sold."), ("2026-01-02", "The ferry should be kept.")):
            opened.add(make_brief_with(day, [("Ann Hill", words, "agrees", words)]))
    ids = ("the-ferry-should-be-kept", "the-pier-should-be-sold")

    def stances() -> list[str]:
        return [each["stance"] for each in json.loads(run("dossier", path, "--json").stdout)["statements"]]

    assert stances() == ["agrees", "agrees"]
    assert run("dossier", path, "--contrary", *ids).exit_code == 0
    assert sorted(stances()) == ["agrees", "disagrees"]


@pytest.mark.parametrize(
    "arguments", [["--same=Hill"], ["--site", "site", "-o", "a.html"], ["--site", "site", "--json"], ["--same", "Hill"]]
)
def test_arguments_that_do_not_fit_together_are_wrong_usage(run: Run, store: Path, arguments: list[str]) -> None:
    assert run("dossier", store, *arguments).exit_code == 2


def test_the_log_is_written_to_a_file(run: Run, store: Path, tmp_path: Path) -> None:
    assert run("dossier", store, "--log", "--json", "-o", tmp_path / "log.jsonl").exit_code == 0
    assert len((tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()) == 2


def test_full_leaves_out_no_actor(run: Run, tmp_path: Path) -> None:
    names = [
        f"{first} {last}"
        for first in ("Ada", "Boris", "Clara", "Dmitri")
        for last in ("Abbott", "Iyer", "Kowal", "Reed", "Usman", "Zhou")
    ]
    with Store(tmp_path / "many.db") as opened:
        fill(opened, [("2026-01-01", " ".join(f"{name} spoke." for name in names), names)])
    assert "4 actors more." in run("dossier", tmp_path / "many.db").stdout
    shown = run("dossier", tmp_path / "many.db", "--full").stdout
    assert "more." not in shown
    assert all(name in shown for name in names)


def test_the_store_is_never_replaced_by_a_view_of_it(run: Run, store: Path) -> None:
    before = store.read_bytes()
    for arguments in (["dossier", store, "-o", store, "-f", "html"], ["show", store, "1", "-o", store, "-f", "json"]):
        result = run(*arguments)
        assert result.exit_code == 1
        assert "would be replaced" in result.stderr
    assert store.read_bytes() == before


def test_a_large_page_is_written_with_its_size_and_what_is_smaller(
    run: Run, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("summarizer.cli.dossier._MANY", 2)
    page = tmp_path / "dossier.html"
    (line,) = run("dossier", store, "--output", page).stderr.splitlines()
    assert line.startswith("summarizer: the page is large: 3 statements, about 0 MB")
    assert all(option in line for option in ("--words", "--since", "--until", "--source", "--site", "export"))
    assert page.exists()
    assert run("dossier", store, "--since", "2026-02", "--output", page).stderr == ""
    assert run("dossier", store, "--json").stderr == ""


def test_a_page_that_no_browser_opens_is_not_written(
    run: Run, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("summarizer.cli.dossier._MANY", 1)
    monkeypatch.setattr("summarizer.cli.dossier._MOST", 2)
    page = tmp_path / "dossier.html"
    result = run("dossier", store, "--output", page)
    assert (result.exit_code, page.exists()) == (1, False)
    assert "The page would be too large for browsers: 3 statements, about 0 MB." in result.stderr
    assert all(option in result.stderr for option in ("--words", "--since", "--until", "--source", "--site", "export"))
    assert run("dossier", store, "--since", "2026-02", "--output", page).exit_code == 0
    assert run("dossier", store, "--output", tmp_path / "dossier.md").exit_code == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"\xea\xff\x00{", "is not text in UTF-8"), (b"\x89PNG", "is not text in UTF-8"), (b"a: 1\n", "is not JSON")],
)
@pytest.mark.parametrize("command", [("dossier",), ("export", "-f", "csv")])
def test_file_that_is_no_brief_is_named(run: Run, tmp_path: Path, command: tuple, content: bytes, message: str) -> None:
    path = tmp_path / "picture.json"
    path.write_bytes(content)
    result = run(*command, path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{path} {message}" in result.stderr
    assert "bug" not in result.stderr


def test_folder_without_briefs_is_an_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "article.txt").write_text("Ann Hill spoke.", encoding="utf-8")
    result = run("dossier", tmp_path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"The folder {tmp_path} has no briefs. Name a store" in result.stderr


def test_folder_of_a_batch_is_read_without_its_index(run: Run, tmp_path: Path) -> None:
    article, out = tmp_path / "article.txt", tmp_path / "briefs"
    article.write_text("The bridge\n\n“It is too late,” said Anna Berg.", encoding="utf-8")
    run("batch", article, "--model", "builtin", "--format", "json", "--out", out)
    result = run("dossier", out)
    assert (result.exit_code, "Anna Berg" in result.stdout) == (0, True), result.stderr


@pytest.mark.parametrize("command", ["dossier", "export", "search"])
@pytest.mark.parametrize("option", ["--since", "--until"])
def test_date_that_there_is_not_is_wrong_usage(run: Run, store: Path, command: str, option: str) -> None:
    result = run(command, store, option, "2026-13")
    assert (result.exit_code, "“2026-13” is not a date" in result.stderr) == (2, True)


@pytest.mark.parametrize("command", ["dossier", "export", "search"])
@pytest.mark.parametrize(
    ("since", "until", "is_wrong"),
    [
        ("2026-03-02", "2026-03-01", True),
        ("2027", "2026-12", True),
        ("2026-03-01", "2026-03-01", False),
        ("2026-03-15", "2026-03", False),
        ("2026", "2026-01-01", False),
    ],
)
def test_first_date_after_the_last_one_is_wrong_usage(
    run: Run, store: Path, command: str, since: str, until: str, is_wrong: bool
) -> None:
    form = ("--format", "csv") if command == "export" else ()
    result = run(command, store, "--since", since, "--until", until, *form)
    assert result.exit_code == (2 if is_wrong else 0), result.stderr
    assert (f"The first date, {since}, is after the last one, {until}." in result.stderr) == is_wrong


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["dossier", "--since", "2031"], "there is no position in the selected articles; select others."),
        (["export", "-f", "csv", "--words", "submarine"], "there is no position in the selected articles"),
    ],
)
def test_an_empty_selection_is_told(run: Run, store: Path, arguments: list[str], message: str) -> None:
    result = run(arguments[0], store, *arguments[1:])
    assert (result.exit_code, message in result.stderr) == (0, True)


def test_a_selection_with_positions_tells_nothing(run: Run, store: Path) -> None:
    assert "there is no position" not in run("dossier", store, "--since", "2026").stderr


def test_an_empty_store_says_how_to_fill_it(run: Run, tmp_path: Path) -> None:
    with Store(tmp_path / "new.db"):
        pass
    assert "summarizer batch ARTICLES --store FILE makes briefs." in run("dossier", tmp_path / "new.db").stderr


def lines_of(*names: str) -> list[str]:
    return [make_brief(make_article("2026-01-01", f"{name} spoke."), name).model_dump_json() for name in names]


@pytest.mark.parametrize("version", ["0.1", 99, None])
def test_a_brief_of_another_version_among_lines_is_left_out_and_counted(
    run: Run, tmp_path: Path, version: str | int | None
) -> None:
    first, second = lines_of("Ann Hill", "Tom Reed")
    old = json.dumps(json.loads(first) | {"schema_version": version})
    path = tmp_path / "briefs.jsonl"
    path.write_text(f"{second}\n{old}\n{old}\n", encoding="utf-8")
    assert actors(run, path) == {"tom-reed"}
    assert "left out: 2; the first is" in (shown := " ".join(run("dossier", path).stderr.split()))
    assert "briefs.jsonl, line 2" in shown
    path.write_text(f"{old}\n", encoding="utf-8")
    alone = run("dossier", path)
    assert (alone.exit_code, "or make it anew" in " ".join(alone.stderr.split())) == (1, True)


@pytest.mark.parametrize("kept", [1, 40, 378])
def test_a_half_written_line_is_named_by_its_number(run: Run, tmp_path: Path, kept: int) -> None:
    first, second, third = lines_of("Ann Hill", "Tom Reed", "Eve Moor")
    path = tmp_path / "briefs.jsonl"
    path.write_text(f"{first}\n\n{second}\n{third[:kept]}", encoding="utf-8")
    result = run("dossier", path)
    shown = " ".join(result.stderr.split())
    assert (result.exit_code, "line 4 is no whole JSON object" in shown, "cut off" in shown) == (1, True, True)


def test_articles_instead_of_briefs_are_named(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_text('{"title": "Toll", "text": "Ann Hill spoke."}\n', encoding="utf-8")
    shown = " ".join(run("dossier", path).stderr.split())
    assert "is an article, not a brief. summarizer batch" in shown


def test_an_unknown_outlet_is_answered_with_the_known_ones(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "brief.json"
    path.write_text(make_brief_with("2026-01-01", [("Ann Hill", "", "unclear", "A toll.")]).model_dump_json(), "utf-8")
    shown = " ".join(run("dossier", path, "--source", "Nonexistent").stderr.split())
    assert "select others; outlets are The Courier." in shown
    assert "outlets" not in run("dossier", path, "--since", "2030").stderr
