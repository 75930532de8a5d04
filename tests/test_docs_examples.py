"""The examples of pages that have no test of their own run: Python code, and commands of a shell."""

import json
import os
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from summarizer import Article, Dossier, Store, summarize
from summarizer.cli import app
from tests.batch_api.jobs import Jobs
from tests.batch_api.scripted import completions_for
from tests.batch_api.server import KEY, BatchServer
from tests.batch_api.test_command import answer_file
from tests.models.conftest import CannedResponse, Server, listing
from tests.site import Site, page, serve_site, story
from tests.sources.pdf_writer import PageWriter, pdf
from tests.sources.test_warc import Archive

pytestmark = pytest.mark.slow

README = Path(__file__).parent.parent / "README.md"
DOCS = README.parent / "docs"
SAID = "“The toll is unfair,” Jane Hill, the mayor, said. Tom Reed said that he supports the toll for the new bridge."
ARTICLES = {
    "2026-01-05": SAID,
    "2026-02-05": "Jane Hill said that she supports the toll. Who will pay for the bridge?",
    "2026-03-01": "“The ferries must stay,” Jane Hyll said. Mr Hill said that the toll was too high.",
}
FERRY = "“The ferry is old,” Ann Lee said."
BRIDGE = "“The bridge must go,” said Anna Berg."
FEED = f"""<rss version="2.0"><channel><title>News</title><item><title>Ferry</title>
<pubDate>Thu, 05 Nov 2026 09:00:00 GMT</pubDate><description>{FERRY}</description></item></channel></rss>"""
CODEBOOK = """issues:
  - id: toll
    proposition: The toll should be kept.
  - id: free
    proposition: The bridge must stay free.
"""
DECISIONS = "actors:\n  same:\n    - [Jane Hill, Jane Hyll]\n"
TESTED_ELSEWHERE = {
    *(page.stem for page in DOCS.glob("add-*.md")),
    *("codebook", "cost", "dossier", "evaluation", "exports", "many", "replies", "scale", "search", "store"),
    *("testing", "write-prompt"),
    *("actors", "changes", "coming-from", "errors", "events", "first-brief", "index", "issues", "schema"),
}
"""Pages whose Python code other tests run."""
COMMANDS_TESTED_ELSEWHERE = {"evaluation", "exports", "first-brief", "replies", "testing"}
OTHER_PROGRAMS = {"datasette", "docker", "pip", "sqlite-utils"}


