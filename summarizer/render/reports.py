"""The lines of a view on the article, on checks, on coverage and on provenance."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from summarizer._patterns import compile_lazily
from summarizer._text import one_line
from summarizer.article import ArticleInfo
from summarizer.brief import Brief, Checks, Coverage, Position, Provenance, UncitedStatement
from summarizer.render.quotations import shorten
from summarizer.render.text import enumerate_words, holder_name, place_link, plural, sentences

_DATE_AND_TIME = compile_lazily(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?")
_MAX_NAMES = 2  # of holders without a shown position
_MAX_NAME_WORDS = 6
_MAX_STATEMENT = 120  # characters of an uncited statement
_CONTRADICTIONS = {"speaker": "the quotation may be another speaker’s"}
_SUPPORT = {"doubtful": "doubtful", "partly": "only partly supported", "unsupported": "not supported"}


@dataclass(frozen=True, slots=True)
class CheckView:
    """The result of one or more checks of a position."""

    tone: Literal["sound", "open", "doubt"]
    sign: str
    text: str


def format_byline(article: ArticleInfo) -> str:
    """Join author, date, site, section and form, if they are known."""
    form = article.form.replace("-", " ") if article.form and article.form != "report" else None
    parts = (article.author, _date(article.published or ""), article.site, article.section, form)
    return " · ".join(dict.fromkeys(filter(None, (one_line(part or "") for part in parts))))


def _date(published: str) -> str:
    """Return a date for readers: a time without its seconds, UTC by its name; other forms unchanged."""
    match = _DATE_AND_TIME.fullmatch(published)
    if not match:
        return published
    day, time, zone = match.groups(default="")
    return " ".join(filter(None, [day, time, "UTC" if zone in {"Z", "+00:00", "+0000"} else zone]))


def describe_omitted(brief: Brief, shown: Sequence[Position], questions: int, words: float) -> str | None:
    """Return a note on the omitted positions and questions; if ``words`` allow, with the holders not shown."""
    hidden = len(brief.positions) - len(shown)
    shown_ids = {position.id for position in shown}
    issues = {position.issue for position in brief.positions if position.id not in shown_ids} - {None}
    on_issues = f" on {plural(len(issues), 'issue')}" if issues else ""
    counts = [f"{plural(hidden, 'more position')}{on_issues}"] if hidden else []
    heard = {holder_id for position in shown for holder_id in position.holders}
    by_rank = dict.fromkeys(holder_id for position in brief.top() for holder_id in position.holders)
    silent = [brief.holder(holder_id) for holder_id in by_rank if holder_id not in heard]
    names = [shorten(holder_name(holder), _MAX_NAME_WORDS) for holder in silent if holder.kind != "unnamed"]
    others = len(names) - _MAX_NAMES
    listed = enumerate_words([*names[:_MAX_NAMES], plural(others, "other")] if others > 0 else names or [""])
    if names and len(listed.split()) + 2 <= words:
        counts[0] += f", also of {listed}"
    counts += [plural(questions, "more open question")] if questions else []
    return f"{'; '.join(counts)}: --full" if counts else None


def check_results(checks: Checks) -> dict[str, object]:
    """Return the verdicts by name; a stored brief can have checks with any name."""
    return {one_line(name): verdict for name, verdict in checks.model_dump().items()}


def check_views(results: Mapping[str, object], mark: str = "") -> Iterator[CheckView]:
    """Yield the mark of the evidence and the results of the checks: contradictions, doubts, then confirmations."""
    if mark:
        yield CheckView("doubt", "!", mark)
    for name, result in results.items():
        if result == "contradicted":
            yield CheckView("doubt", "!", _CONTRADICTIONS.get(name, f"{name} contradicted"))
    if doubt := _describe_support(results):
        yield CheckView("doubt", "!", doubt)
    if unconfirmed := [name for name, result in results.items() if result == "unconfirmed"]:
        yield CheckView("open", "?", f"{enumerate_words(unconfirmed)} unconfirmed")
    if confirmed := [name for name, result in results.items() if result in ("confirmed", "supported")]:
        yield CheckView("sound", "✓", f"{enumerate_words(confirmed)} confirmed")


def describe_doubts(results: Mapping[str, object], mark: str = "") -> Iterator[str]:
    """Yield the mark of the evidence and the doubts of the checks in words, in the order of the checks."""
    if mark:
        yield mark
    for name, result in results.items():
        if result == "contradicted":
            yield _CONTRADICTIONS.get(name, f"{name} contradicted")
        elif result == "unconfirmed":
            yield f"{name} unconfirmed"
        elif name == "support" and (doubt := _describe_support(results)):
            yield doubt


def _describe_support(results: Mapping[str, object]) -> str:
    """Return what the evidence does not support, with the reason: "doubtful: the evidence says “may”, …"."""
    verdict = _SUPPORT.get(str(results.get("support")), "")
    reason = one_line(str(results.get("support_reason") or "")).rstrip(".").replace("; ", ", ")
    return ": ".join(filter(None, [verdict, reason[:1].lower() + reason[1:]])) if verdict else ""


def coverage_lines(brief: Brief, *, full: bool) -> Iterator[str]:
    """Yield the counts in one line, then what failed; ``full`` lines also list what is not cited."""
    coverage = brief.coverage
    by_model = brief.provenance.engine == "model"
    counts = [f"{plural(coverage.sentences, 'sentence')} read{_parts(coverage)}"]
    if number := coverage.without_position:
        counts.append(f"{plural(number, 'sentence')} {'carries' if number == 1 else 'carry'} no position")
    if number := coverage.unattributed:
        verb = "has" if number == 1 else "have"
        counts.append(f"{number} of {plural(coverage.quotations, 'quotation')} {verb} no speaker here")
    if coverage.doubtful:
        counts.append(f"{plural(coverage.doubtful, 'attribution')} too doubtful to show")
    if coverage.statements and (by_model or full):
        counts.append(f"{coverage.cited} of {plural(coverage.statements, 'statement')} cited")
    if brief.rejected and not full:
        counts.append(f"{plural(len(brief.rejected), 'claim')} of the model rejected")
    has_reply = coverage.chunks or not coverage.failed  # without one, the other counts are about nothing
    counts = counts if has_reply else counts[:1]
    is_corrected = any(note.startswith("A reader ") for note in brief.provenance.notes)  # by the page of the brief
    yield "; ".join(counts) + (" (before corrections)." if is_corrected else ".")
    if full:
        yield from map(uncited_line, coverage.uncited)
    for chunk in coverage.failed:
        yield f"Failed: {sentences((chunk.first_sentence, chunk.last_sentence), ' to ')}. {one_line(chunk.error)}"
    if coverage.suspicious:
        yield f"Looks like an instruction to a model: {sentences(coverage.suspicious)}."


def coverage_links(coverage: Coverage) -> dict[str, str]:
    """Return the safe address of each note on an uncited statement with a place in the source."""
    links = ((uncited_line(statement), place_link(statement.link)) for statement in coverage.uncited)
    return {line: link for line, link in links if link}


def uncited_line(statement: UncitedStatement) -> str:
    """Return the note on an uncited statement."""
    words = one_line(statement.quote)
    quote = f": {_quote_statement(words)}" if words else "."
    return f"Not cited: {sentences(statement.sentences)}, attributed to {source_name(statement)}{quote}"


def source_name(statement: UncitedStatement) -> str:
    """Return the speaker of a statement."""
    return one_line(statement.source or "") or "an unnamed source"


def _parts(coverage: Coverage) -> str:
    if coverage.failed:
        return f", of which {coverage.failed_sentences} failed"
    return f" in {plural(coverage.chunks, 'chunk')}" if coverage.chunks > 1 else ""


def _quote_statement(words: str) -> str:
    """Put a statement in quotation marks, and shorten a long one."""
    words = words if len(words) <= _MAX_STATEMENT else words[: _MAX_STATEMENT - 1].rsplit(" ", 1)[0] + " …"
    return words if words[0] in '“"„«' else f"“{words}”"


def provenance_lines(provenance: Provenance, *, full: bool) -> Iterator[str]:
    """Yield the engine, then the notes for the reader; ``full`` lines have the version, the time and the cost."""
    engine = f"{one_line(provenance.model or '') or 'an unknown model'}"
    if provenance.engine == "builtin":
        engine = "the built-in engine"
    made = f", summarizer {one_line(provenance.library)}, in {provenance.seconds:.1f} s{_cost(provenance)}"
    yield f"Made by {engine}{made if full else ''}."
    yield from filter(None, map(one_line, provenance.notes))


def _cost(provenance: Provenance) -> str:
    if not provenance.calls:
        return ""
    repairs = f", {plural(provenance.repairs, 'repair')}" if provenance.repairs else ""
    tokens = f"{provenance.usage.prompt:,} tokens sent, {provenance.usage.completion:,} received"
    return f" with {plural(provenance.calls, 'call')} ({tokens}{repairs})"
