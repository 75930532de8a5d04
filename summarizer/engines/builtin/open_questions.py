"""Find the questions that an article leaves open."""

import re
from collections.abc import Callable, Iterator

from summarizer._patterns import compile_lazily
from summarizer.article import Reading
from summarizer.attribution import Analysis, Attribution
from summarizer.brief import Evidence, OpenQuestion
from summarizer.engines.builtin.lexicon import any_of
from summarizer.engines.builtin.statements import as_sentence

_QUESTION = compile_lazily(r"[^.!?…“”\"„«»]*\?")
_UNRESOLVED = compile_lazily(rf"\b{any_of('unresolved')}\b", re.IGNORECASE)
_TO_READERS = compile_lazily(rf"^{any_of('to_readers')}", re.IGNORECASE)
"""A question that readers are asked, or one that only leads on: "Sounds familiar, right?"."""
_MIN_QUESTION_WORDS = 2


def find_open_questions(
    reading: Reading, analysis: Analysis, raised_by: Callable[[list[Attribution]], tuple[str, ...]]
) -> Iterator[OpenQuestion]:
    """Yield the sentences that ask a question or call something undecided, in the article's order.

    ``raised_by`` returns the ids of the holders of attributions.
    """
    number = 0
    for sentence in reading.sentences:
        if sentence.kind != "prose" or sentence.number in analysis.questions:
            continue
        question = _QUESTION.search(sentence.text) if "?" in sentence.text else None
        if _TO_READERS.search(question.group().strip() if question else sentence.text):
            continue
        if not (question and _stands_alone(question.group())) and not _UNRESOLVED.search(sentence.text):
            continue
        number += 1
        yield OpenQuestion(
            id=f"Q{number}",
            question=as_sentence(question.group()) if question else sentence.text,
            origin="asked" if question else "implied",
            raised_by=raised_by(analysis.attributions_in([sentence.number])),
            evidence=(Evidence(sentence=sentence.number, spans=sentence.spans, quote=sentence.text),),
        )


def only_asks(text: str) -> bool:
    """Return whether a text is only a question."""
    return text.rstrip("”\"’' ").endswith("?") and not re.search(r"(?<!\bhon)[.!]\s", text)


def _stands_alone(question: str) -> bool:
    """Return whether a question is more than a "Whose?" or the rest of a sentence; without spaces it counts."""
    words = question.split()
    return (len(words) >= _MIN_QUESTION_WORDS and not words[0][0].islower()) or not question.strip().isascii()
