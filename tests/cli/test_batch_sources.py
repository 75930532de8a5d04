"""The sources of batch and estimate: addresses, feeds, archives, books; what is skipped; repeated articles."""

import io
import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from summarizer import Fetcher, Store
from summarizer.cli import app
from summarizer.cli.sources import find_address
from tests.site import Site, item, page, rss, serve_site, story

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
BUILTIN = ["--model", "builtin"]
Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command whose Fetcher does not wait between requests."""

    def create_fetcher(store: Store | None = None, *, allow_private: bool, ignore_robots: bool) -> Fetcher:
        return Fetcher(allow_private=allow_private, respect_robots=not ignore_robots, interval=0, cache=store)

    for module in ("options", "show"):
        monkeypatch.setattr(f"summarizer.cli.{module}.create_fetcher", create_fetcher)
    monkeypatch.setenv("TERM", "dumb")

    def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
        options = BUILTIN if arguments[0] != "show" else []
        return CliRunner().invoke(app, [*map(str, arguments), *options, "--allow-private"], input=stdin)

    return run


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site({f"/{name}": page(f"Bridge of {name} closes", story(name)) for name in ("north", "south", "east")})
    feed = rss(item("/north", date="2026-11-02"), item("/south", date="2026-10-02"), item("/none", date="2026-11-02"))
    site.pages["/news"] = ("application/rss+xml", feed)
    site.pages["/feed.xml"] = ("text/xml", rss(item("/east")))
    with serve_site(site):
        yield site


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "briefs.jsonl"


def rows(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def statuses(out: Path) -> list[tuple[str, str]]:
    return [(row["source"].rpartition("/")[2], row["status"]) for row in rows(out)]


def warc(*names: str) -> bytes:
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=True)
    for name in names:
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        payload = io.BytesIO(page(f"Bridge of {name} closes", story(name)))
        url = f"https://news.example/{name}"
        record = writer.create_warc_record(url, "response", payload=payload, http_headers=http)
        writer.write_record(record)
        record.raw_stream.close()
    return file.getvalue()


# Addresses


def test_brief_of_an_address(run: Run, site: Site) -> None:
    result = run("brief", site.url("/north"))
    assert result.exit_code == 0, result.output
    assert "Bridge of north closes" in result.stdout
    assert site.url("/north") in result.stdout


def test_given_title_and_language_of_a_page_win(run: Run, site: Site) -> None:
    result = run("brief", site.url("/north"), "--title", "Another title", "--language", "de", "--format", "json")
    article = json.loads(result.stdout)["article"]
    assert (article["title"], article["language"]) == ("Another title", "de")


def test_page_on_standard_input_is_read_by_its_content(run: Run, site: Site) -> None:
    result = run("brief", "-", stdin=site.pages["/north"])
    assert "Bridge of north closes" in result.stdout


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{site}/none", "There is no page"),
        ("{site}/news", "is a feed, which holds several articles. Name it as an argument of summarizer batch."),
        ("ftp://news.example/a", "http"),
    ],
)
def test_address_without_an_article_is_a_one_line_error(run: Run, site: Site, source: str, message: str) -> None:
    result = run("brief", source.format(site=site.address))
    (line,) = result.stderr.splitlines()
    assert result.exit_code == 1
    assert message in line


@pytest.mark.parametrize(
    ("argument", "address"),
    [
        ("https://news.example/a", "https://news.example/a"),
        ("www.news.example/a?b=c", "https://www.news.example/a?b=c"),
        (" <http://news.example> ", "http://news.example"),
        ("news.example", None),
        ("a.txt", None),
        ("www.news.example is down.", None),
        ("https://news.example said that it sank.", None),
    ],
)
def test_argument_is_an_address_only_as_a_whole(argument: str, address: str | None) -> None:
    assert find_address(argument) == address


def test_file_named_like_an_address_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "www.txt").write_text("It sank.", encoding="utf-8")
    assert find_address("www.txt") is None


def test_interrupted_fetch_is_a_one_line_message(run: Run, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("summarizer.cli.sources.load_url", interrupt)
    result = run("brief", site.url("/north"))
    assert (result.exit_code, result.stderr) == (130, "summarizer: interrupted.\n")


@pytest.mark.parametrize("path", ["/none", "/empty", "/picture", "/news", "/broken.pdf"])
@pytest.mark.parametrize("command", ["brief", "estimate"])
def test_messages_repeat_no_password_and_no_query(run: Run, site: Site, command: str, path: str) -> None:
    pages: dict[str, bytes | tuple[str, bytes]] = {"/empty": b"", "/picture": ("image/png", b"")}
    pages |= {"/broken.pdf": b"%PDF-1.4", "/news": ("application/rss+xml", rss(item("//ann:secret@127.0.0.1:9/a")))}
    site.pages = {f"{name}?token=secret": page for name, page in pages.items()}
    result = run(command, site.url(f"{path}?token=secret").replace("//", "//ann:secret@"))
    assert result.exit_code == 1
    assert "secret" not in result.stderr


def test_private_address_needs_an_option(site: Site) -> None:
    result = CliRunner().invoke(app, ["brief", site.url("/north"), *BUILTIN])
    assert result.exit_code == 1
    assert "--allow-private" in result.stderr
    assert site.requests == []


def test_robots_file_is_respected_unless_an_option_says_otherwise(run: Run, site: Site) -> None:
    site.pages["/robots.txt"] = ("text/plain", b"User-agent: *\nDisallow: /")
    assert run("brief", site.url("/north")).exit_code == 1
    assert run("brief", site.url("/north"), "--ignore-robots").exit_code == 0


def test_article_of_a_stored_brief_may_be_an_address(run: Run, site: Site, tmp_path: Path) -> None:
    brief, shown = tmp_path / "brief.json", tmp_path / "brief.html"
    assert run("brief", site.url("/north"), "-o", brief).exit_code == 0
    result = run("show", brief, "--article", site.url("/north"), "-o", shown)
    assert result.exit_code == 0, result.output
    assert "The bridge of north" in shown.read_text(encoding="utf-8")


# Feeds, lists, archives


def test_feed_contributes_its_entries_and_names_what_it_leaves_out(run: Run, site: Site, out: Path) -> None:
    result = run("batch", site.url("/news"), site.url("/east"), "--since", "2026-11-01", "--out", out)
    assert result.exit_code == 3
    assert statuses(out) == [("north", "done"), ("south", "skipped"), ("none", "failed"), ("east", "done")]
    assert rows(out)[1]["reason"] == "older than 2026-11-01"
    assert "2 done, 1 failed, 1 skipped" in result.stderr
    assert f"skipped: 1 × older than 2026-11-01 ({site.url('/south')})" in result.stderr
    assert "/south" not in site.requests


def test_skipped_sources_do_not_change_the_exit_code(run: Run, site: Site, out: Path) -> None:
    result = run("batch", site.url("/news"), "--since", "2026-11-01", "--limit", "1", "--out", out)
    assert result.exit_code == 0
    assert statuses(out) == [("north", "done")]
    assert "--limit 1: later sources were not read." in result.stderr


def test_article_with_an_earlier_date_is_skipped(run: Run, tmp_path: Path, out: Path) -> None:
    lines = tmp_path / "a.jsonl"
    dates = ("2026-10-31", "2026-11-01T09:00:00+01:00", None)
    articles = [{"text": story(str(number)), "published": value} for number, value in enumerate(dates)]
    lines.write_text("\n".join(map(json.dumps, articles)), encoding="utf-8")
    assert run("batch", lines, "--since", "2026-11-01", "--out", out).exit_code == 0
    assert [row["status"] for row in rows(out)] == ["skipped", "done", "done"]


def test_invalid_date_is_an_error_before_any_work(run: Run, site: Site, out: Path) -> None:
    result = run("batch", site.url("/news"), "--since", "yesterday", "--out", out)
    assert result.exit_code == 2
    assert "“yesterday” is not a date like 2026-11-01" in result.stderr
    assert site.requests == []


def test_list_may_name_addresses_feeds_and_files(run: Run, site: Site, tmp_path: Path, out: Path) -> None:
    file = tmp_path / "west.txt"
    file.write_text(story("west"), encoding="utf-8")
    lines = [site.url("/north"), str(file), site.url("/feed.xml"), "", site.url("/none")]
    assert run("batch", "-", "--out", out, stdin="\n".join(lines).encode()).exit_code == 3
    assert statuses(out) == [("north", "done"), ("west.txt", "done"), ("east", "done"), ("none", "failed")]


def test_json_lines_may_hold_addresses_and_pages(run: Run, site: Site, tmp_path: Path, out: Path) -> None:
    html = page("Bridge of west closes", story("west")).decode()
    articles = [
        {"url": site.url("/north"), "title": "Another title", "id": 1},
        {"html": html, "url": "https://news.example/west", "author": "Ann Lee", "id": 2},
        {"text": story("up"), "url": "https://news.example/up", "id": 3},
        {"html": "<p>", "id": 4},
    ]
    lines = tmp_path / "a.jsonl"
    lines.write_text("\n".join(map(json.dumps, articles)), encoding="utf-8")
    assert run("batch", lines, "--out", out).exit_code == 3
    found = rows(out)
    assert [row["id"] for row in found] == ["1", "2", "3", "4"]
    first, second, third = (row["brief"]["article"] for row in found[:3])
    assert (first["title"], first["source"]) == ("Another title", site.url("/north"))
    assert (second["title"], second["author"], second["source"]) == (
        "Bridge of west closes",
        "Ann Lee",
        "https://news.example/west",
    )
    assert third["url"] == "https://news.example/up"
    assert found[3]["source"] == f"{lines}, line 4"


def test_missing_extra_fails_its_articles_and_the_others_are_read(
    run: Run, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch, seeds: Path
) -> None:
    monkeypatch.setitem(sys.modules, "mammoth", None)
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    lines = tmp_path / "lines.jsonl"
    html = page("Bridge of north closes", story("north")).decode()
    lines.write_text(json.dumps({"html": html}) + "\n" + json.dumps({"text": story("south")}), encoding="utf-8")
    result = run("batch", seeds / "ferry-letter.docx", lines, seeds / "tram-opinion.txt", "--out", out)
    assert [row["status"] for row in rows(out)] == ["failed", "failed", "done", "done"]
    assert result.exit_code == 3
    for subject, package, extra in (("Word documents", "mammoth", "docx"), ("Web pages", "trafilatura", "web")):
        message = f"1 × {subject} need the package {package}, which is not installed."
        assert f"{message} Install it: pip install 'articlebrief[{extra}]' (" in result.stderr


def test_articles_that_lacked_an_extra_are_read_once_it_is_installed(
    run: Run, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch, seeds: Path
) -> None:
    arguments = ("batch", seeds / "ferry-letter.docx", "--out", out, "--store", tmp_path / "briefs.db")
    with monkeypatch.context() as patched:
        patched.setitem(sys.modules, "mammoth", None)
        assert run(*arguments).exit_code == 3
    assert run(*arguments).exit_code == 0
    assert rows(out)[0]["status"] == "done"


def test_folder_contributes_every_format_and_names_the_other_files(run: Run, tmp_path: Path, out: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.html").write_bytes(page("Bridge of north closes", story("north")))
    (folder / "b.md").write_text(f"# Bridge\n\n{story('south')}", encoding="utf-8")
    (folder / "c.warc.gz").write_bytes(warc("east", "west"))
    (folder / "d.xml").write_bytes(rss(item(title="Ferry", text="<p>It sank, Ann Lee said.</p>")))
    (folder / "e.xml").write_bytes(b"<svg/>")
    (folder / "f.png").write_bytes(b"\x89PNG")
    (folder / "g.PNG").write_bytes(b"\x89PNG")
    (folder / "LICENSE").write_bytes(b"Free.")
    result = run("batch", folder, "--out", out)
    assert result.exit_code == 0, result.output
    assert [row["status"] for row in rows(out)] == ["done"] * 5 + ["skipped"] * 4
    assert [(row["source"], row["reason"]) for row in rows(out)[5:]] == [
        (str(folder / "LICENSE"), "its name has no suffix"),
        (str(folder / "e.xml"), "it is not a feed"),
        (str(folder / "f.png"), "files that end in .png are not read"),
        (str(folder / "g.PNG"), "files that end in .png are not read"),
    ]
    names = f"{folder / 'f.png'}, {folder / 'g.PNG'}"
    assert f"skipped: 2 × files that end in .png are not read ({names})" in result.stderr


def test_what_a_folder_holds_but_does_not_contribute_is_named(
    run: Run, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, elsewhere = tmp_path / "articles", tmp_path / "elsewhere"
    for each in (folder, elsewhere, folder / "locked"):
        each.mkdir()
        (each / "a.txt").write_text(story(each.name), encoding="utf-8")
    (folder / "link").symlink_to(elsewhere, target_is_directory=True)
    (folder / "a.png").write_bytes(b"")
    scandir = os.scandir

    def refuse(path: str) -> Any:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    result = run("batch", folder, "--out", out)
    assert result.exit_code == 3, result.output
    done, failed, link, picture = rows(out)
    assert (done["status"], failed["status"], link["status"], picture["status"]) == ("done", "failed", *["skipped"] * 2)
    assert failed["error"]["message"] == f"The folder {folder / 'locked'} cannot be read: Permission denied."
    assert (link["source"], link["reason"]) == (str(folder / "link"), "links to folders are not followed")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
@pytest.mark.parametrize("name", ["a.txt", "a.xml", "a.jsonl"])
def test_pipe_in_a_folder_is_not_waited_for(run: Run, tmp_path: Path, out: Path, name: str) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    os.mkfifo(folder / name)
    (folder / "b.txt").write_text(story("north"), encoding="utf-8")
    assert run("batch", folder, "--out", out).exit_code == 0
    assert {row["reason"] for row in rows(out)} == {None, "it is not a regular file"}


def test_output_and_store_in_the_folder_are_no_sources(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text(story("north"), encoding="utf-8")
    for _ in range(2):
        result = run("batch", folder, "--out", folder / "briefs.jsonl", "--store", folder / "briefs.db")
        assert result.exit_code == 0, result.output
        assert [row["status"] for row in rows(folder / "briefs.jsonl")] == ["done"]


def test_outcomes_of_an_earlier_batch_are_skipped(run: Run, tmp_path: Path, out: Path) -> None:
    (tmp_path / "a.txt").write_text(story("north"), encoding="utf-8")
    run("batch", tmp_path / "a.txt", "--out", out)
    result = run("batch", out, "--out", tmp_path / "other.jsonl")
    assert result.exit_code == 0
    assert [row["status"] for row in rows(tmp_path / "other.jsonl")] == ["skipped"]


def test_book_contributes_its_chapters(run: Run, out: Path) -> None:
    book = ROOT / "seeds" / "dam-pamphlet.epub"
    assert run("batch", book, "--out", out).exit_code == 0
    assert statuses(out) == [(f"{book.name}#for.xhtml", "done"), (f"{book.name}#against.xhtml", "done")]


# Repeated articles


def test_same_text_or_address_is_read_once(run: Run, site: Site, tmp_path: Path, out: Path) -> None:
    canonical = f'<link rel="canonical" href="{site.url("/north")}">'
    site.pages["/copy"] = page("Bridge of north closes", story("north changed"), head=canonical)
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(story("west"), encoding="utf-8")
    result = run("batch", tmp_path, site.url("/north"), site.url("/north#top"), site.url("/copy"), "--out", out)
    assert result.exit_code == 0
    assert [row["reason"] for row in rows(out)] == [
        None,
        f"same text as {tmp_path / 'a.txt'}",
        None,
        f"same address as {site.url('/north')}",
        f"same address as {site.url('/north')}",
    ]


def test_earlier_of_two_files_is_read_under_concurrency(run: Run, tmp_path: Path, out: Path) -> None:
    for number in range(8):  # a long file is read in a thread
        text = story(f"town {number}") + "\n\nIt sank." * (3_000 if number % 4 == 0 else 1)
        (tmp_path / f"{number}.txt").write_text(text, encoding="utf-8")
    copies = tmp_path / "copies"
    copies.mkdir()
    for file in sorted(tmp_path.glob("*.txt")):
        (copies / file.name).write_bytes(file.read_bytes())
    run("batch", *sorted(tmp_path.glob("*.txt")), copies, "--out", out)
    assert [row["status"] for row in rows(out)] == ["done"] * 8 + ["skipped"] * 8


def test_second_run_with_a_store_fetches_with_conditions_and_makes_no_new_brief(
    run: Run, site: Site, tmp_path: Path, out: Path
) -> None:
    site.etags["/north"] = '"1"'
    arguments = ["batch", site.url("/north"), "--store", tmp_path / "briefs.db", "--out", out]
    run(*arguments)
    result = run(*arguments)
    assert "1 done (1 before)" in result.stderr
    assert site.headers[-1]["If-None-Match"] == '"1"'


def test_failed_address_is_fetched_again_in_a_later_run(run: Run, site: Site, tmp_path: Path) -> None:
    arguments = ["batch", site.url("/late"), "--store", tmp_path / "briefs.db"]
    assert run(*arguments).exit_code == 3
    site.pages["/late"] = page("Bridge of late closes", story("late"))
    assert run(*arguments).exit_code == 0


# Estimates


def test_estimate_takes_the_same_sources(run: Run, site: Site, tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(warc("east", "west"))
    result = run("estimate", site.url("/news"), tmp_path / "a.warc.gz", "--since", "2026-11-01", "--format", "json")
    assert result.exit_code == 3, result.output
    estimate = json.loads(result.stdout)
    assert estimate["articles"] == 3
    assert [failure["source"] for failure in estimate["failed"]] == [site.url("/none")]
    assert f"skipped: {site.url('/south')}: older than 2026-11-01" in result.stderr


def test_pipe_is_read_once(run: Run, tmp_path: Path, out: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(story("north"),), daemon=True)
    writer.start()
    assert run("batch", pipe, "--out", out).exit_code == 0
    writer.join()
    assert statuses(out) == [("pipe", "done")]
