"""Loading a source as an Article: formats by content and name, and strings that are not text."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Article, ArticleError, Outcome, Summarizer, asummarize, summarize, summarize_many
from summarizer.sources import INLINE_LIMIT, LOADERS, Content, Loader, load_article, load_content, load_file, to_article
from summarizer.sources.html import HTML
from summarizer.sources.pdf import PDF
from tests.article.texts import WORDS

TEXT = "The ferry sank, Anna Berg said. Nobody drowned."


def load_csv(content: Content) -> Article:
    title, text = content.data.decode().removeprefix("#csv\n").split(";")
    return Article.from_text(text, title=title)


@pytest.fixture
def csv_loader() -> Iterator[Loader]:
    loader = Loader(
        "csv", load_csv, suffixes=(".csv",), media_types=("text/csv",), recognizes=lambda data: data.startswith(b"#csv")
    )
    LOADERS.append(loader)
    yield loader
    LOADERS.remove(loader)


@pytest.mark.usefixtures("csv_loader")
@pytest.mark.parametrize(
    ("name", "data", "title"),
    [
        ("a.csv", b"Ferry;It sank.", "Ferry"),
        ("a.CSV", b"Ferry;It sank.", "Ferry"),
        ("a.txt", b"#csv\nFerry;It sank.", "Ferry"),
        ("a", b"#csv\nFerry;It sank.", "Ferry"),
        ("a.txt", b"Ferry;It sank.", None),
        ("a.unknown", b"Ferry;It sank.", None),
    ],
)
def test_loader_is_chosen_by_content_then_by_suffix(tmp_path: Path, name: str, data: bytes, title: str | None) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    article = Article.from_file(path)
    assert (article.title, article.source) == (title, str(path))


@pytest.mark.usefixtures("csv_loader")
def test_media_type_chooses_the_loader() -> None:
    assert load_content(Content(b"Ferry;It sank.", "reply", media_type="text/csv")).title == "Ferry"


@pytest.mark.usefixtures("csv_loader")
def test_unsupported_content_is_rejected_under_any_name(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"{\\rtf1 It sank.}")
    with pytest.raises(ArticleError, match=r"a\.csv is a rich-text document, not an article"):
        load_file(path)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.7\n...", "PDF"),
        (b"\n%PDF-1.4\xe2\x80\xa6", "PDF"),
        (b"\x00" * 128 + b"%PDF-1.4\r\x00", "PDF"),
        (b"<!DOCTYPE html><p>It sank.", "HTML"),
        (b"\xef\xbb\xbf\n <!-- made by hand --><HTML lang=en>", "HTML"),
        (b"<?xml version='1.0'?>\n<html>", "HTML"),
        (b"<body><p>It sank.", "HTML"),
        (b"<head><title>Ferry sinks", "HTML"),
        (b"  <div class='a b' id=\"x\" hidden>It sank.</div>", "HTML"),
        (b"<P>It sank.", "HTML"),
    ],
)
def test_format_is_recognized_by_content(data: bytes, name: str) -> None:
    loaders = {"PDF": PDF, "HTML": HTML}
    assert next(loader for loader in LOADERS if loader.recognizes(data)) is loaders[name]


def test_given_metadata_take_precedence_over_those_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Ferry sinks\n\nBy Ann Lee\n\nIt sank at noon.", encoding="utf-8")
    article = Article.from_file(path, title="Another", language="en")
    assert (article.title, article.author, article.language) == ("Another", "Ann Lee", "en")


def test_metadata_with_a_lone_surrogate_are_rejected(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    with pytest.raises(ArticleError, match="The article's title contains a lone surrogate"):
        Article.from_file(path, title="Ferry \ud800")


PATHS = ["notes.txt", "./notes", "C:\\texts\\ferry.docx", "/srv/texts/ferry.HTML", "Zeitung/Fähre.pdf", " ferry.md\n"]
MISSING = ["/nonexistent/dir/article", "../a/b", "~/ferry", "\\\\server\\ferry", "art.htm?x=1", "art.htm#top"]
SPACED = [
    "/home/me/my story.txt",
    "~/articles/tram story.txt",
    "C:\\Users\\me\\article one.txt",
    "file:///a/my story.txt",
]
URLS = [
    *("https://example.org/ferry", "HTTP://example.org", "www.example.org/a?b=c", "https://de.example.org/Fähre\n"),
    *("<https://example.org/a>", "feed://x.org/rss", "ftp://x.org/a.txt", "s3://b/k.txt", "file:///a/b"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("notes", "A long story.txt"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    (tmp_path / "arts").mkdir()
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("path", [*PATHS, *MISSING, *SPACED, "notes", "A long story.txt", "arts", "arts/", "./arts"])
def test_string_that_is_a_path_is_rejected(path: str) -> None:
    with pytest.raises(ArticleError, match="is a path, not the text of an article") as caught:
        to_article(path)
    assert caught.value.hint == "Pass pathlib.Path(…) to read the file."


@pytest.mark.parametrize("url", URLS)
def test_string_that_is_a_url_is_rejected(url: str) -> None:
    with pytest.raises(ArticleError, match="is a URL, not the text of an article") as caught:
        to_article(url)
    assert caught.value.hint == 'To fetch the page: summarize(URL("https://…")).'


def test_message_about_a_url_has_no_password_and_no_query() -> None:
    with pytest.raises(ArticleError) as caught:
        to_article("https://ann:secret@news.example/a?token=secret")
    assert "https://news.example/a?…" in caught.value.message
    assert "secret" not in str(caught.value)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "text",
    [
        "Ferry",
        "Peace",
        "AC/DC",
        "Node.js",
        "Read notes.txt",
        "He opened /etc/passwd and read it.",
        "/srv/a.pdf is not b.pdf",
        "/etc/passwd was open. He copied it to notes.txt",
        "~/notes.txt is lost.",
        "ftp://x.org/a.txt tells of notes.txt",
        "Ferry arts",
        "No such story.txt",
        "www.example.org is down.",
        "https://example.org/ferry said that it sank.",
        "notes.txt\nnotes.txt",
        "渡轮沉没了。见notes.txt",
        "https://example.org。渡轮沉没了。",
        "a" * 10_000 + ".txt",
        "A long story.txt\0",
    ],
)
def test_text_that_only_mentions_a_path_or_a_url_is_text(text: str) -> None:
    assert to_article(text).text == text


ENDS = [".", "!", "?", "…", "."]
MENTIONS = ["notes.txt", "https://example.org/a", "www.example.org", "A long story.txt", "/srv/a.pdf"]
sentences = st.builds(
    lambda words, end: " ".join(words) + end,
    st.lists(st.sampled_from([*WORDS, *MENTIONS]), min_size=2, max_size=12),
    st.sampled_from(ENDS),
)


@given(
    st.lists(sentences, min_size=1, max_size=5), st.sampled_from([" ", "\n", "\n\n"]), st.sampled_from(["", *MENTIONS])
)
def test_text_with_sentences_is_never_rejected(parts: list[str], between: str, last: str) -> None:
    text = between.join([*parts, last])
    assert to_article(text).text == text


ENTRY_POINTS: dict[str, Callable[[str], Any]] = {
    "summarize": lambda source: summarize(source, model="builtin"),
    "Summarizer.summarize": lambda source: Summarizer(model="builtin").summarize(source),
    "Summarizer.estimate": lambda source: Summarizer(model="builtin").estimate(source),
}


@pytest.mark.parametrize("name", ENTRY_POINTS)
@pytest.mark.parametrize("source", ["notes.txt", "https://example.org/ferry"])
def test_every_call_rejects_paths_and_urls_as_strings(name: str, source: str) -> None:
    with pytest.raises(ArticleError, match=r"is a (path|URL)"):
        ENTRY_POINTS[name](source)


async def test_asynchronous_call_rejects_a_path_as_string() -> None:
    with pytest.raises(ArticleError, match="is a path"):
        await asummarize("notes.txt", model="builtin")


def test_batch_reports_a_path_as_string_and_continues() -> None:
    outcomes: list[Outcome] = list(summarize_many(["notes.txt", TEXT], model="builtin"))
    assert isinstance(outcomes[0].error, ArticleError)
    assert outcomes[1].brief is not None


async def test_long_text_and_files_are_loaded_as_well(folder: Path) -> None:
    long = TEXT + " It sank." * INLINE_LIMIT
    assert (await load_article(long)).text == long
    assert (await load_article(folder / "notes")).text == TEXT


def test_error_in_place_of_a_source_is_raised() -> None:
    error = ArticleError("It could not be fetched.")
    with pytest.raises(ArticleError) as caught:
        to_article(error)
    assert caught.value is error


@pytest.mark.parametrize(
    "seed",
    ["library-opinion.md", "ferry-letter.docx", "dam-pamphlet.epub", "terminal-press-mail.eml", "tram-opinion.txt"],
)
def test_document_at_an_address_has_the_address(seeds: Path, seed: str) -> None:
    path = seeds / seed
    address = f"https://files.example/{seed}"
    assert load_content(Content(path.read_bytes(), address, suffix=path.suffix, url=address)).url == address
    assert load_content(Content(path.read_bytes(), seed, suffix=path.suffix)).url is None


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="the system has no such device")
def test_file_without_end_is_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.sources.loaders.MAX_BYTES", 1_000_000)
    with pytest.raises(ArticleError, match=r"/dev/zero is too large\. The limit is 1 MB\."):
        load_file(Path("/dev/zero"))


def test_name_with_a_null_character_is_one_error() -> None:
    with pytest.raises(ArticleError, match="cannot be read: embedded null byte"):
        load_file(Path("a\0b"))