def blocks(page: Path, language: str) -> list[str]:
    text = page.read_text(encoding="utf-8")
    return re.findall(rf"(?<!<!-- not run -->\n)^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def pages(language: str, tested: set[str]) -> list[Path]:
    return [page for page in sorted(DOCS.glob("*.md")) if page.stem not in tested and blocks(page, language)]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with all files that the examples name."""
    folder = tmp_path_factory.mktemp("prepared")
    (folder / "articles").mkdir()
    (folder / "archive" / "2026").mkdir(parents=True)
    with Store(folder / "briefs.db") as store:
        for number, (day, text) in enumerate(ARTICLES.items()):
            article = Article.from_text(text, title=f"Toll {number}", published=day, site="Courier")
            store.add(summarize(article, model="builtin"), article)
            (folder / "articles" / f"{number}.txt").write_text(text, encoding="utf-8")
        (folder / "codebook.yaml").write_text(CODEBOOK, encoding="utf-8")
        Dossier.from_store(store, codebook=folder / "codebook.yaml")
        with store.database.transaction() as connection:  # the number of a decision in docs/decisions.md
            connection.execute("UPDATE decisions SET id = 112 WHERE id = (SELECT max(id) FROM decisions)")
    brief = summarize(Article.from_file(folder / "articles" / "0.txt"), model="builtin").model_dump_json()
    files = {
        "article.txt": SAID,
        "archive/2026/a.txt": SAID,
        "extra.jsonl": json.dumps({"text": SAID, "title": "Extra"}) + "\n",
        "brief.json": brief,
        "corrected-brief.json": brief,  # a page in a browser saves it
        "who.yaml": DECISIONS,
    }
    printed = PageWriter()
    printed.lines(50, 700, story("Leeds").splitlines())
    (folder / "report.pdf").write_bytes(pdf(printed))
    (folder / "crawl.warc.gz").write_bytes(Archive().add("a.txt", SAID.encode(), "text/plain; charset=utf-8").data)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


@pytest.fixture
def folder(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a copy of the folder as the working directory; models are those of a scripted server."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    town = re.search(r'text = """(.*?)"""', README.read_text(encoding="utf-8"), re.DOTALL)
    assert town
    complete = completions_for(*ARTICLES.values(), FERRY, BRIDGE, town[1])
    server = Server()
    server.models = CannedResponse(listing("tiny"))
    batches = BatchServer(Jobs(tmp_path / "server", complete))
    server.respond = lambda request: CannedResponse(complete(request.json))
    monkeypatch.chdir(tmp_path)
    for name, value in (
        ("OPENAI_API_KEY", KEY),
        ("BATCHES", batches.url),
        ("OPENAI_BASE_URL", server.url),
        ("AZURE_OPENAI_API_KEY", "none"),
    ):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("webbrowser.open", lambda _: True)
    yield tmp_path
    server.close()
    batches.close()


@pytest.fixture
def site() -> Iterator[Site]:
    """Return a site with the pages and feeds that the examples name."""
    pages: dict[str, bytes | tuple[str, bytes]] = {
        "/bridge": page("Bridge closes", story("Riverton")),
        "/feed.xml": ("application/rss+xml", FEED.encode()),
    }
    with serve_site(Site(pages)) as site:
        yield site


@pytest.mark.parametrize("page", [*pages("python", TESTED_ELSEWHERE), README], ids=lambda path: path.stem)
def test_python_examples_of_the_page_run(page: Path, folder: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    serve_batches(page, monkeypatch)
    Path("empty").mkdir()
    monkeypatch.chdir("empty")
    names: dict[str, Any] = {}  # the examples of a page make all that they use
    for code in blocks(page, "python"):
        exec(compile(_with_addresses(code, site), page.name, "exec"), names)


def serve_batches(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the server of batches the one that is asked by the examples of its page."""
    if page.stem == "batch-api":
        Path("briefs.db").unlink()  # its briefs are made
        monkeypatch.setenv("OPENAI_BASE_URL", os.environ["BATCHES"])
        monkeypatch.setenv("SUMMARIZER_MODEL", "tiny")


def _with_addresses(code: str, site: Site) -> str:
    """Return the code with the addresses of the servers of the test."""
    code = code.replace("http://localhost:11434/v1", os.environ["OPENAI_BASE_URL"])
    code = code.replace('journal="briefs.db"', 'journal="briefs.db", poll=0.01, submit_after=0.01')
    code = code.replace("Fetcher(", "Fetcher(allow_private=True, ")
    return code.replace("https://news.example", site.address)


@pytest.mark.parametrize("page", pages("console", COMMANDS_TESTED_ELSEWHERE), ids=lambda path: path.stem)
def test_commands_of_the_page_run(page: Path, folder: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    serve_batches(page, monkeypatch)
    for line in commands(page):
        run_command(line, site)


def test_commands_of_the_readme_run(folder: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    variables = {name: os.environ[name] for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL")}
    for name in variables:
        monkeypatch.delenv(name)
    for line in commands(README):
        if line.startswith("export "):
            name = line.removeprefix("export ").partition("=")[0]
            monkeypatch.setenv(name, variables[name])
        else:
            run_command(line, site)


def commands(page: Path) -> list[str]:
    lines = [line[2:] for block in blocks(page, "console") for line in block.splitlines() if line.startswith("$ ")]
    assert lines
    return lines


def run_command(line: str, site: Site) -> None:
    """Run a command as the page shows it, with the server's address and without waiting."""
    feeding, _, command = line.rpartition(" | ")
    assert feeding in ("", "find . -name '*.txt'")
    program, *arguments = shlex.split(command, comments=True)
    if program in OTHER_PROGRAMS:
        return
    if program == "vllm":
        answer_file(Path("requests.jsonl"), Path("replies.jsonl"), completions_for(*ARTICLES.values()))
        return
    assert program == "summarizer", line
    if "--batch-api" in arguments:
        arguments += ["--poll", "0.01"]
    if "https://news.example" in command:
        arguments.append("--allow-private")
    arguments = [argument.replace("https://news.example", site.address) for argument in arguments]
    names = "\n".join(map(str, Path().glob("**/*.txt"))) if feeding else None
    result = CliRunner().invoke(app, arguments, input=names)
    expected = (0, 3) if "--write-requests" in arguments else (0,)  # its articles have no brief yet
    assert result.exit_code in expected, f"{line}\n{result.output}"
