"""Find the questions that an article leaves open."""

import re
from collections import deque
from collections.abc import Callable, Iterator

from summarizer._languages import cached, read_language
from summarizer._patterns import compile_lazily
from summarizer.article import Reading
from summarizer.attribution import Analysis, Attribution
from summarizer.brief import Evidence, OpenQuestion
from summarizer.engines.builtin.clauses import find_verbs, tokens_of
from summarizer.engines.builtin.glosses import gloss
from summarizer.engines.builtin.lexicon import any_of, read_patterns
from summarizer.engines.builtin.statements import as_sentence

_PATTERNS = read_patterns("open_questions")
_QUESTION = compile_lazily(_PATTERNS["question"])
"""A question; a full stop after a short capitalised word ("Mrs.") does not end the words before it."""
_UNRESOLVED = compile_lazily(_PATTERNS["unresolved"], re.IGNORECASE)
_TO_READERS = compile_lazily(rf"^{any_of('to_readers')}", re.IGNORECASE)
"""A question that readers are asked, or one that only leads on: "Sounds familiar, right?"."""
_MIN_QUESTION_WORDS = 2
_MIN_FOREIGN_WORDS = 3  # of a question in another language, whose verbs are not known


@cached
def _patterns(code: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns by which a language calls something undecided, and by which it asks readers.

    Those of English are for a language without its own, such as one with a gloss.
    """
    if not (data := read_language(code).get("questions")):
        return _UNRESOLVED, _TO_READERS
    unresolved, to_readers = ("|".join(data.get(key, ())) or "(?!)" for key in ("unresolved", "to_readers"))
    return re.compile(unresolved, re.IGNORECASE), re.compile(to_readers, re.IGNORECASE)


def find_open_questions(
    reading: Reading, analysis: Analysis, raised_by: Callable[[list[Attribution]], tuple[str, ...]]
) -> Iterator[OpenQuestion]:
    """Yield the sentences that ask a question or call something undecided, in the article's order.

    ``raised_by`` returns the ids of the holders of attributions.
    """
    number, (unresolved, to_readers) = 0, _patterns(reading.language)
    for sentence in reading.sentences:
        if sentence.kind != "prose" or sentence.number in analysis.questions:
            continue
        question = _find_question(sentence.text, reading.language) if "?" in sentence.text else ""
        if to_readers.search(question or sentence.text):
            continue
        if not question and not unresolved.search(gloss(sentence.text, reading.language).text):
            continue
        number += 1
        yield OpenQuestion(
            id=f"Q{number}",
            question=as_sentence(question) if question else sentence.text,
            origin="asked" if question else "implied",
            raised_by=raised_by(analysis.attributions_in([sentence.number])),
            evidence=(Evidence(sentence=sentence.number, spans=sentence.spans, quote=sentence.text),),
        )


def only_asks(text: str) -> bool:
    """Return whether a text is only a question."""
    return text.rstrip("”\"’' ").endswith("?") and not re.search(r"(?<!\bhon)[.!]\s", text)


def _find_question(text: str, language: str) -> str:
    """Return the last question of a sentence that its speaker does not answer himself, or an empty string.

    It has a verb, unlike "Whose?" and the rest of a sentence; a question in other letters counts.
    """
    match = deque(_QUESTION.finditer(text), maxlen=1)[0]
    question, tokens = match.group().strip(), tokens_of(match.group())
    is_answered = text[match.end() : match.end() + 2].strip().isalpha()
    if is_answered or text[: match.start()].endswith((" and “", " as “", ' and "', ' as "')):
        return ""  # only named: "under headlines such as “…?”"
    if not question.isascii() or len(tokens) < _MIN_QUESTION_WORDS:
        return "" if question.isascii() else question
    if language != "en":
        return question if len(question.split()) >= _MIN_FOREIGN_WORDS and question[0].isupper() else ""
    is_asked = tokens[0].is_finite_helper or tokens[0].lower in ("why", "how") or bool(find_verbs(tokens))
    return question if is_asked and not tokens[0].text.islower() else ""
