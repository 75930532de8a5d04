"""Build valid replies for any article, for fake models in tests."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher, get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import ValidationError

from summarizer._patterns import compile_lazily
from summarizer._text import normalized_words
from summarizer.article import Sentence, read
from summarizer.attribution import analyse
from summarizer.brief import IssueKind, QuestionOrigin, Stance
from summarizer.codebook import Codebook, as_codebook
from summarizer.engines import BuiltinEngine
from summarizer.errors import ConfigurationError
from summarizer.models import Request
from summarizer.sources import Source, to_article
from summarizer.verification import (
    ExtractionReply,
    Findings,
    GistReply,
    GroundingContext,
    HolderReply,
    IssueReply,
    PositionReply,
    QuestionReply,
    ReplyRecord,
    ground,
)

PositionTuple = tuple[str | None, str] | tuple[str | None, str, Stance]
"""A holder's name (None for the author), a phrase of the article, and a stance."""

RecordT = TypeVar("RecordT", bound=ReplyRecord)
_ARTICLE = compile_lazily(r"<article-([0-9a-f]{12})>\n(.*?)\n</article-\1>", re.DOTALL)
_SENTENCE_NUMBER = compile_lazily(r"^\[(\d+)\] ", re.MULTILINE)
_STATEMENT_NUMBER = compile_lazily(r"^S(\d+) ", re.MULTILINE)
_ISSUE_LINE = compile_lazily(rf"^(\S+) \((?:{'|'.join(get_args(IssueKind))})\) ", re.MULTILINE)
_GIST_LINE = compile_lazily(r"^(G\d+): (.*)$", re.MULTILINE)


def reply_for(
    source: Source,
    positions: Iterable[PositionTuple] | None = None,
    *,
    issue: str | None = None,
    questions: Iterable[str] | None = None,
    issues: Codebook | str | Path | None = None,
    clean: bool = True,
) -> ExtractionReply:
    """Build a valid reply to a request that holds the whole article.

        model = ScriptedModel(reply_for(text))
        model = ScriptedModel(reply_for(text, [("Anna Berg", "The bridge must go", "agrees")]))

    Parts that are left out are those of the built-in engine, with unclear stances.

    Args:
        source: A text, the path of a text file, or an Article.
        positions: Tuples of a holder's name, a phrase of one sentence, and optionally a stance.
            The name None means the author.
        issue: The proposition of the stances, or the id of a given issue; by default the built-in engine's first
            issue, else the headline.
        questions: For each open question, a phrase of the sentence that asks or implies it.
        issues: The codebook, as in `Summarizer`.
        clean: As in `Summarizer`; the numbers of sentences depend on it.

    Raises:
        ArticleError: The article cannot be read.
        ConfigurationError: A name or phrase is not in the article, or a stance is unknown. The message
            names it and the nearest match.
    """
    return _Draft.build(source, positions, issue, questions, as_codebook(issues), clean=clean).reply


def replies_for(
    *sources: Source,
    positions: Iterable[PositionTuple] | None = None,
    issue: str | None = None,
    questions: Iterable[str] | None = None,
    issues: Codebook | str | Path | None = None,
    clean: bool = True,
) -> Callable[[Request], ReplyRecord | Mapping[str, Any]]:
    """Return a function that answers requests about articles, for a `CallbackModel`.

    Each request is answered with the claims whose sentences it holds, for several articles in any order:

        model = CallbackModel(replies_for(first, second))

    Requests to merge chunks get a reply that merges nothing, and requests to check statements find all of them
    supported. The options of `reply_for` need a single article.

    Raises:
        ConfigurationError: As `reply_for`, or options were passed for several articles.
    """
    if len(sources) != 1 and (positions, issue, questions) != (None, None, None):
        raise ConfigurationError("Positions, issue and questions describe one article; pass exactly one.")
    drafts, codebook = {}, as_codebook(issues)
    for source in sources:
        draft = _Draft.build(source, positions, issue, questions, codebook, clean=clean)
        drafts[draft.context.reading.article.sha256[:12]] = draft

    def answer(request: Request) -> ReplyRecord | Mapping[str, Any]:
        if request.schema_name in _OTHER_REPLIES:
            return _OTHER_REPLIES[request.schema_name](request.messages[-1].content)
        article, numbers = _requested_sentences(request)
        if article not in drafts:
            raise AssertionError("The request is about an article that was not passed to replies_for().")
        return drafts[article].part(numbers)

    return answer


