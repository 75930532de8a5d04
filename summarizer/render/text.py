"""Text helpers of all views: safe fragments of text, sentence numbers, plurals, links, names of holders."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from summarizer._patterns import compile_lazily
from summarizer._text import one_line
from summarizer.brief import Brief, Holder

_ASCII = compile_lazily(r"[!-~]+")  # a host in other letters may imitate another host
_PATH = compile_lazily(r'(?:/(?!/).*|(?:file:|[A-Za-z]:|~)[\\/].*|[^:<>|*?"]+[\\/][^:<>|*?"\\/]+[.]\w{1,5})')
_NUMBERED = compile_lazily(r"P[1-9][0-9]{0,5}")  # other ids are untrusted
_MAX_ROLE_WORDS = 6
_END_OF_ROLE = compile_lazily(r",| (?:and|or|who|which|of|in|for|at|on|to|with|from|under|von|der|des|für|de|du)\b")
_ARTICLE = compile_lazily(r"^(?:an?|the) ", re.IGNORECASE)


def fragment(text: str) -> str:
    """Make a part of a line safe to show, as `one_line` does, and keep the spaces at its ends."""
    return one_line(f"|{text}|")[1:-1]


def brackets(numbers: Iterable[int]) -> str:
    """Format sentence numbers as "[8, 9]"; return an empty string for none."""
    listed = ", ".join(map(str, numbers))
    return f"[{listed}]" if listed else ""


def sentences(numbers: Sequence[int], separator: str = ", ") -> str:
    """Format sentence numbers as "sentence 3" or "sentences 8, 9", without repetitions."""
    distinct = list(dict.fromkeys(numbers))
    return f"{'sentence' if len(distinct) == 1 else 'sentences'} {separator.join(map(str, distinct))}"


def plural(count: int, noun: str) -> str:
    """Format a count: "1 call", "2 calls"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def enumerate_words(words: Sequence[str]) -> str:
    """Join words: "speaker, figures and names"."""
    *before, last = words
    return f"{', '.join(before)} and {last}" if before else last


def place_link(link: str | None) -> str | None:
    """Return ``link`` if it is a safe web address or a relative reference to a file, else None."""
    if not link or not _ASCII.fullmatch(link) or set('<>"\\') & set(link):
        return None
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    if parts.scheme:
        return web_link(link)
    is_file = parts.path and not parts.netloc and not link.startswith("//")
    return link if is_file else None


def web_link(source: str | None) -> str | None:
    """Return ``source`` if it is a safe http or https URL, else None."""
    if not source or " " in source or not source.isprintable() or one_line(source) != source:
        return None
    try:
        parts = urlsplit(source)
        is_web = parts.scheme in ("http", "https") and bool(_ASCII.fullmatch(parts.netloc) and parts.hostname)
    except ValueError:
        return None
    return source if is_web else None


def short_source(source: str | None) -> str:
    """Return a source for readers: of a file its name, because its path is about the computer that read it."""
    text = one_line(source or "")
    return re.split(r"[\\/]", text.rstrip("\\/"))[-1] if _PATH.fullmatch(text) else text


def site_name(source: str | None) -> str:
    """Return the host of a web address; of other sources what `short_source` returns."""
    host = urlsplit(source).hostname if source and web_link(source) else None
    return host.removeprefix("www.") if host else short_source(source)


def position_keys(brief: Brief) -> dict[str, str]:
    """Return "P" and the number of its id for each position, so that dropping one changes no other."""
    ids = [position.id for position in brief.positions]
    is_numbered = all(map(_NUMBERED.fullmatch, ids))
    return {each: each if is_numbered else f"P{number}" for number, each in enumerate(ids, 1)}


def holder_name(holder: Holder) -> str:
    """Return the name to show; a role stands in for a missing name: "A lawyer for Ann Lee"."""
    name, role = one_line(holder.name or ""), one_line(holder.role or "")
    if match := _ARTICLE.match(name):
        is_role = role.casefold().startswith(name[match.end() :].casefold())
        name = f"{match[0]}{role}" if is_role else name
    return name or ("The author" if holder.kind == "author" else "Somebody unnamed")


def describe_holder(holder: Holder, *, short: bool = False) -> str:
    """Join role and affiliation, unless the role includes the affiliation or the name is the role."""
    role, affiliation = one_line(holder.role or ""), one_line(holder.affiliation or "")
    if role and holder_name(holder).casefold().endswith(role.casefold()):
        role = ""
    about = role if affiliation in role else ", ".join(filter(None, [role, affiliation]))
    if not short or len(about.split()) <= _MAX_ROLE_WORDS:
        return about
    room = max(_MAX_ROLE_WORDS - len(affiliation.split()), 2)
    cuts = [role[: match.start()] for match in _END_OF_ROLE.finditer(role)]
    fitting = [cut for cut in [*cuts, role] if len(cut.split()) <= room] or cuts[:1] or [role]
    if affiliation and affiliation not in role:
        return ", ".join(filter(None, [_ARTICLE.sub("", fitting[0]), affiliation]))
    return fitting[-1]
