"""Whether a statement is cut from its sentence at the ends of clauses; else a view shows the whole sentence."""

import re
from difflib import SequenceMatcher
from itertools import pairwise

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily, fill_patterns
from summarizer.article import find_dateline

_WORDS = {name: "|".join(words) for name, words in read_toml(__file__, "clarity.toml").items()}
_WORD = compile_lazily(r"\w+(?:[’'-]\w+)*")
_MARKS = " \t\"'“”‘’«»„(),.;:!?…—–-"
_NO_CONTENT = compile_lazily(r"[^\w“\"]*(?:(?:and|but|yet|so|still|however|now|then)\b[^\w“\"]*)?", re.IGNORECASE)
_DROPPED_QUOTATION = compile_lazily(r"[“\"][^“”\"]+[,.!?;…][”\"]")
_PATTERNS = fill_patterns(read_toml(__file__, "patterns.toml")["cuts"], _WORDS)
_TAG_GOES_ON = compile_lazily(_PATTERNS["tag_goes_on"], re.IGNORECASE | re.DOTALL)
"""Words after a tag's place with which its clause goes on: "…, said Hill, if nobody pays", "…, said Hill, but fell"."""
_LOSES_SENSE = compile_lazily(_PATTERNS["loses_sense"], re.IGNORECASE)
"""Words between two parts of a statement that cannot be left out."""
"""What follows a "but" or "although" that belongs to somebody else: a contrast of the holder's own is kept."""
_END_OR_CLAUSE = compile_lazily(_PATTERNS["end_or_clause"])
_SETTING = compile_lazily(rf"[^\w]*(?:{_WORDS['settings']})\b", re.IGNORECASE)
_OPEN_VERB = compile_lazily(_PATTERNS["open_verb"])
"""The end of the words before a statement that negates or weakens it: "did not say that", "is expected to"."""
_CONDITION = compile_lazily(r"\b(?:once|if|unless|until)\s(?:[\w’'.-]+\s){1,5}$", re.IGNORECASE)
_ADDRESSEE = compile_lazily(r"\b[A-Z][\w’'-]+ $")
"""A name just before a statement, whose rest the statement has: "told the Osby Post editorial board that"."""
_ASIDE = compile_lazily(r",? \w+ing\b(?: \w+){0,3}\W*$")
"""The verb of an aside, which ends before the clause of the sentence does: "Hill, making clear that"."""
_INSERTION = compile_lazily(r", [^,]*,| \([^)]*\)")
_HEAD_WITH_VERB = compile_lazily(_PATTERNS["head_with_verb"])
"""Words before a predicate that have a verb, or whose description of the holder does not end before it."""
_RELATIVE = compile_lazily(r"\b(?:who|which|that)\b")
_IRONY = compile_lazily(rf"\b(?:{_WORDS['irony']})\b")
_JOINS = compile_lazily(r"\b(?:and|but|or|then)(?: also| then)?\s*$")
_PARTICIPLE = compile_lazily(r"\w+ing\b")
_CONTRAST = compile_lazily(r", (?:while|whereas|even as) ")  # the article's more often than the holder's
_DAY_AT_END = compile_lazily(_PATTERNS["day_at_end"])
"""A past clause that ends in a time, which may be that of its report: "said it was late on Monday at a fair"."""
_LEADING_ON = compile_lazily(_PATTERNS["leading_on"])
"""The beginning of a sentence that joins it to the one before."""
_MAX_TAG = 45  # words between two parts of a statement
_MAX_LENGTH = 2_000  # characters of a sentence that is compared
_LABEL = compile_lazily(r"(?:[A-Z][\w.’'-]* ){0,3}[A-Z][\w’'-]*: (?=[A-Z])")  # the holder's in a headline
_MAX_WHOLE = 45  # words of a sentence that is shown whole
_WHOLE = compile_lazily(r"[“\"‘']?[A-Z\d][^\n]*[.!?][”\"’']?$")
_WRONG_MARKS = compile_lazily(r"‘\s|\s’[A-Z]|[.,?!]['’][.]")


