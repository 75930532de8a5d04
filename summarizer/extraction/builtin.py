"""The built-in engine: findings out of the analysis of reported speech, without a model.

It points at what the article attributes to whom, in the article's own words; it does not rephrase,
and takes a stance for plain only where the wording is. So its statements are clauses of the article,
and most of its stances are unclear.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from summarizer.article import Reading, Sentence
from summarizer.attribution import Actor, Attribution
from summarizer.brief import Checks, Evidence, Gist, Holder, Issue, IssueKind, OpenQuestion, Phrase, Position
from summarizer.extraction.english import looks_english
from summarizer.extraction.findings import Findings
from summarizer.extraction.speakers import Analysis, held
from summarizer.spans import quote

Ids = Mapping[tuple[str, str], str]
"""From what tells actors apart to the ids of holders."""

_ASKED = re.compile(r"[^.!?…“”\"]*\?")
_UNRESOLVED = re.compile(
    r"\b(?:(?:it )?(?:is|was|remains?|remained|are) (?:still |as yet |far from )?"
    r"(?:unclear|uncertain|unknown|undecided|unresolved)"
    r"|(?:it )?(?:is|was|are|were) not (?:yet |immediately |entirely )?(?:clear|known|certain|decided)"
    r"|remains? to be seen|(?:an )?open question|unanswered|(?:yet|still) to be decided|no decision has been"
    r"|(?:nobody|no one|none of them) (?:yet )?knows|(?:do|does|did)(?:n[’']t| not) (?:yet )?know"
    r" (?:whether|if|who|when|how|why|what|where)|questions? (?:of|about|over|as to) whether"
    r"|(?:undecided|unsure|in doubt|doubts?|debate|uncertainty) (?:about |over |on |as to )?whether)\b",
    re.IGNORECASE,
)
_FORECAST = re.compile(r"\b(?:will|won[’']t|may|might|could|would|going to|likely|set to)\b", re.IGNORECASE)
_POLICY = re.compile(r"\b(?:should|must|ought to|needs? to|has to|have to)\b", re.IGNORECASE)
_OPENING, _CLOSING, _DOUBLE = '“"‘«„', '”"’»“', '“”"«»„'
_SENTENCE_ENDS = '.!?…”"’»。！？؟।'
_TRIM = " ,;:—–-"


def builtin_findings(reading: Reading, analysis: Analysis) -> Findings:
    """The positions, open questions and gist that the analysis gives, in the order of the article."""
    attributions = [found for found in analysis.statements if not _only_asks(reading, found)]
    actors = _every(attributions)
    ids = {_key(actor): f"H{number}" for number, actor in enumerate(actors, 1)}
    issue = _issue(reading, analysis)
    positions = [_position(f"P{number}", reading, found, ids, issue) for number, found in enumerate(attributions, 1)]
    questions = enumerate(_questions(reading, analysis, ids), 1)
    return Findings(
        holders=tuple(_holder(ids[_key(actor)], actor) for actor in actors),
        issues=(issue,) if issue and positions else (),
        positions=tuple(positions),
        open_questions=tuple(question.model_copy(update={"id": f"Q{number}"}) for number, question in questions),
        gist=_gist(reading),
    )


def builtin_notes(reading: Reading) -> tuple[str, ...]:
    """What a reader should know of a brief that this engine made."""
    note = "The built-in engine quotes and points; it does not rephrase, and leaves stances unclear."
    foreign = "Its rules are made for English, which this article does not seem to be in."
    return (note,) if looks_english(reading) else (note, foreign)


def _only_asks(reading: Reading, found: Attribution) -> bool:
    pieces = [quote(reading.article.text, [span]).rstrip("”\"’' ") for span in found.content]
    return all(piece.endswith("?") and not re.search(r"[.!]\s", piece) for piece in pieces)


def _words(reading: Reading, found: Attribution) -> str:
    """What is held; pieces that the article keeps apart are kept apart by a space."""
    return " ".join(quote(reading.article.text, [span]) for span in held(found))


def _key(actor: Actor) -> tuple[str, str]:
    """What tells actors apart; their mentions, which can be thousands, make them slow to hash."""
    return actor.name, actor.kind


def _every(attributions: Iterable[Attribution]) -> list[Actor]:
    return list({_key(actor): actor for found in attributions for actor in found.holders}.values())


def _holder(holder_id: str, actor: Actor) -> Holder:
    return Holder(
        id=holder_id,
        name=actor.name,
        kind=actor.kind,
        role=actor.role,
        affiliation=actor.affiliation,
        aliases=actor.aliases,
        mentions=actor.mentions,
    )


def _issue(reading: Reading, analysis: Analysis) -> Issue | None:
    """The one matter that a headline names: what it says somebody says, else all of it."""
    title = [sentence for sentence in reading.sentences if sentence.kind == "title"]
    if not title:
        return None
    said = analysis.within(sentence.number for sentence in title)
    words = quote(reading.article.text, said[0].content) if said else " ".join(sentence.text for sentence in title)
    kind: IssueKind = "policy" if _POLICY.search(words) else "forecast" if _FORECAST.search(words) else "fact"
    return Issue(id="I1", proposition=as_sentence(words), kind=kind)


def _position(position_id: str, reading: Reading, found: Attribution, ids: Ids, issue: Issue | None) -> Position:
    words = _words(reading, found)
    digits = any(character.isdigit() for character in words)
    return Position(
        id=position_id,
        holders=tuple(dict.fromkeys(ids[_key(actor)] for actor in found.holders)),
        statement=as_sentence(words),
        issue=issue.id if issue else None,
        stance="unclear",
        certainty=found.certainty,
        speech=found.speech,
        evidence=tuple(_evidence(reading, number, found) for number in found.sentences),
        checks=Checks(speaker="confirmed", figures="confirmed" if digits else "none", names="confirmed"),
    )


def _evidence(reading: Reading, number: int, found: Attribution | None = None) -> Evidence:
    """A sentence, and which of its words are the content."""
    sentence = reading.sentence(number)
    first, last = sentence.spans[0].start, sentence.spans[-1].end
    words = [span for span in held(found) if first <= span.start and span.end <= last] if found else []
    phrases = tuple(Phrase(spans=(span,), text=quote(reading.article.text, [span])) for span in words)
    return Evidence(sentence=number, spans=sentence.spans, quote=sentence.text, phrases=phrases)


def _questions(reading: Reading, analysis: Analysis, ids: Ids) -> Iterator[OpenQuestion]:
    """Questions that a sentence asks, and sentences that call something undecided."""
    interview = _is_interview(reading)
    for sentence in reading.sentences:
        if sentence.kind != "prose" or (interview and sentence.text.endswith("?")):
            continue
        asked = _ASKED.search(sentence.text) if "?" in sentence.text else None
        if not asked and not _UNRESOLVED.search(sentence.text):
            continue
        said = analysis.within([sentence.number])
        raised = dict.fromkeys(ids[_key(actor)] for found in said for actor in found.holders if _key(actor) in ids)
        yield OpenQuestion(
            id="Q",
            question=as_sentence(asked.group()) if asked else sentence.text,
            origin="asked" if asked else "implied",
            raised_by=tuple(raised),
            evidence=(_evidence(reading, sentence.number),),
        )


def _is_interview(reading: Reading) -> bool:
    """Whether questions and answers make the article: the interviewer's questions are not left open."""
    openings = [sentence.text[:2] for sentence in reading.sentences if sentence.kind == "prose"]
    return openings.count("Q:") > 1 and openings.count("A:") > 1


def _gist(reading: Reading) -> Gist | None:
    """The title and the first sentence under it."""
    lead = next((sentence for sentence in reading.sentences if sentence.kind == "prose"), None)
    title: list[Sentence] = [sentence for sentence in reading.sentences if sentence.kind == "title"]
    sentences = [*title, *([lead] if lead else [])]
    text = " ".join(as_sentence(sentence.text) for sentence in sentences)
    evidence = tuple(_evidence(reading, sentence.number) for sentence in sentences)
    return Gist(text=text, evidence=evidence) if evidence else None


def as_sentence(words: str) -> str:
    """A clause as a sentence: a capital first, a mark last, quotation marks around the whole taken off."""
    inner = words.strip(_TRIM).removeprefix("that ")
    if inner[:1] in _OPENING and inner[-1:] in _CLOSING and not any(mark in inner[1:-1] for mark in _DOUBLE):
        inner = inner[1:-1].strip(_TRIM)
    if not inner:
        return words  # nothing but marks, which are then what there is to say
    if inner[-1] not in _SENTENCE_ENDS:
        inner += "."
    return inner[:1].upper() + inner[1:]
