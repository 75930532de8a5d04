"""Load Word documents."""

import re
from io import BytesIO
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, tostring
from zipfile import ZipFile

from summarizer._lazy import import_extra
from summarizer._patterns import compile_lazily
from summarizer._text import collapse_whitespace
from summarizer.article import Article
from summarizer.errors import ArticleError
from summarizer.sources.archives import MAX_TEXT, Archive, check_xml, entry_names, parse_xml
from summarizer.sources.base import Content, Loader
from summarizer.sources.markup import join_blocks, read_markup

_CONTENT_TYPES = "[Content_Types].xml"
_CORE = "docProps/core.xml"
_PURL = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_MAX_ELEMENTS = 500_000  # of all parts; mammoth needs about 60 µs and 1 kB for each
_OFFICE_START = compile_lazily(rb"PK\x03\x04.{26}(?:\[Content_Types\]\.xml|_rels/|docProps/|word/)", re.DOTALL)
_MAX_TITLE = 300  # characters
# Titles and authors that programs and templates fill in.
_PLACEHOLDERS = frozenset(
    "word document|microsoft word|document|untitled|title|unbenannt|dokument|titel|template|vorlage|normal|normal.dotm"
    "|python-docx|user|admin|administrator|author|windows user|microsoft office user|unknown".split("|")
)
_TEMPLATE_DATE = "2013-12-23T23:15:00Z"  # of python-docx
# In addition to mammoth's own, which has the headings. Comments are left out unless a style names them.
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
"""


class _Core(NamedTuple):
    """The properties of the document."""

    title: str | None = None
    author: str | None = None
    published: str | None = None
    language: str | None = None


def load_docx(content: Content) -> Article:
    """Load the text of a Word document, without its macros, comments and notes."""
    name = content.name
    mammoth = import_extra("mammoth", "docx", "Word documents")
    archive = Archive(content.data, name, "a Word document")
    file, counts = _copy_parts(archive, name)
    notes = 0

    def drop_note(_: object) -> Any:
        nonlocal notes
        notes += 1
        return mammoth.documents.text("")

    try:
        result = mammoth.convert_to_html(
            file,
            style_map=_STYLES,
            include_embedded_style_map=False,
            convert_image=lambda _: [],
            transform_document=mammoth.transforms.element_of_type(mammoth.documents.NoteReference, drop_note),
        )
    except Exception as error:  # mammoth raises whatever Python raises where it expects another structure
        raise ArticleError(
            f"{name} is a Word document that is damaged.", hint="Open it in Word and save it."
        ) from error
    markup = read_markup(result.value)
    text = join_blocks(markup.blocks)
    if not text:
        raise ArticleError(f"{name} is a Word document without text.", hint="It may consist of pictures.")
    if len(text) > MAX_TEXT:
        raise ArticleError(f"{name} has more than {MAX_TEXT:,} characters.", hint="Split it.")
    core = _read_core(archive)
    article = Article.from_text(
        text,
        title=core.title or next((block.text[:_MAX_TITLE] for block in markup.blocks if block.level), None),
        language=core.language,
        warnings=_warnings(archive, counts, notes),
    )
    # A byline and a date in the text are more reliable than the properties of the file.
    return article.with_metadata(author=article.author or core.author, published=article.published or core.published)


def is_docx(data: bytes) -> bool:
    """Return whether the content is a Word document, which may be damaged."""
    if names := entry_names(data):
        return _CONTENT_TYPES in names and any(name.startswith("word/") for name in names)
    return _OFFICE_START.match(data) is not None and b"xl/" not in data and b"ppt/" not in data  # without a directory


def _copy_parts(archive: Archive, name: str) -> tuple[BytesIO, dict[str, int]]:
    """Copy the XML parts, once unpacked and checked, to a zip file for mammoth; count their elements by name."""
    counts: dict[str, int] = {}
    file = BytesIO()
    with ZipFile(file, "w") as copy:
        for part in sorted(archive.names):
            if not part.endswith((".xml", ".rels")) or not part.startswith(("word/", "_rels/", _CONTENT_TYPES)):
                continue
            if part.startswith(("word/theme/", "word/embeddings/", "word/glossary/", "word/charts/")):
                continue
            data = archive.read(part)
            try:
                found = check_xml(data)
            except ValueError as error:
                raise archive.damaged(f"{part}: {error}") from error
            if found.pop("vanish", 0):
                data, found["vanish"] = _without_hidden_runs(data)
            for element, number in found.items():
                counts[element] = counts.get(element, 0) + number
            if sum(counts.values()) > _MAX_ELEMENTS:
                message = f"{name} is too large: it has more than {_MAX_ELEMENTS:,} elements of XML."
                raise ArticleError(message, hint="Save its text as plain text.")
            copy.writestr(part, data)
    file.seek(0)
    return file, counts


def _without_hidden_runs(data: bytes) -> tuple[bytes, int]:
    """Remove the text that Word hides, which a model would read and people would not; return its number of runs."""
    root, hidden = parse_xml(data), 0
    for parent in list(root.iter()):
        shown = [child for child in parent if not _is_hidden(child)]
        if len(shown) < len(parent):
            hidden += len(parent) - len(shown)
            parent[:] = shown
    result: bytes = tostring(root, encoding="utf-8")
    return result, hidden


def _is_hidden(element: Element) -> bool:
    vanish = element.find("./{*}rPr/{*}vanish") if element.tag.endswith("}r") else None
    return vanish is not None and not {"0", "false", "off"}.intersection(vanish.attrib.values())


def _read_core(archive: Archive) -> _Core:
    """Read the document's properties; none if they are missing or damaged."""
    try:
        root = archive.read_xml(_CORE)
    except ArticleError:
        return _Core()
    created, modified = _value(root, _TERMS + "created"), _value(root, _TERMS + "modified")
    published = next((day for day in (created, modified) if day and day != _TEMPLATE_DATE), None)
    title, author = _value(root, _PURL + "title"), _value(root, _PURL + "creator")
    return _Core(
        title if title and not _is_placeholder(title) else None,
        author if author and not _is_placeholder(author) else None,
        published,
        _value(root, _PURL + "language"),
    )


def _value(root: Element, tag: str) -> str | None:
    return collapse_whitespace(root.findtext(tag) or "")[:_MAX_TITLE] or None


def _is_placeholder(value: str) -> bool:
    """Return whether a program or a template filled in a title or an author."""
    return value.lower() in _PLACEHOLDERS or value.lower().endswith((".doc", ".docx", ".dot", ".dotx", ".dotm"))


def _warnings(archive: Archive, counts: dict[str, int], notes: int) -> list[str]:
    warnings = []
    if any(name.lower().endswith("vbaproject.bin") for name in archive.names):
        warnings.append("The document has macros, which were ignored.")
    if notes:
        warnings.append(f"Footnotes or endnotes were left out ({notes}).")
    if comments := counts.get("comment", 0):
        warnings.append(f"Comments of reviewers were left out ({comments}).")
    if counts.get("vanish"):
        warnings.append("Hidden text was left out.")
    if any(counts.get(name) for name in ("ins", "del", "moveFrom", "moveTo")):
        warnings.append("The document has tracked changes, which were read as accepted.")
    return warnings


DOCX = Loader(
    "a Word document",
    load_docx,
    suffixes=(".docx", ".docm", ".dotx"),
    media_types=(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.ms-word.document.macroenabled.12",
    ),
    recognizes=is_docx,
)