@dataclass
class _Draft:
    """A reply about one article under construction, and the article that it must match."""

    context: GroundingContext
    reply: ExtractionReply
    default_issue: str | None = None
    holders: dict[str | None, HolderReply] = field(default_factory=dict)
    issues: dict[str, IssueReply] = field(default_factory=dict)

    @classmethod
    def build(
        cls,
        source: Source,
        positions: Iterable[PositionTuple] | None,
        issue: str | None,
        questions: Iterable[str] | None,
        codebook: Codebook,
        *,
        clean: bool,
    ) -> "_Draft":
        """Build the reply about ``source``: the given parts, and those of the built-in engine for the rest."""
        if positions is None and issue is not None:
            raise ConfigurationError("The issue belongs to positions; pass positions too.")
        reading = read(to_article(source), clean=clean)
        context = GroundingContext(reading, analyse(reading), codebook)
        engine = BuiltinEngine(codebook.model_copy(update={"holders": ()}))  # a reply has the article's names
        builtin = _to_reply(engine.extract(reading, context.analysis))
        findings = ground(builtin, reading.sentences, context)
        certain = tuple(position for position in findings.positions if position.checks.speaker != "contradicted")
        draft = cls(context, _to_reply(replace(findings, positions=certain)), issue)
        draft.holders = {holder.name: holder for holder in draft.reply.holders}
        draft.issues = {issue.proposition: issue for issue in draft.reply.issues}
        changes: dict[str, Any] = {}
        if positions is not None:
            changes["positions"] = tuple(draft._position(item) for item in _as_list(positions))
        if questions is not None:
            changes["open_questions"] = tuple(draft._question(phrase) for phrase in _as_list(questions))
        if changes:
            changes |= {"holders": tuple(draft.holders.values()), "issues": tuple(draft.issues.values())}
            draft.reply = _without_unused(draft.reply.model_copy(update=changes))
            for problem in ground(draft.reply, reading.sentences, context).problems:
                if not problem.is_warning:
                    raise ConfigurationError(f"This reply does not match the article: {problem}.")
        return draft

    def part(self, numbers: range) -> ExtractionReply:
        """Return the claims that rest on these sentences alone and match them."""
        present = set(numbers)
        reply, gist = self.reply, self.reply.gist
        claims = {
            "positions": tuple(claim for claim in reply.positions if present.issuperset(claim.sentences)),
            "open_questions": tuple(claim for claim in reply.open_questions if present.issuperset(claim.sentences)),
            "gist": gist if gist and present.issuperset(gist.sentences) else None,
        }
        part = _without_unused(reply.model_copy(update=claims))
        findings = ground(part, self.context.reading.sentences[numbers.start - 1 : numbers.stop - 1], self.context)
        return part if all(problem.is_warning for problem in findings.problems) else _to_reply(findings)

    def _position(self, item: PositionTuple) -> PositionReply:
        if not isinstance(item, tuple | list) or not 2 <= len(item) <= 3:
            raise ConfigurationError(f"A position is a tuple (holder, phrase, stance), not {item!r}.")
        name, phrase, stance = (*item, "unclear") if len(item) == 2 else item
        if stance not in get_args(Stance):
            raise ConfigurationError(f"Unknown stance {stance!r}.", hint=f"Use one of {', '.join(get_args(Stance))}.")
        holder = self._holder(name)
        return PositionReply(
            sentences=(self._sentence(phrase, name).number,),
            holders=(holder.id,),
            reported_by=None,
            statement=f"{phrase[0].upper()}{phrase[1:]}".rstrip(" .,;:") + ".",
            issue=None if stance == "unclear" else self._issue(),
            stance=stance,  # type: ignore[arg-type]  # checked above
            certainty="asserted",
        )

    def _question(self, phrase: str) -> QuestionReply:
        sentence = self._sentence(phrase, None)
        origin: QuestionOrigin = "asked" if "?" in sentence.text else "implied"
        return QuestionReply(sentences=(sentence.number,), question=sentence.text, origin=origin, raised_by=())

    def _holder(self, name: str | None) -> HolderReply:
        """Return the holder called ``name``, with kind, role and affiliation as the article has them."""
        if name in self.holders:
            return self.holders[name]
        entity = None
        if name is not None:
            entities = self.context.analysis.entities
            if not isinstance(name, str) or not self.context.index.contains(name):
                names = [known.name for known in entities]
                near = get_close_matches(str(name), names, n=3, cutoff=0.5) or names[:5]
                hint = f"It names {', '.join(near)}." if near else "It names no one."
                raise ConfigurationError(f"The name {name!r} is not in the article.", hint=hint)
            entity = entities.find(name)
        role, affiliation = (
            words if words and self.context.index.contains(words) else None
            for words in ((entity.role, entity.affiliation) if entity else (None, None))
        )
        kind = "author" if name is None else entity.kind if entity else "person"
        new_id = f"H{len(self.holders) + 1}"
        self.holders[name] = HolderReply(id=new_id, name=name, kind=kind, role=role, affiliation=affiliation)
        return self.holders[name]

    def _issue(self) -> str:
        if self.default_issue and self.default_issue in self.context.codebook.given_issues:
            return self.default_issue
        proposition = self.default_issue or next(iter(self.issues), None) or self.context.reading.sentences[0].text
        new = IssueReply(id=f"I{len(self.issues) + 1}", proposition=proposition, kind="policy")
        return self.issues.setdefault(proposition, new).id

    def _sentence(self, phrase: str, name: str | None) -> Sentence:
        """Find the sentence with ``phrase``; prefer one that the article attributes to ``name``."""
        if not isinstance(phrase, str) or not phrase.strip():
            raise ConfigurationError(f"A phrase is given in words of the article, not {phrase!r}.")
        sentences = self.context.reading.sentences
        holding = [sentence for sentence in sentences if self.context.index.locate_phrase(phrase, sentence)]
        if not holding:
            words = normalized_words(phrase)
            matchers = {one: SequenceMatcher(None, words, normalized_words(one.text)) for one in sentences}
            nearest = max(matchers, key=lambda sentence: matchers[sentence].find_longest_match().size)
            hint = f"The nearest is sentence {nearest.number}: {nearest.text[:200]}"
            raise ConfigurationError(f"The phrase {phrase!r} is in no sentence of the article.", hint=hint)
        said, names = self.context.analysis.attributions_by, [name] if name else []
        return min(holding, key=lambda sentence: (not said(names, [sentence.number]), sentence.kind != "prose"))


