"""Load EPUB books, of versions 2 and 3."""

import re
from collections.abc import Iterator
from posixpath import basename, dirname, join, normpath
from typing import NamedTuple
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from summarizer._patterns import compile_lazily
from summarizer._text import collapse_whitespace, shorten
from summarizer.article import Article
from summarizer.errors import ArticleError
from summarizer.sources.archives import MAX_TEXT, Archive, entry_names, is_zip
from summarizer.sources.base import Content, Loader
from summarizer.sources.encodings import detect_bom
from summarizer.sources.markup import Markup, find_tokens, join_blocks, read_attributes, read_markup

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_FONT_ALGORITHMS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")  # no protection of text
_DOCUMENT_TYPES = frozenset(("application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document"))
_HTML_SUFFIXES = (".xhtml", ".html", ".htm", ".xml")
# Pages around the text, by the types of EPUB 3 and of the guide of EPUB 2.
_AROUND = frozenset(
    "cover titlepage title-page copyright-page copyright toc landmarks loi lot list-of-illustrations doc-toc doc-cover"
    " index doc-index colophon page-list doc-pagelist".split()
)
_COPYRIGHT = compile_lazily(
    r"©|\bISBN\b|\bcopyright\b|all rights reserved|alle rechte vorbehalten|tous droits", re.IGNORECASE
)
_MAX_COPYRIGHT = 1_500  # characters of a page that is about the rights
_MIN_PAGE = 60  # characters; shorter pages are covers and half titles
_MAX_AROUND = 20_000
_XML_ENCODING = compile_lazily(rb"<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")


class _Book(NamedTuple):
    """The package document of a book."""

    title: str | None
    author: str | None
    published: str | None
    language: str | None
    spine: list[str]
    """The names of the files with the text, in reading order."""
    around: frozenset[str]
    """Files of the spine that are around the text: the cover, the contents …"""
    contents: str | None
    """The name of the file with the table of contents."""


class _Chapter(NamedTuple):
    path: str
    markup: Markup
    text: str


def load_epub(content: Content) -> Article:
    """Load a whole book: its chapters in reading order, without cover, contents and copyright page."""
    archive = Archive(content.data, content.name, "an EPUB book")
    book = _read_book(archive, content.name)
    warnings: list[str] = []
    chapters = list(_read_chapters(archive, book, content.name, warnings))
    return Article.from_text(
        "\n\n".join([chapter.text for chapter in chapters]),
        title=book.title,
        author=book.author,
        published=book.published,
        language=book.language,
        warnings=warnings,
    )


def epub_chapters(content: Content) -> Iterator[Article]:
    """Yield an article for each document of a book that has text.

    Its title is the document's heading, or its entry in the table of contents. Its source names the document:
    "book.epub#chapter3.xhtml".

    Raises:
        ArticleError: The file is damaged, protected, or has no text.
    """
    archive = Archive(content.data, content.name, "an EPUB book")
    book = _read_book(archive, content.name)
    labels = _read_labels(archive, book)
    warnings: list[str] = []
    for chapter in _read_chapters(archive, book, content.name, warnings):
        heading = next((block.text for block in chapter.markup.blocks if block.level), None)
        title = heading or labels.get(chapter.path) or chapter.markup.title
        yield Article.from_text(
            chapter.text,
            title=shorten(title, 300) if title else None,
            source=f"{content.name}#{basename(chapter.path)}",
            author=book.author,
            published=book.published,
            language=chapter.markup.language or book.language,
            warnings=["Footnotes or endnotes were left out."] if chapter.markup.has_notes else (),
        )


def is_epub(data: bytes) -> bool:
    """Return whether the content is an EPUB book, which may be damaged."""
    return is_zip(data) and (b"application/epub+zip" in data[:200] or _CONTAINER in entry_names(data))


def _read_book(archive: Archive, name: str) -> _Book:
    package_path = _package_path(archive)
    package = archive.read_xml(package_path, allow_doctype=True)
    folder = dirname(package_path)
    items: dict[str, tuple[str, str, str]] = {}  # path, media type and properties by id
    for item in _find(package, "item"):
        path = _resolve(folder, item.get("href", ""))
        items[item.get("id", "")] = path, item.get("media-type", "").lower(), item.get("properties", "")
    spine, around = [], set()
    for reference in _find(package, "itemref"):
        path, media_type, properties = items.get(reference.get("idref", ""), ("", "", ""))
        if media_type in _DOCUMENT_TYPES or path.lower().endswith(_HTML_SUFFIXES):
            spine.append(path)
            if "nav" in properties.split() or reference.get("linear") == "no":
                around.add(path)
    for reference in _find(package, "reference"):  # the guide of EPUB 2
        if reference.get("type", "").lower() in _AROUND:
            around.add(_resolve(folder, reference.get("href", "")))
    if not spine:
        raise archive.damaged("it lists no chapters")
    _refuse_protection(archive, spine, name)
    navigation = [path for path, _, properties in items.values() if "nav" in properties.split()]
    navigation += [path for path, media_type, _ in items.values() if media_type == "application/x-dtbncx+xml"]
    dates = {item.get("{http://www.idpf.org/2007/opf}event", ""): _text(item) for item in _find(package, "date")}
    return _Book(
        _text(next(_find(package, "title"), None)),
        ", ".join([author for item in _find(package, "creator") if (author := _text(item))]) or None,
        dates.get("publication") or dates.get("") or next(iter(dates.values()), None),
        _text(next(_find(package, "language"), None)),
        list(dict.fromkeys(spine)),
        frozenset(around),
        next(iter(navigation), None),
    )


