"""Whether a statement is cut from its sentence at the ends of clauses; else a view shows the whole sentence."""

import re
from difflib import SequenceMatcher
from itertools import pairwise

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily

_WORDS = {name: "|".join(words) for name, words in read_toml(__file__, "clarity.toml").items()}
_WORD = compile_lazily(r"\w+(?:[’'-]\w+)*")
_MARKS = " \t\"'“”‘’«»„(),.;:!?…—–-"
_END = compile_lazily(r"[.!?…]+[”\"’')]*")
_NO_CONTENT = compile_lazily(r"[^\w“\"]*(?:(?:and|but|yet|so|still|however|now|then)\b[^\w“\"]*)?", re.IGNORECASE)
_DROPPED_QUOTATION = compile_lazily(r"[“\"][^“”\"]+[,.!?;…][”\"]")
_TAG_GOES_ON = compile_lazily(rf"[^\w]*(?:{_WORDS['continuing']})\b", re.IGNORECASE)
_END_OR_CLAUSE = compile_lazily(
    rf"[.!?…][”\"’)]*(?:\s+[^a-z\s]|$)|[”\"’)]*(?:[,;][”\"]? (?:according|adding|{_WORDS['joining']})\b"
    rf"|,? (?:and|but) (?:[\w’'-]+ ){{0,3}}?(?:\w+ed|{_WORDS['clause_words']})\b)"
)
_SETTING = compile_lazily(rf"[^\w]*(?:{_WORDS['settings']})\b", re.IGNORECASE)
_OPEN_VERB = compile_lazily(
    rf"(?:\b(?:{_WORDS['open_verbs']})|n[’']t)\W+(?:(?:yet|ever|even|also|\w+ly)\W+)?(?:\w+\W+(?:that\W+)?)?$"
)
"""The end of the words before a statement that negates or weakens it: "did not say that", "is expected to"."""
_OPEN_PHRASE = compile_lazily(rf"\b(?:{_WORDS['open_phrases']})\W*$", re.IGNORECASE)
_ADDRESSEE = compile_lazily(r"\b[A-Z][\w’'-]+ $")
"""A name just before a statement, whose rest the statement has: "told the Osby Post editorial board that"."""
_EMBEDDED = compile_lazily(r"\bthat (?:\S+ ){1,4}$")
"""The subject of a clause that somebody else says: "the paper wrote that Hill"."""
_ASIDE = compile_lazily(r",? \w+ing\b(?: \w+){0,3}\W*$")
"""The verb of an aside, which ends before the clause of the sentence does: "Hill, making clear that"."""
_MAX_TAG = 45  # words between two parts of a statement
_MAX_LENGTH = 2_000  # characters of a sentence that is compared
_MAX_WHOLE = 45  # words of a sentence that is shown whole
_WHOLE = compile_lazily(r"[“\"‘']?[A-Z\d][^\n]*[.!?][”\"’']?$")
_WRONG_MARKS = compile_lazily(r"‘\s|\s’[A-Z]|[.,?!]['’][.]")
_UNFINISHED = compile_lazily(rf"\b(?:{_WORDS['titles']})[.]$")
_ABRUPT = compile_lazily(r"\w… \w|\w … \w")


def is_clean_cut(text: str, sentence: str, *, is_direct: bool) -> bool:
    """Return whether a statement has whole clauses of a sentence, and loses no negation, hedge or time.

    Args:
        text: The statement without its holder.
        sentence: The sentence or sentences of the article that it is from.
        is_direct: Whether the holder's own words are quoted.
    """
    if max(len(text), len(sentence)) > _MAX_LENGTH or _ABRUPT.search(text):
        return is_direct
    wanted, found = _WORD.findall(text.lower()), list(_WORD.finditer(sentence))
    matcher = SequenceMatcher(None, [match[0].lower() for match in found], wanted, autojunk=False)
    blocks = matcher.get_matching_blocks()[:-1]
    if not blocks or sum(block.size for block in blocks) < len(wanted) or (len(wanted) == len(found) and not is_direct):
        return False  # other words than those of the article, or the report as well
    spans = [(found[block.a].start(), found[block.a + block.size - 1].end()) for block in blocks]
    for (_, end), (start, _) in pairwise(spans):
        between = sentence[end:start]
        if between.strip(_MARKS) != "that" and not (set(',"“”') & set(between) and len(between.split()) <= _MAX_TAG):
            return False
    head, tail = sentence[: spans[0][0]], sentence[spans[-1][1] :]
    if _DROPPED_QUOTATION.search(head) and (is_direct or text[0] in '“"'):
        return False  # “No,” she said. “…”
    if is_direct:
        return found[blocks[0].a][0][0].isupper() and (
            text.rstrip(" …”\"’'")[-1:] in ".!?" or _END.match(tail) is not None
        )
    has_tag_after = _NO_CONTENT.fullmatch(head) is not None
    goes_on = _TAG_GOES_ON.match(tail) if has_tag_after else not _END_OR_CLAUSE.match(tail)
    if tail.strip(_MARKS) and goes_on:
        return False
    return not (
        _SETTING.match(head)
        or _OPEN_VERB.search(head)
        or (text[:1].islower() and (_OPEN_PHRASE.search(head) or _EMBEDDED.search(head)))
        or (text[:1].isupper() and _ADDRESSEE.search(head) and sentence[len(head)].islower())
        or ("," in text and _ASIDE.search(head))
    )


def quote_whole(sentence: str) -> str | None:
    """Return a sentence of the article as a quotation, or None if it is too long or no whole sentence."""
    inner = sentence.strip().replace("''", '"')
    inner = inner.strip("()").lstrip("—–-• ")
    if len(inner.split()) > _MAX_WHOLE or not _WHOLE.match(inner) or inner.count('"') % 2:
        return None
    if inner.count("“") != inner.count("”") or inner.count("(") != inner.count(")"):
        return None
    inner = re.sub(r'"([^"]*)"', r"‘\1’", inner).replace("“", "‘").replace("”", "’")
    if _WRONG_MARKS.search(inner) or _UNFINISHED.search(inner) or (inner[0] == "‘" and "’ " not in inner):
        return None
    return f"As reported: “{inner}”"
