"""What all commands have in common: help, usage errors, article options, formats by ending, completion."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from summarizer.cli import app
from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]
ARTICLE = ROOT / "seeds" / "reservoir-brief.txt"
GOLD = ROOT / "seeds" / "gold" / "reservoir-brief.txt.yaml"
BUILTIN = ("--model", "builtin")
FOREIGN = ("Input should", "unable to parse", "Value error", "Expecting", "expected", "Field required", "Extra inputs")
"""Words of pydantic, json and yaml."""


def commands(command=None, path: tuple[str, ...] = ()):
    """Yield the words and the options of each command."""
    command = command or typer.main.get_command(app)
    yield path, {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
    for name, child in getattr(command, "commands", {}).items():
        yield from commands(child, (*path, name))


COMMANDS = dict(commands())


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_help_fits_80_columns_and_shows_option_names_and_types_whole(
    run: Run, path: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = run(*path, "-h").stdout
    assert shown == run(*path, "--help").stdout
    assert max(map(len, shown.splitlines())) <= 80
    assert not re.search(r"[╭│]|<\w+>|[\w-]…", shown, re.MULTILINE)
    for option in COMMANDS[path]:
        if option.startswith("--"):
            assert re.search(rf"^  (-\w, )?(--[\w-]+, | / |--[\w-]+ / )*{option}\b", shown, re.MULTILINE), option


def test_commands_that_show_progress_can_be_quiet() -> None:
    names = ["brief", "batch", "estimate", "evaluate", "dossier", "export", "demo", "store merge", "batches submit"]
    assert [name for name in names if "--quiet" not in COMMANDS[tuple(name.split())]] == []


@pytest.mark.parametrize("name", ["brief", "estimate", "evaluate", "show"])
def test_commands_that_read_one_article_have_the_same_article_options(name: str) -> None:
    assert COMMANDS[(name,)] >= {"--title", "--author", "--published", "--language", "--source"}


def test_article_options_replace_the_metadata_of_the_article(run: Run) -> None:
    options = ("--title", "A", "--author", "B", "--published", "2026-11-02", "--language", "en", "--source", "C")
    shown = run("brief", ARTICLE, *BUILTIN, *options).stdout
    assert shown.splitlines()[:2] == ["A", "B · 2026-11-02 · C"]


def test_estimate_counts_the_title_that_an_option_gives(run: Run) -> None:
    def prompt(*options: str) -> int:
        shown = run("estimate", ARTICLE, "--model", "m", *options).stdout
        return int(re.search(r"prompt tokens +([\d,]+)", shown)[1].replace(",", ""))  # type: ignore[index]

    assert prompt("--title", "word " * 200) > prompt("--title", "word") + 150


def test_article_options_need_a_single_article(run: Run) -> None:
    several = run("estimate", ARTICLE, ARTICLE, "--title", "A", *BUILTIN)
    assert several.exit_code == 2
    assert "--title takes one article, and 2 are named" in several.stderr
    assert "Leave it out for several." in several.stderr
    gold = run("evaluate", GOLD.parent, "--title", "A", *BUILTIN)
    assert "title can be given for one article, and the gold has 12" in gold.stderr
    assert run("evaluate", GOLD, "--title", "A title", *BUILTIN, "--format", "json").stdout.count("A title") == 1


@pytest.mark.parametrize("command", ["batch", "batches submit", "search"])
def test_commands_without_article_options_say_which_command_takes_them(run: Run, command: str) -> None:
    result = run(*command.split(), ARTICLE, "--title=A")
    message = "--title: it is for a single article: summarizer brief ARTICLE --title …"
    assert (result.exit_code, message in result.stderr) == (2, True)


@pytest.mark.parametrize("option", [("--replies", "db.example"), ("--prices", "{file}")])
def test_values_that_the_builtin_engine_does_not_use_are_checked(
    run: Run, option: tuple[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "prices.toml"
    file.write_text("[some-model]\nin = 1\n", encoding="utf-8")
    result = run("estimate", ARTICLE, *BUILTIN, option[0], option[1].format(file=file))
    assert result.exit_code == 1
    assert "postgresql://USER@HOST" in result.stderr or "some-model in" in result.stderr


@pytest.mark.parametrize("command", ["brief", "estimate", "batch", "evaluate"])
def test_output_that_ends_in_a_slash_is_a_folder(run: Run, command: str, tmp_path: Path) -> None:
    source = GOLD if command == "evaluate" else ARTICLE
    result = run(command, source, *BUILTIN, "--output", f"{tmp_path / 'new'}/")
    assert (result.exit_code, "is a folder" in result.stderr) == (2, True)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("arguments", "name"), [(("batch",), "SOURCES..."), (("search",), "STORE"), (("schema", "foo"), "KIND")]
)
def test_usage_errors_name_arguments_as_the_help_does(run: Run, arguments: tuple[str, ...], name: str) -> None:
    assert re.search(rf"(argument|value for) '?\[?{re.escape(name)}", run(*arguments).stderr)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("arguments", [("--help",), ("schema",), ("brief", ARTICLE, *BUILTIN)], ids=str)
def test_standard_output_that_is_full_is_an_error_of_one_line(arguments: tuple[str | Path, ...]) -> None:
    command = [sys.executable, "-c", "from summarizer.cli import main; main()", *map(str, arguments)]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=ROOT)
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "No space left on device" in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--limit", "abc"), "“abc” is not a whole number."),
        (("--limit", "1.5"), "“1.5” is not a whole number."),
        (("--limit", "-1"), "“-1” is too small; the least is 0."),
        (("--timeout", "soon"), "“soon” is not a number."),
        (("--timeout", "nan"), "“nan” is too small"),
        (("--format", "pdf"), "“pdf” is not one of terminal, json, markdown, html.\n"),
        (("--format", "htlm"), "markdown, html. Did you mean html?"),
        (("--format", "JSON"), "Did you mean json?"),
        (("--full", "--limit", "3"), "it shows all positions, and --limit some of them"),
        (("--published", "2026-13-01"), "“2026-13-01” is not a date like 2026-11-01."),
        (("--language", "english!"), "“english!” is not a code like en or de. Did you mean english?"),
        (("--language", "12"), "“12” is not a code like en or de.\n"),
    ],
)
def test_bad_values_are_usage_errors_in_plain_words(run: Run, arguments: tuple[str, ...], message: str) -> None:
    result = run("brief", ARTICLE, *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert not any(words in result.stderr for words in FOREIGN)


@pytest.mark.parametrize("since", ["12", "2026-11-31", ""])
def test_invalid_date_of_a_batch_is_named(run: Run, since: str) -> None:
    assert f"“{since}” is not a date like 2026-11-01." in run("batch", ARTICLE, "--since", since).stderr


@pytest.mark.parametrize(
    ("options", "content"),
    [
        (("dossier", "{file}"), "{"),
        (("dossier", "{file}"), '{"title": 3}'),
        (("show", "{file}"), "a: [1"),
        (("show", "{file}"), '{"schema_version": 1, "article": 3}'),
        (("brief", ARTICLE, "--issues", "{file}"), "issues: [1\nb: }"),
        (("estimate", ARTICLE, "--model", "m", "--prices", "{file}"), "x = [1"),
        (("evaluate", GOLD, *BUILTIN, "--against", "{file}"), "{}"),
        (("evaluate", GOLD, *BUILTIN, "--against", "{file}"), "["),
        (("evaluate", "--from", "{file}"), "{]"),
    ],
)
def test_malformed_files_are_reported_without_words_of_other_libraries(
    run: Run, tmp_path: Path, options: tuple[str | Path, ...], content: str
) -> None:
    file = tmp_path / "file.yaml"
    file.write_text(content, encoding="utf-8")
    result = run(*(str(file) if option == "{file}" else option for option in options))
    assert result.exit_code == 1
    assert str(file) in result.stderr or "brief cannot be read" in result.stderr
    assert not any(words in result.stderr for words in FOREIGN)


@pytest.mark.parametrize("sources", [["seeds"], ["seeds/*.txt"], ["a.txt", "b.txt"]], ids=str)
def test_brief_of_several_articles_points_to_batch(
    run: Run, sources: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    result = run("brief", *sources)
    assert result.exit_code == 2
    assert "'summarizer batch " in result.stderr


def test_brief_of_a_feed_points_to_batch_and_names_no_function(run: Run, tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_text('<?xml version="1.0"?><rss version="2.0"><channel><item/></channel></rss>', encoding="utf-8")
    assert run("brief", feed).stderr.endswith("Name it as an argument of summarizer batch.\n")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        ((str(ARTICLE),), f" brief {ARTICLE}'?"),
        (("https://news.example/bridge",), " brief https://news.example/bridge'?"),
        (("merge",), " store merge'?"),
        (("collect", "x"), " batches collect'?"),
        (("brif",), "Did you mean 'brief'?"),
        (("nothing-like-it",), "No such command 'nothing-like-it'.\n"),
    ],
)
def test_unknown_command_gets_a_hint(run: Run, arguments: tuple[str, ...], hint: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, hint in result.stderr) == (2, True), result.stderr


@pytest.mark.parametrize("name", ["built-in", "built_in", "Builtin", "BUILT IN", "buildin", "bultin", "built-inn"])
def test_misspelt_name_of_the_builtin_engine_is_corrected(run: Run, name: str) -> None:
    shown = run("brief", ARTICLE, "--model", name).stderr
    assert f"The built-in engine is called “builtin”, not “{name}”. Set --model builtin" in shown


@pytest.mark.parametrize(
    ("arguments", "known"),
    [
        (("brief", ARTICLE, *BUILTIN, "-o"), ".json, .md, .markdown, .html, .htm"),
        (("show", ARTICLE, "-o"), ".html"),
        (("dossier", ARTICLE, "-o"), ".html"),
        (("estimate", ARTICLE, *BUILTIN, "-o"), ".txt, .json"),
        (("evaluate", GOLD, *BUILTIN, "-o"), ".json, .md, .markdown, .html, .htm"),
        (("evaluate", "--from", ARTICLE, "-o"), ".json, .yaml, .yml"),
        (("batch", ARTICLE, *BUILTIN, "-o"), ".jsonl, .ndjson"),
        (("export", ROOT / "seeds", "-o"), ".csv"),
    ],
    ids=lambda value: str(value[0]) if isinstance(value, tuple) else "",
)
def test_unknown_ending_of_the_output_is_an_error_with_the_known_ones(
    run: Run, tmp_path: Path, arguments: tuple[str | Path, ...], known: str
) -> None:
    result = run(*arguments, tmp_path / "out.pdf")
    assert result.exit_code in {1, 2}
    assert known in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_ending_of_the_output_chooses_the_format_of_an_estimate(run: Run, tmp_path: Path) -> None:
    assert run("estimate", ARTICLE, *BUILTIN, "-o", tmp_path / "cost.json").exit_code == 0
    assert (tmp_path / "cost.json").read_text(encoding="utf-8").startswith('{\n  "articles": 1')


@pytest.mark.slow
def test_bash_completes_commands_and_options(tmp_path: Path) -> None:
    program = tmp_path / "summarizer"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m summarizer "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    script = """eval "$(summarizer --show-completion bash)"
    complete_last() {
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _summarizer_completion summarizer; echo ${COMPREPLY[@]}
    }
    complete_last summarizer est; complete_last summarizer brief --tit; complete_last summarizer brief --format mark"""
    paths = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["bash", "-c", script], env=os.environ | paths, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["estimate", "--title", "markdown"]