def is_clean_cut(text: str, sentence: str, *, is_direct: bool) -> bool:
    """Return whether a statement has whole clauses of a sentence, and loses no negation, hedge or time.

    Args:
        text: The statement without its holder.
        sentence: The sentence or sentences of the article that it is from.
        is_direct: Whether the holder's own words are quoted.
    """
    if max(len(text), len(sentence)) > _MAX_LENGTH:
        return is_direct
    wanted, found = _WORD.findall(text.lower()), list(_WORD.finditer(sentence))
    matcher = SequenceMatcher(None, [match[0].lower() for match in found], wanted, autojunk=False)
    blocks = matcher.get_matching_blocks()[:-1]
    if not blocks or sum(block.size for block in blocks) < len(wanted) or (len(wanted) == len(found) and not is_direct):
        return False  # other words than those of the article, or the report as well
    spans = [(found[block.a].start(), found[block.a + block.size - 1].end()) for block in blocks]
    for (_, end), (start, _) in pairwise(spans):
        between = sentence[end:start]
        is_tag = bool(set(',"“”') & set(between)) and len(between.split()) <= _MAX_TAG
        is_tag = is_tag and (is_direct or not _LOSES_SENSE.search(between))
        is_tag = is_tag and between.count("(") == between.count(")") and not _PARTICIPLE.match(sentence, start)
        if between.strip(_MARKS) != "that" and not is_tag:
            return False
    head, tail = sentence[: spans[0][0]], sentence[spans[-1][1] :]
    if not is_direct and (_DAY_AT_END.match(text) or _CONTRAST.search(text)):
        return False
    if _IRONY.search(f"{head} {tail}") or (_DROPPED_QUOTATION.search(head) and (is_direct or text[0] in '“"')):
        return False  # “No,” she said. “…”
    if is_direct:
        return found[blocks[0].a][0][0].isupper()
    has_tag_after = _NO_CONTENT.fullmatch(head) is not None
    goes_on = _TAG_GOES_ON.match(tail) if has_tag_after else not _END_OR_CLAUSE.match(tail)
    if tail.strip(_MARKS) and goes_on:
        return False
    return not (
        _SETTING.match(head)
        or _OPEN_VERB.search(head)
        or _CONDITION.search(head)
        or (text[:1].islower() and not _is_subject(head))
        or (text[:1].isupper() and _ADDRESSEE.search(head) and sentence[len(head)].islower())
        or ("," in text and _ASIDE.search(head))
    )


def _is_subject(head: str) -> bool:
    """Return whether the words before a predicate are its subject, or end with "and" after another predicate."""
    return (
        not _RELATIVE.search(head)
        if _JOINS.search(head)
        else _HEAD_WITH_VERB.search(_INSERTION.sub("", head) + " ") is None
    )


def quote_whole(sentence: str) -> str | None:
    """Return a sentence of the article as a quotation, or None if it is too long or no whole sentence."""
    inner = sentence.strip().replace("''", '"')
    inner = inner.strip("()").lstrip("—–-• ")
    inner = inner[find_dateline(inner) :]
    if opener := _LEADING_ON.match(inner):
        inner = inner[opener.end() :][:1].upper() + inner[opener.end() + 1 :]
    inner = inner.removeprefix(label[0] if (label := _LABEL.match(inner)) else "")
    if len(inner.split()) > _MAX_WHOLE or not _WHOLE.match(inner) or inner.count('"') % 2:
        return None
    if inner.count("“") != inner.count("”") or inner.count("(") != inner.count(")"):
        return None
    inner = re.sub(r'"([^"]*)"', r"‘\1’", inner).replace("“", "‘").replace("”", "’")
    if _WRONG_MARKS.search(inner) or (inner[0] == "‘" and "’ " not in inner):
        return None
    return f"As reported: “{inner}”"