def _to_reply(findings: Findings) -> ExtractionReply:
    """Write findings as a model's reply."""

    def numbers(claim: Any) -> tuple[int, ...]:
        return tuple(evidence.sentence for evidence in claim.evidence)

    def to_position(position: Any) -> PositionReply | None:
        return _copy(PositionReply, position, sentences=numbers(position))

    questions = (_copy(QuestionReply, question, sentences=numbers(question)) for question in findings.open_questions)
    gist = findings.gist
    reply = ExtractionReply(
        holders=tuple(filter(None, (_copy(HolderReply, holder) for holder in findings.holders))),
        issues=tuple(filter(None, (_copy(IssueReply, issue) for issue in findings.issues if not issue.given))),
        positions=tuple(filter(None, map(to_position, findings.positions))),
        open_questions=tuple(filter(None, questions)),
        gist=_copy(GistReply, gist, sentences=numbers(gist)) if gist else None,
    )
    return _without_unused(reply)


def _copy(record: type[RecordT], source: Any, **values: Any) -> RecordT | None:
    """Copy the fields of ``record`` from ``source``; return None if a text has only invisible characters."""
    fields = {name: getattr(source, name) for name in record.model_fields if name not in values}
    try:
        return record(**fields, **values)
    except ValidationError:
        return None


def _without_unused(reply: ExtractionReply) -> ExtractionReply:
    """Drop holders and issues that no claim refers to."""
    ids = {name for claim in reply.positions for name in (*claim.holders, claim.reported_by, claim.issue)}
    ids |= {name for claim in reply.open_questions for name in claim.raised_by}
    holders = tuple(holder for holder in reply.holders if holder.id in ids)
    issues = tuple(issue for issue in reply.issues if issue.id in ids)
    return reply.model_copy(update={"holders": holders, "issues": issues})


def _as_list(items: Iterable[Any]) -> list[Any]:
    """Return ``items`` as a list, unless a single one was passed by mistake."""
    if isinstance(items, str):
        raise ConfigurationError(f"Pass positions and questions as lists, not {items!r}.")
    return list(items)


def _requested_sentences(request: Request) -> tuple[str, range]:
    """Return the beginning of the article's hash, and the numbers of the sentences in a request."""
    contents = (_ARTICLE.search(message.content) for message in request.messages if message.role != "assistant")
    article = next(filter(None, contents), None)
    numbers = [int(number) for number in _SENTENCE_NUMBER.findall(article[2])] if article else []
    if not article or not numbers:
        raise AssertionError("The request holds no article between the library's delimiters.")
    return article[1], range(numbers[0], numbers[-1] + 1)


def _merge_nothing(prompt: str) -> Mapping[str, Any]:
    issues = [{"keep": name, "same": [], "opposite": []} for name in _ISSUE_LINE.findall(prompt)]
    return {"issues": issues, "positions": [], "open_questions": []}


def _first_gist(prompt: str) -> Mapping[str, Any]:
    gists = _GIST_LINE.findall(prompt)
    return {"text": gists[0][1], "rests_on": [name for name, _ in gists]}


_OTHER_REPLIES: Mapping[str, Callable[[str], Mapping[str, Any]]] = {
    "group": _merge_nothing,
    "gist": _first_gist,
    "support": lambda prompt: {"right": ",".join(_STATEMENT_NUMBER.findall(prompt)), "wrong": []},
}
