"""Ground a reply in the article: the only place where a model's words become findings."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

from summarizer._patterns import compile_lazily
from summarizer._text import normalized_words, shorten
from summarizer.article import Sentence
from summarizer.attribution import Attribution
from summarizer.brief import Evidence, Gist, Holder, Issue, OpenQuestion, Phrase, Position
from summarizer.spans import Span, quote
from summarizer.verification.checks import Claim, GroundingContext, detect_speech, run_checks
from summarizer.verification.figures import find_sentence_with_figure, has_digits
from summarizer.verification.findings import Findings, Problem
from summarizer.verification.inventions import find_fault_of_gist, find_invention
from summarizer.verification.names import missing_addresses, read_question_words
from summarizer.verification.reply_types import (
    ExtractionReply,
    GistReply,
    HolderReply,
    IssueReply,
    PositionReply,
    QuestionReply,
)

_QUESTION_MARK = compile_lazily("[?？؟\u037e՞]")
_MAX_DISTANCE_OF_NAME = 6
_MIN_NAME = 4  # letters of a word of a name, which are more than those of "of" or "the"


MAX_WORDS = 120
"""Words of a statement at most."""
_MAX_PLAIN = 7  # words of a question


class _Part(NamedTuple):
    """A part of a reply, as problems name it."""

    what: str
    text: str


def ground(reply: ExtractionReply, chunk: Sequence[Sentence], context: GroundingContext) -> Findings:
    """Check a reply about the sentences of a chunk; return verified claims, and a Problem for each other one."""
    grounding = _Grounding(context, chunk)
    for holder in reply.holders:
        grounding.add_holder(holder)
    for issue in reply.issues:
        grounding.add_issue(issue)
    found = [grounding.position(number, position) for number, position in enumerate(reply.positions, 1)]
    questions = [grounding.question(number, question) for number, question in enumerate(reply.open_questions, 1)]
    gist = grounding.gist(reply.gist) if reply.gist else None
    positions = grounding.without_planted_issues([position for position in found if position])
    used = {position.issue for position in positions}
    return Findings(
        tuple(grounding.holders.values()),
        tuple(issue for issue in grounding.issues.values() if not issue.given or issue.id in used),
        tuple(positions),
        tuple(filter(None, questions)),
        gist,
        tuple(grounding.problems),
    )


@dataclass
class _Grounding:
    context: GroundingContext
    chunk: Sequence[Sentence]
    problems: list[Problem] = field(default_factory=list)
    holders: dict[str, Holder] = field(default_factory=dict)
    issues: dict[str, Issue] = field(default_factory=dict)
    replaced: dict[str, str | None] = field(default_factory=dict)
    """Given issues by the ids of issues that repeat them; None for issues that a closed codebook excludes."""

    def __post_init__(self) -> None:
        self.issues |= self.context.codebook.given_issues

    def problem(self, what: str, text: str, reason: str, *, is_warning: bool = False) -> None:
        self.problems.append(Problem(what, text, reason, is_warning))

    def add_issue(self, reply: IssueReply) -> None:
        codebook = self.context.codebook
        if reply.id in codebook.given_issues:
            return
        if reply.id in self.issues or reply.id in self.replaced:
            self.problem("issue", reply.id, "another issue has this id already")
        elif given := codebook.find_issue(reply.proposition):
            self.replaced[reply.id] = given
        elif codebook.closed:
            self.problem("issue", reply.proposition, "only the given issues are allowed; use one of their ids, or null")
            self.replaced[reply.id] = None
        elif fault := self.fault_of_issue(reply.proposition):
            self.problem("issue", reply.proposition, fault)
        else:
            self.issues[reply.id] = Issue(id=reply.id, proposition=reply.proposition, kind=reply.kind)

    def fault_of_issue(self, proposition: str) -> str:
        """Return why the article does not support an issue; empty if it may."""
        if fault := find_invention(proposition, self.context.texts, self.context):
            return fault
        if figure := self.missing_figure(proposition, self.context.reading.sentences):
            return f"the figure {figure} does not stand in the article"
        return "" if self.context.shares_content(proposition) else "it has no word in common with the article"

    def missing_figure(self, text: str, sentences: Sequence[Sentence]) -> str | None:
        """Return a figure in digits that the sentences do not have."""
        return next(filter(has_digits, self.context.index.missing_figures(text, sentences)), None)

    def add_holder(self, reply: HolderReply) -> None:
        """Add a holder if the article contains the name; role and affiliation on the same condition."""
        if reply.id in self.holders:
            self.problem("holder", reply.id, "another holder has this id already")
            return
        name = reply.name or (None if reply.kind == "author" else reply.role)
        if name is None and reply.kind not in ("author", "unnamed"):
            self.problem("holder", reply.id, "it has no name; copy the article's words for it, or say unnamed")
            return
        if name is not None and not self.context.index.contains(name):
            self.problem("holder", name, "this name does not stand in the article")
            return
        if name is not None and reply.kind not in ("document", "author") and self.context.names.is_headline(name):
            self.problem("holder", name, "this is a sentence or a headline; name who says it")
            return
        entity = self.context.analysis.entities.find(name) if name else None
        self.holders[reply.id] = Holder(
            id=reply.id,
            name=name,
            kind=reply.kind,
            role=self.contained("role", reply.role, name),
            affiliation=self.contained("affiliation", reply.affiliation, name),
            aliases=tuple(form for form in (entity.name, *entity.aliases) if form != name) if entity else (),
            mentions=entity.mentions if entity else (),
        )

    def contained(self, what: str, words: str | None, name: str | None) -> str | None:
        """Return ``words`` if the article contains them, and not only in a sentence that looks like an instruction."""
        if words and (planted := self.context.find_planted(words)):
            self.problem(what, words, f"it stands only in sentence {min(planted)}, which looks like an instruction")
            return None
        if words is None or self.context.index.contains(words):
            return words
        self.problem(what, words, f"these words, given for {name}, do not stand in the article; copy them, or use null")
        return None

    def position(self, number: int, reply: PositionReply) -> Position | None:
        """Return the position if its evidence, holders and figures are verified."""
        part = _Part("position", reply.statement)
        cited = self.sentences(reply.sentences, part)
        holders = self.references(reply.holders, self.holders, "holder", part, is_required=True)
        if not (cited and holders and self.is_plain(part, cited) and (sentences := self.with_figures(part, cited))):
            return None
        issue = self.optional_reference(self.issue_id(reply.issue), self.issues, "issue", part)
        reporter = self.optional_reference(reply.reported_by, self.holders, "holder", part)
        names = tuple(name for holder in holders if (name := self.holders[holder].name))
        numbers = tuple(sentence.number for sentence in cited)
        claim = Claim(part.text, names, numbers, self.holders[reporter].name if reporter else None)
        attributions = self.context.analysis.attributions_by(names, numbers)
        contents = [span for found in attributions for span in found.content]
        sentences = self.with_planted(sentences, reply.statement, *names)
        evidence = self.evidence(self.with_names(sentences, attributions), reply.statement, contents)
        evidence = self.mark_names(evidence, reply.statement, holders)
        checks, doubts = run_checks(claim, self.context)
        for doubt in doubts:
            self.problem(*part, doubt, is_warning=True)
        return Position(
            id=f"P{number}",
            holders=tuple(holders),
            reported_by=reporter,
            statement=reply.statement,
            issue=issue,
            stance=reply.stance if issue else "unclear",
            certainty=reply.certainty,
            speech=detect_speech(attributions, (item.quote for item in evidence)),
            evidence=evidence,
            checks=checks,
        )

    def is_plain(self, part: _Part, cited: Sequence[Sentence]) -> bool:
        """Return whether a statement is short, and has no address that the cited sentences lack."""
        if (count := len(part.text.split())) > MAX_WORDS:
            self.problem(*part, f"it has {count} words; a statement has {MAX_WORDS} at most")
            return False
        addresses = missing_addresses(part.text, [sentence.text for sentence in cited])
        if addresses:
            self.problem(*part, f"the address {shorten(addresses[0])} does not stand in the sentences cited")
        return not addresses

    def issue_id(self, name: str | None) -> str | None:
        """Return the id of the issue that a reply names by its id, in any case, or by its wording."""
        if not name or name in self.issues:
            return name
        return self.replaced[name] if name in self.replaced else self.context.codebook.find_issue(name) or name

    def with_figures(self, part: _Part, cited: list[Sentence]) -> list[Sentence]:
        """Return the cited sentences, and those near them that contain the statement's other figures."""
        if all(sentence.kind == "caption" for sentence in cited):
            self.problem(*part, "it rests on a picture's caption alone")
            return []
        sentences = set(cited)
        for figure in self.context.index.missing_figures(part.text, cited):
            sentence = find_sentence_with_figure(figure, part.text, cited, self.chunk)
            if sentence is None:
                reason = f"the figure {figure} stands neither in the sentences cited nor in the title or date"
                self.problem(*part, reason)
                return []
            sentences.add(sentence)
        return sorted(sentences, key=lambda sentence: sentence.number)

    def with_names(self, sentences: list[Sentence], attributions: Iterable[Attribution]) -> list[Sentence]:
        """Return the sentences, with the one before them that names a speaker whom they only call "she".

        It is the last one with a mention, at most `_MAX_DISTANCE_OF_NAME` sentences before.
        """
        first, last = sentences[0], sentences[-1]
        before = [sentence for sentence in self.chunk if 0 < first.number - sentence.number <= _MAX_DISTANCE_OF_NAME]
        added, ends = set(sentences), ((before or sentences)[0].spans[0].start, last.spans[-1].end)
        for speaker in {id(holder): holder for found in attributions for holder in found.holders}.values():
            near = slice(*(bisect_left(speaker.mentions, end, key=attrgetter("start")) for end in ends))
            starts = [mention.start for mention in speaker.mentions[near]]  # there may be thousands
            if any(_contains(sentence, start) for sentence in sentences for start in starts):
                continue
            named = [sentence for sentence in before if any(_contains(sentence, start) for start in starts)]
            added.update(named[-1:])
        return sorted(added, key=lambda sentence: sentence.number)

    def with_planted(self, sentences: list[Sentence], *texts: str | None) -> list[Sentence]:
        """Return the sentences, with those that look like instructions to a model and alone have words of a claim.

        Whoever reads the claim then sees what it rests on.
        """
        planted = self.context.find_planted(*texts)
        added = [sentence for sentence in self.chunk if sentence.number in planted] if planted else []
        return sorted({*sentences, *added}, key=lambda sentence: sentence.number)

    def without_planted_issues(self, positions: list[Position]) -> list[Position]:
        """Drop each issue with words of an instruction that no position on it cites; return the positions."""
        for issue in [issue for issue in self.issues.values() if not issue.given]:
            planted = self.context.find_planted(issue.proposition)
            cited = {item.sentence for each in positions if each.issue == issue.id for item in each.evidence}
            if planted - cited:
                reason = f"its words stand only in sentence {min(planted)}, which looks like an instruction"
                self.problem("issue", issue.proposition, reason)
                del self.issues[issue.id]
                off = {"issue": None, "stance": "unclear"}
                positions = [each.model_copy(update=off) if each.issue == issue.id else each for each in positions]
        return positions

    def mark_names(self, evidence: tuple[Evidence, ...], statement: str, holders: list[str]) -> tuple[Evidence, ...]:
        """Mark the sentences that name a holder, and of which the statement restates nothing else.

        Without a sentence that it restates, none is marked.
        """
        known = [self.holders[holder] for holder in holders]
        forms = [form for holder in known for form in (holder.name or "", *holder.aliases)]
        names = {word for form in forms for word in normalized_words(form) if len(word) >= _MIN_NAME}
        claim = " ".join(word for word in normalized_words(statement) if word not in names)
        others = [
            bool(names.intersection(normalized_words(item.quote)))
            and not self.context.index.find_phrase(claim, self.context.reading.sentence(item.sentence))
            for item in evidence
        ]
        if all(others):
            return evidence
        return tuple(
            item.model_copy(update={"only_names_speaker": True}) if is_other else item
            for item, is_other in zip(evidence, others, strict=True)
        )

    def question(self, number: int, reply: QuestionReply) -> OpenQuestion | None:
        """Return the question if its evidence is verified; it is implied unless a sentence asks it."""
        part = _Part("open question", reply.question)
        sentences = self.sentences(reply.sentences, part)
        if not sentences or (fault := self.fault_of_question(reply.question, sentences)):
            if sentences:
                self.problem(*part, fault)
            return None
        names = [self.holders[holder].name for holder in reply.raised_by if holder in self.holders]
        sentences = self.with_planted(sentences, reply.question, *names)
        attributions = self.context.analysis.attributions_in(sentence.number for sentence in sentences)
        is_asked = any(_QUESTION_MARK.search(sentence.text) for sentence in sentences)
        is_asked = is_asked or any(found.act == "asked" for found in attributions)
        return OpenQuestion(
            id=f"Q{number}",
            question=reply.question,
            origin=reply.origin if is_asked else "implied",
            raised_by=tuple(self.references(reply.raised_by, self.holders, "holder", part)),
            evidence=self.evidence(sentences),
        )

    def fault_of_question(self, question: str, cited: Sequence[Sentence]) -> str:
        """Return why the article does not support a question; empty if it may."""
        if fault := find_invention(question, [sentence.text for sentence in cited], self.context):
            return fault
        if figure := self.missing_figure(question, self.context.reading.sentences):
            return f"the figure {figure} does not stand in the article"
        if self.context.shares_content(question) or self.is_plain_question(question):
            return ""
        return "it has no word in common with the article"

    def is_plain_question(self, question: str) -> bool:
        """Return whether a question is short and asks who, what or when: "When will construction begin?"."""
        words = normalized_words(question)
        return len(words) <= _MAX_PLAIN and words[0] in read_question_words(self.context.reading.language)

    def gist(self, reply: GistReply) -> Gist | None:
        """Return the gist if it cites sentences and the chunk contains its figures."""
        part = _Part("gist", reply.text)
        sentences = self.sentences(reply.sentences, part)
        if not sentences:
            return None
        if figure := self.missing_figure(reply.text, self.chunk):
            self.problem(*part, f"the figure {figure} does not stand in the article")
            return None
        if fault := find_fault_of_gist(reply.text, [sentence.text for sentence in sentences], self.context):
            self.problem(*part, fault)
            return None
        return Gist(text=reply.text, evidence=self.evidence(self.with_planted(sentences, reply.text)))

    def sentences(self, numbers: Iterable[int], part: _Part) -> list[Sentence]:
        """Return the cited sentences of the chunk, in order."""
        shown = range(self.chunk[0].number, self.chunk[-1].number + 1)
        valid = [number for number in sorted(set(numbers)) if number in shown]
        if invalid := sorted(set(numbers) - set(valid)):
            number = str(invalid[0])[:12]
            reason = f"there is no sentence {number} here: they are numbered {shown[0]} to {shown[-1]}"
            self.partial_problem(_Part("sentence number", number), part, reason, is_fatal=not valid)
        elif not valid:
            self.problem(*part, "it cites no sentence")
        return [self.context.reading.sentence(number) for number in valid]

    def references(
        self, names: Iterable[str], known: Collection[str], kind: str, part: _Part, *, is_required: bool = False
    ) -> list[str]:
        """Return the known ids, each once."""
        wanted = list(dict.fromkeys(names))
        valid = [name for name in wanted if name in known]
        for name in wanted:
            if name not in known:
                reason = f"there is no {kind} {name}, or it did not stand"
                if kind == "issue" and self.context.codebook.issues:
                    reason = f"there is no issue {name}; use one of {', '.join(known)}, or null"
                self.partial_problem(_Part("reference", name), part, reason, is_fatal=is_required and not valid)
        if is_required and not wanted:
            self.problem(*part, f"it names no {kind}")
        return valid

    def optional_reference(self, name: str | None, known: Collection[str], kind: str, part: _Part) -> str | None:
        return next(iter(self.references([name], known, kind, part)), None) if name else None

    def partial_problem(self, detail: _Part, part: _Part, reason: str, *, is_fatal: bool) -> None:
        """Report a detail, or the whole part if nothing is left without the detail."""
        if is_fatal:
            self.problem(*part, reason)
        else:
            self.problem(*detail, f"{reason}; it was given for the {part.what} “{shorten(part.text)}”")

    def evidence(
        self, sentences: list[Sentence], statement: str | None = None, contents: Sequence[Span] = ()
    ) -> tuple[Evidence, ...]:
        """Return the sentences as evidence, each with the words that a statement restates."""
        text = self.context.reading.article.text
        evidence = []
        for sentence in sentences:
            spans = self.context.index.find_phrase(statement, sentence, contents) if statement else ()
            phrases = (Phrase(spans=spans, text=quote(text, spans)),) if spans else ()
            evidence.append(
                Evidence(sentence=sentence.number, spans=sentence.spans, quote=sentence.text, phrases=phrases)
            )
        return tuple(evidence)


def _contains(sentence: Sentence, offset: int) -> bool:
    return sentence.spans[0].start <= offset < sentence.spans[-1].end
