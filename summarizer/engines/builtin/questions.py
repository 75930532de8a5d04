"""Open questions as the built-in engine finds them: what a sentence asks, and what it calls undecided."""

import re
from collections.abc import Callable, Iterator

from summarizer.article import Reading
from summarizer.attribution import Analysis, Attribution
from summarizer.brief import Evidence, OpenQuestion
from summarizer.engines.builtin.statements import as_sentence

_ASKED = re.compile(r"[^.!?…“”\"„«»]*\?")
_UNRESOLVED = re.compile(
    r"\b(?:(?:it )?(?:is|was|remains?|remained|are) (?:still |as yet |far from )?"
    r"(?:unclear|uncertain|unknown|undecided|unresolved)"
    r"|(?:it )?(?:is|was|are|were) not (?:yet |immediately |entirely )?(?:clear|known|certain|decided)"
    r"|remains? to be seen|(?:an )?open question|unanswered|(?:yet|still) to be decided|no decision has been"
    r"|(?:nobody|no one|none of them) (?:yet )?knows|(?:do|does|did)(?:n[’']t| not) (?:yet )?know"
    r" (?:whether|if|who|when|how|why|what|where)"
    r"|whether\b[^.!?,]{1,80},[^.!?]{0,40}? do(?:n[’']t| not) know|questions? (?:of|about|over|as to) whether"
    r"|(?:undecided|unsure|in doubt|doubts?|debate|uncertainty) (?:about |over |on |as to )?whether)\b",
    re.IGNORECASE,
)
_FEWEST_WORDS = 2  # of a question that can be understood alone


def open_questions(
    reading: Reading, analysis: Analysis, raised_by: Callable[[list[Attribution]], tuple[str, ...]]
) -> Iterator[OpenQuestion]:
    """Questions that a sentence asks, and sentences that call something undecided, in the article's order.

    ``raised_by`` gives the ids of those to whom a sentence's words are attributed.
    """
    interview = is_interview(reading)
    number = 0
    for sentence in reading.sentences:
        if sentence.kind != "prose" or (interview and sentence.text.endswith("?")):
            continue
        asked = _ASKED.search(sentence.text) if "?" in sentence.text else None
        if not (asked and _stands_alone(asked.group())) and not _UNRESOLVED.search(sentence.text):
            continue
        number += 1
        yield OpenQuestion(
            id=f"Q{number}",
            question=as_sentence(asked.group()) if asked else sentence.text,
            origin="asked" if asked else "implied",
            raised_by=raised_by(analysis.attributions_in([sentence.number])),
            evidence=(Evidence(sentence=sentence.number, spans=sentence.spans, quote=sentence.text),),
        )


def only_asks(text: str) -> bool:
    """Whether there is nothing in a content but a question."""
    return text.rstrip("”\"’' ").endswith("?") and not re.search(r"[.!]\s", text)


def is_interview(reading: Reading) -> bool:
    """Whether questions and answers make the article: the interviewer's questions are not left open."""
    openings = [sentence.text[:2] for sentence in reading.sentences if sentence.kind == "prose"]
    return openings.count("Q:") > 1 and openings.count("A:") > 1


def _stands_alone(question: str) -> bool:
    """Whether it is more than a "Whose?" or the rest of a sentence; what is written without spaces is not counted."""
    words = question.split()
    return (len(words) >= _FEWEST_WORDS and not words[0][0].islower()) or not question.strip().isascii()
