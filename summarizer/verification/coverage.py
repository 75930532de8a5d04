"""Measure how much of an article a brief rests on, and find instructions to a language model.

An injected sentence is real text and passes all checks of quotations, so it is reported, not cut. The patterns
are kinds of wording seen in published prompt injections.
"""

import re
from collections.abc import Iterable

from summarizer.article import Reading
from summarizer.attribution import Analysis, Attribution
from summarizer.brief import Coverage, FailedChunk, UncitedStatement
from summarizer.spans import quote
from summarizer.verification.findings import Findings

_RELATIVE_PRONOUNS = frozenset({"who", "which", "that"})

_MODEL = r"(?:(?:AI )?(?:large )?language model|AI (?:model|assistant)|AI|LLM|GPT|ChatGPT|chatbot|summari[sz]er)s?"
_MODEL_CALLED = rf"(?:assistant|{_MODEL})"
_SPOKEN_TO = r"(?=\W*$|[.,:;!?—]| (?:reading|that|who|and|whose|trained|with(?:out)?)\b)"  # not "AI researchers"
_FIRST = r"^\W*(?:(?:please|now|and|then|stop)\W+){0,3}"  # the start of an imperative sentence
_ORDERS = "(?:instructions?|prompts?|rules|guidelines|directions)"
_ARTICLE = "(?:article|text|document|page)"
_IGNORE = "(?:ignore|disregard|forget|override)"
_REPLY = (
    r"(?:respond|reply|answer|output) (?:only )?"
    r"(?:(?:with|in) )?(?:(?:valid )?JSON\b|the following\b|nothing\b|(?:the|these) words?\b|\{)"
)

# Sentences of news stay out of it: "drivers ignore the rules", "as an AI company". The alternatives are grouped by
# where they can begin, so that most characters of a sentence are tested once.
_INSTRUCTION = re.compile(
    rf"{_FIRST}(?:{_IGNORE}\b.{{0,40}}\b(?:{_ORDERS}|everything above|all of the above)(?!\w)|{_REPLY})"
    r"|^\W*(?:(?:system|developer) (?:prompt|message|note)\s*[:\])>]|(?-i:SYSTEM|ASSISTANT)\s*:"
    rf"|dear {_MODEL}\b|{_MODEL_CALLED},\s+{_REPLY}"
    rf"|(?:important )?(?:note|message|attention|instructions?),?(?: (?:to|for))?(?: (?:the|any|all))? "
    rf"{_MODEL}{_SPOKEN_TO})"
    rf"|\b(?:{_IGNORE}\b.{{0,20}}\b(?:previous|prior|above|earlier|preceding|your) .{{0,20}}{_ORDERS}\b"
    r"|(?:print|reveal|repeat|output|show|leak) .{0,20}\byour (?:system |hidden |secret )?(?:prompt|instructions)\b"
    rf"|you are (?:now )?(?:an? )?(?:{_MODEL}{_SPOKEN_TO}|helpful (?:AI )?assistant\b)"
    rf"|as an? {_MODEL},? you\b"
    rf"|(?:when|if) (?:you (?:are )?(?:summari[sz]ing|summari[sz]e|processing|process|analy[sz]ing|analy[sz]e)"
    rf" (?:this|the)|(?:summari[sz]ing|processing|analy[sz]ing) this) {_ARTICLE}\b"
    rf"|(?:must|should|only) {_REPLY})"
    r"|</?(?:system|assistant|user|instructions?|article)>|\[S\d+\]|<\|[a-z_]+\|>|\[/?INST\]",
    re.IGNORECASE,
)


def measure_coverage(
    reading: Reading, analysis: Analysis, findings: Findings, *, chunks: int, failed: Iterable[FailedChunk] = ()
) -> Coverage:
    """Return the share of attributed statements that merged findings cite, and list the others.

    ``chunks`` is the number of chunks with findings; ``failed`` has those without.
    """
    cited = {item.sentence for claim in findings.claims for item in claim.evidence}
    uncited = [statement for statement in analysis.statements if not cited.intersection(statement.sentences)]
    return Coverage(
        sentences=len(reading.sentences),
        chunks=chunks,
        failed=tuple(failed),
        statements=len(analysis.statements),
        cited=len(analysis.statements) - len(uncited),
        uncited=tuple(
            UncitedStatement(
                sentences=statement.sentences,
                spans=statement.content,
                source=_source(reading, statement),
                quote=" ".join(quote(reading.article.text, [span]) for span in statement.content),
            )
            for statement in uncited
        ),
        suspicious=tuple(sentence.number for sentence in reading.sentences if looks_like_instruction(sentence.text)),
    )


def looks_like_instruction(text: str) -> bool:
    """Return whether a sentence seems to address a language model."""
    return _INSTRUCTION.search(text) is not None


def _source(reading: Reading, statement: Attribution) -> str | None:
    """Return the words that name the source; for a relative pronoun, the names of the holders."""
    words = quote(reading.article.text, statement.source)
    if words in _RELATIVE_PRONOUNS:
        return " and ".join(holder.name for holder in statement.holders)
    return words or None