def _package_path(archive: Archive) -> str:
    """Return the name of the package document, which lists the chapters."""
    if _CONTAINER in archive.names:
        for root in _find(archive.read_xml(_CONTAINER, allow_doctype=True), "rootfile"):
            if (path := _resolve("", root.get("full-path", ""))) in archive.names:
                return path
    found = sorted(name for name in archive.names if name.lower().endswith(".opf"))
    if not found:
        raise archive.damaged("it has no list of its chapters")
    return found[0]


def _refuse_protection(archive: Archive, spine: list[str], name: str) -> None:
    """Raise an error if chapters are encrypted. Fonts may be."""
    if _ENCRYPTION not in archive.names:
        return
    for item in _find(archive.read_xml(_ENCRYPTION, allow_doctype=True), "EncryptedData"):
        methods = [method.get("Algorithm", "") for method in _find(item, "EncryptionMethod")]
        paths = {_resolve("", reference.get("URI", "")) for reference in _find(item, "CipherReference")}
        if paths & {*spine} and not any(method in _FONT_ALGORITHMS for method in methods):
            raise ArticleError(
                f"{name} is an EPUB book with copy protection (DRM), so its text is encrypted.",
                hint="Use a copy without protection.",
            )


def _read_chapters(archive: Archive, book: _Book, name: str, warnings: list[str]) -> Iterator[_Chapter]:
    """Yield the chapters with text, and add warnings on what was left out."""
    missing = characters = chapters = 0
    has_notes = False
    pages: list[_Chapter] = []  # left out
    for path in book.spine:
        if path not in archive.names:
            missing += 1
            continue
        markup = read_markup(_decode(archive.read(path)))
        text = join_blocks(markup.blocks)
        has_notes |= markup.has_notes
        if not text:
            continue
        if path in book.around or _is_around(markup, text):
            pages.append(_Chapter(path, markup, text))
            continue
        characters += len(text)
        chapters += 1
        if characters > MAX_TEXT:
            message = f"{name} has more than {MAX_TEXT:,} characters."
            raise ArticleError(message, hint="Read it chapter by chapter: `summarizer batch`.")
        yield _Chapter(path, markup, text)
    if not chapters and pages:
        yield from pages
        return
    if not chapters and missing:
        raise archive.damaged("its chapters are missing")
    if not chapters:
        raise ArticleError(f"{name} is an EPUB book without text.", hint="It may consist of pictures.")
    if missing:
        warnings.append(f"Chapters are missing from the file ({missing}).")
    if pages:
        names = ", ".join([basename(page.path) for page in pages[:5]])
        more = f" and {len(pages) - 5} more" if len(pages) > 5 else ""
        warnings.append(f"Pages around the text were left out: {names}{more}.")
    if has_notes:
        warnings.append("Footnotes or endnotes were left out.")


def _is_around(markup: Markup, text: str) -> bool:
    """Return whether a page is not part of the text: a cover, the contents, the copyright page."""
    if len(text) < _MIN_PAGE or (markup.types & _AROUND and len(text) < _MAX_AROUND):
        return True
    return len(text) < _MAX_COPYRIGHT and len(_COPYRIGHT.findall(text)) >= 2


def _read_labels(archive: Archive, book: _Book) -> dict[str, str]:
    """Return the titles in the table of contents by the paths of the documents; the first one of each document."""
    labels: dict[str, str] = {}
    if not book.contents or book.contents not in archive.names:
        return labels
    folder, href, label = dirname(book.contents), "", ""
    is_ncx = book.contents.lower().endswith(".ncx")
    # In an NCX, <text> comes before <content src>; in a navigation document, the label is within <a href>.
    for kind, value, attributes in find_tokens(_decode(archive.read(book.contents))):
        if kind == "text":
            label += value
        elif kind == "start" and value in {"a", "text"}:
            label = ""
            href = read_attributes(attributes).get("href", "")
        elif kind == "start" and value == "content" and is_ncx:
            href = read_attributes(attributes).get("src", "")
        if href and kind == "end" and value == ("content" if is_ncx else "a"):
            if title := collapse_whitespace(label):
                labels.setdefault(_resolve(folder, href), title)
            href = ""
    return labels


def _decode(data: bytes) -> str:
    declared = _XML_ENCODING.match(data)
    encoding = detect_bom(data) or (declared[1].decode() if declared else "utf-8")
    try:
        return data.decode(encoding, errors="replace")
    except LookupError:
        return data.decode(errors="replace")


def _resolve(folder: str, href: str) -> str:
    """Return the name in the archive of a file that a document in ``folder`` refers to."""
    return normpath(join(folder, unquote(href.partition("#")[0]))).lstrip("/")


def _find(root: Element, name: str) -> Iterator[Element]:
    """Yield the elements with a local name, in any namespace."""
    return (element for element in root.iter() if element.tag.rpartition("}")[2] == name)


def _text(element: Element | None) -> str | None:
    return (collapse_whitespace("".join(element.itertext()))[:300] or None) if element is not None else None


EPUB = Loader("an EPUB book", load_epub, suffixes=(".epub",), media_types=("application/epub+zip",), recognizes=is_epub)
