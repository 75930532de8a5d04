"""Load Markdown."""

import re
from typing import TYPE_CHECKING

from summarizer._patterns import compile_lazily
from summarizer._text import collapse_whitespace, shorten
from summarizer.article import Article
from summarizer.errors import ArticleError
from summarizer.sources.archives import MAX_TEXT
from summarizer.sources.base import Content, Loader
from summarizer.sources.markup import Block, join_blocks, join_lines, read_markup
from summarizer.sources.text import load_text

if TYPE_CHECKING:
    from markdown_it.rules_core import StateCore

_MAX_FRONT_MATTER = 20_000  # characters
_FRONT_MATTER = compile_lazily(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE | re.DOTALL)
_KEY = compile_lazily(r"([A-Za-z][\w -]{0,40}?)[ \t]*:(?:[ \t]+(.*)|[ \t]*)")
_ITEM = compile_lazily(r"[ \t]*-[ \t]+(.+)")
_QUOTED = compile_lazily(r"""^(["'])(.*)\1$""")
_COMMENT = compile_lazily(r"\s+#.*")
_FIELDS = {
    "title": ("title",),
    "author": ("author", "authors", "byline", "by"),
    "published": ("date", "published", "pubdate", "publishdate"),
    "language": ("lang", "language"),
    "site": ("site", "sitename", "publication", "outlet"),
    "url": ("url", "canonical", "canonicalurl"),
}
_NOTE_START = compile_lazily(r"[ ]{0,3}\[\^[^\]\s]{1,100}\]:")
_NOTE_MARK = compile_lazily(r"\[\^[^\]\s]{1,100}\]")
_FENCE = compile_lazily(r"[ ]{0,3}(`{3,}|~{3,})")
_MAX_INLINE = 10_000  # characters of a paragraph: markdown-it takes quadratic time for some marks
_MAX_BRACKETS = 300  # in as many characters; more are not prose
_PIECE = compile_lazily(rf".{{1,{_MAX_INLINE}}}(?:\s|\Z)|.{{1,{_MAX_INLINE}}}", re.DOTALL)
_CODE = ("fence", "code_block")  # kinds of tokens
_MAX_NESTING = 60
_MARKERS = compile_lazily(r"\A\s*(?:(?:[-*+>]|\d{1,9}[.)])\s*)*+")
_MAX_TITLE = 300  # characters


def load_markdown(content: Content) -> Article:
    """Load Markdown as plain text, without code blocks and footnotes; front matter becomes metadata."""
    source = load_text(content)
    name = content.name
    if len(source.text) > MAX_TEXT:
        raise ArticleError(f"{name} has more than {MAX_TEXT:,} characters.", hint="Split it.")
    text = source.text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    metadata, text = _split_front_matter(text)
    text, has_notes = _drop_notes(text)
    blocks, has_code = _read_blocks(text)
    if not blocks:
        raise ArticleError(f"{name} is Markdown without text.")
    left_out = {"Code blocks": has_code, "Footnotes": has_notes}
    heading = next((block.text for block in blocks if block.level == 1), None)
    return Article.from_text(
        join_blocks(blocks),
        title=metadata.get("title") or (shorten(heading, _MAX_TITLE) if heading else None),
        author=metadata.get("author"),
        published=metadata.get("published"),
        language=metadata.get("language"),
        site=metadata.get("site"),
        url=url if (url := metadata.get("url", "")).startswith(("http://", "https://")) else None,
        encoding=source.encoding,
        warnings=[*source.warnings, *(f"{what} were left out." for what, is_found in left_out.items() if is_found)],
    )


def _read_blocks(text: str) -> tuple[list[Block], bool]:
    """Return the blocks of the text, and whether code blocks were left out."""
    from markdown_it import MarkdownIt  # slow to import, rarely needed

    parser = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING}).enable(["table", "strikethrough"])
    for kind in _CODE:
        parser.add_render_rule(kind, lambda *_: "")
    parser.core.ruler.at("inline", _parse_inline)
    tokens = parser.parse(text)
    if any(token.level >= _MAX_NESTING - 2 for token in tokens):  # markdown-it drops the rest of the text
        lines = [collapse_whitespace(_MARKERS.sub("", line)) for line in text.split("\n")]
        return [Block(block) for block in join_lines(lines)], False
    has_code = any(token.type in _CODE for token in tokens)
    return read_markup(parser.renderer.render(tokens, parser.options, {})).blocks, has_code


def _parse_inline(state: "StateCore") -> None:
    """Parse the marks within paragraphs; very long paragraphs piece by piece."""
    from markdown_it.token import Token

    for token in state.tokens:
        if token.type == "inline":
            token.children = []
            for piece in _PIECE.findall(token.content):
                if piece.count("[") > _MAX_BRACKETS:
                    token.children.append(Token("text", "", 0, content=piece))
                else:
                    token.children += state.md.inline.parse(piece, state.md, state.env, [])


def _split_front_matter(text: str) -> tuple[dict[str, str], str]:
    """Split off YAML front matter, and read its simple values: "key: value" and lists. It is never evaluated."""
    match = _FRONT_MATTER.match(text[:_MAX_FRONT_MATTER]) if text.startswith("---") else None
    if not match or not any(_KEY.fullmatch(line) for line in match[1].splitlines()):
        return {}, text
    values: dict[str, list[str]] = {}
    key = ""
    for line in match[1].splitlines():
        if found := _KEY.fullmatch(line):
            key = found[1].lower().replace("-", "").replace("_", "")
            values[key] = _list_values(found[2] or "")
        elif item := _ITEM.fullmatch(line):
            values.setdefault(key, []).extend(_list_values(item[1].removeprefix("name:")))
    metadata = {}
    for name, keys in _FIELDS.items():
        if value := next((", ".join(values[key]) for key in keys if values.get(key)), None):
            metadata[name] = shorten(value, _MAX_TITLE)
    return metadata, text[match.end() :]


def _list_values(value: str) -> list[str]:
    """Return the values in "value", "'value'" or "[one, two]"."""
    value = _COMMENT.sub("", value).strip() if not value.startswith(("'", '"')) else value.strip()
    if value in {"|", ">", "|-", ">-", "~", "null", "{}"}:
        return []
    parts = value[1:-1].split(",") if value.startswith("[") and value.endswith("]") else [value]
    unquoted = [collapse_whitespace(_QUOTED.sub(r"\2", part.strip())) for part in parts]
    return [part for part in unquoted if part]


def _drop_notes(text: str) -> tuple[str, bool]:
    """Drop footnotes and their marks, which CommonMark does not know. Code blocks are left as they are."""
    if "[^" not in text:
        return text, False
    kept: list[str] = []
    fence, in_note, has_notes = "", False, False
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence):
            fence = ""
        if not fence and not mark and _NOTE_START.match(line):
            in_note = has_notes = True
        elif not (in_note and (not line.strip() or line.startswith(("    ", "\t")))):
            in_note = False
            kept.append(line if fence else _NOTE_MARK.sub("", line))
    return "\n".join(kept), has_notes


MARKDOWN = Loader("Markdown", load_markdown, suffixes=(".md", ".markdown"), media_types=("text/markdown",))
