"""Whether a statement in the article's words can be understood alone: it is a sentence, and its pronouns are clear."""

import re
from collections.abc import Collection, Sequence

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily
from summarizer._text import one_line
from summarizer.brief import Holder, Position, Speech
from summarizer.render.cuts import is_clean_cut, quote_whole

_LISTS = read_toml(__file__, "clauses.toml") | read_toml(__file__, "clarity.toml")
_WORDS = {name: "|".join(words) for name, words in _LISTS.items()}
_UNCLEAR = compile_lazily(rf"(?:{_WORDS['unclear']})")
_PRONOUN = compile_lazily(rf"[“\"„«‘'… ]*(?:\w+(?: \w+)?[.!?] ){{0,3}}(?P<word>{_WORDS['pronouns']}|So)\b")
_EXPLETIVE = compile_lazily(_WORDS["expletive"])
_PREDICATE = compile_lazily(rf"(?:(?:{_WORDS['before_verb']}),? )*(?P<verb>[\w’'-]+)")
_FINITE = compile_lazily(rf"(?:{_WORDS['finite']}|\w+ed|\w+[^s\W]s)")
_NO_BASE_FORM = compile_lazily(rf"(?:{_WORDS['no_base_form']})")
_VERB = compile_lazily(rf"\b(?:{_WORDS['verbs']})\b", re.IGNORECASE)
_FIRST_PERSON = compile_lazily(r"\b(?:I|me|my|mine|myself|us|our|we|We|My|Our)\b(?![.])")
_QUOTED = compile_lazily(r"[“\"][^“”\"]*[”\"]|\[[^\]]*\]")
_SINGLE_OPENING = compile_lazily(r"(?<![\w.])['‘](?=[A-Z])")
_SINGLE_CLOSING = compile_lazily(r"(?<=\w[\w.,!?])['’](?!\w)")
_WORD = compile_lazily(r"[\w’'-]+|[.,;:!?—]")
_REFERRING = compile_lazily(_WORDS["referring"])
_CLAUSE_BEFORE = compile_lazily(r"[,;:.—!?]|(?:\S+ ){15}")
_SUBJECT_AFTER = compile_lazily(
    r"[“\"]?(?:If|When|While|As|Until|Before|After|Although|Though|Once|Since|Despite|With|In) [^,.]*, "
    r"(?:the \w|[A-Z]\w*(?<!I)[^\w’'])"
)
"""A clause before that of its subject: "If she wants the vote, Anna Berg should …"."""
_TAG = compile_lazily(rf"(?:(?<=, )(?:and )?(?:he|she|they)|\b[A-Z][\w.’'-]+) (?:{_WORDS['speaking']})\b")
_MAN, _WOMAN = compile_lazily(r"\b(?:[Hh]e|[Hh]is|him|Mr)\b"), compile_lazily(r"\b(?:[Ss]he|[Hh]er|Mrs|Ms|Miss)\b")
_OBJECT = compile_lazily(r" (?:by|to|in|at|on|for|that|as|of|with|from|an?|the|and|or|if|when|who|“)\b|\W*$|[.,;!?]")
"""What follows the "her" that is no possessive: "referred to her by a nickname"."""
_OF_ISSUE = ("it", "its", "this", "that", "these", "those")
_ONE, _MANY, _THING = ({"he", "him", "she", "her", "his"}, {"they", "them", "their"}, {"it", "its"})
_PERSON_NOUN = compile_lazily(_WORDS["person_nouns"], re.IGNORECASE)
_PLURAL_NOUN = compile_lazily(
    rf"(?:{_WORDS['plural_nouns']})|(?!years|months|weeks|days|hours|minutes|times)\w{{2,}}[^s’'\W]s", re.IGNORECASE
)
_NO_NAME = compile_lazily(
    rf"(?i:{_WORDS['pronouns']}|{_WORDS['of_body']}|I|we|you|the|an?|if|when|as|so|but|and|in|on|at|not|there|no|yes|for"
    r"|what|who|how|why|our|my|your|with|now|maybe|perhaps|let|do|don[’']t|is|are|was|will|to|of|by|from|because"
    r"|well|look|oh|listen|okay|right|sure|again|also|even|here|where|then|some|all|every|most|many|just|only|once)"
)
_DETERMINER = frozenset("the a an every each no any some my our your two three four several many most".split())
_BEFORE_PLACE = frozenset({"in", "at", "near"})
_MAX_LENGTH = 2_000  # characters of a statement that a short view may have
_SHARE_OF_REPORT = 0.6  # of the words of a sentence that only reports: "Todd asked the mayor."
_MIN_CLEAR_WORDS, _MAX_PHRASE = 4, 8
_MIN_HEADING_WORDS, _MAX_MINOR_WORD, _SHARE_OF_CAPITALS = 5, 2, 0.85


def state_clearly(
    position: Position, text: str, holders: Sequence[Holder], *, is_answer: bool, has_issue: bool
) -> str | None:
    """Return a position's statement if it is cut cleanly and clear alone, else the whole sentence, else None.

    ``text`` is the statement as a view shows it; for the other arguments see `is_clear`.
    """
    sentence, speech = " ".join(one_line(item.quote) for item in position.evidence), position.speech
    kinds = [holder.kind for holder in holders]
    if not any(holder.name or holder.role or holder.affiliation or holder.kind == "author" for holder in holders):
        return None
    is_direct = speech == "direct"
    own = _own_pronouns(kinds, sentence)
    if is_direct and not (is_answer or _has_clear_references(text)):
        return None
    names = tuple(words[-1] for holder in holders if (words := (holder.name or "").split()))
    is_clean = is_answer or "author" in kinds or is_clean_cut(text, sentence, is_direct=is_direct)
    is_clean = is_clean and (is_direct or not text.startswith(names))
    if is_clean and is_clear(text, holders, speech, own=own, is_answer=is_answer, has_issue=has_issue):
        return text
    whole = quote_whole(sentence)
    pronoun = _PRONOUN.match(sentence)
    is_report = _UNCLEAR.match(text) is not None and len(text.split()) >= _SHARE_OF_REPORT * len(sentence.split())
    is_open = pronoun is not None and (sentence[0] in '“"' or pronoun["word"].lower() not in own)
    if whole is None or is_report or is_open or _is_heading(whole) or not _has_clear_references(sentence):
        return None
    return whole if _has_clear_pronouns(sentence, own, is_direct=is_direct) else None


def is_clear(
    text: str,
    holders: Sequence[Holder],
    speech: Speech,
    *,
    own: Collection[str] | None = None,
    is_answer: bool = False,
    has_issue: bool = False,
) -> bool:
    """Return whether a statement, without its holder, is a sentence that is clear without an earlier one.

    Args:
        text: The statement as a view shows it.
        holders: The holders, whom the view shows before it.
        speech: How the article reports the statement.
        own: The pronouns that mean the holder in reported speech; those of its kind by default.
        is_answer: Whether the view shows the question before it, to which its pronouns may refer.
        has_issue: Whether the view shows it on a side of an issue, to which "it" and "this" may refer.
    """
    kinds = [holder.kind for holder in holders]
    own = _own_pronouns(kinds) if own is None else own
    is_author = "author" in kinds
    if (
        len(text) > _MAX_LENGTH
        or _UNCLEAR.match(text)
        or _is_heading(text)
        or text.count("“") != text.count("”")
        or text.count('"') % 2
    ):
        return False
    if len(_SINGLE_OPENING.findall(text)) > len(_SINGLE_CLOSING.findall(text)):
        return False
    if speech != "direct" and not is_author:
        reported = _QUOTED.sub("“”", text)
        if _FIRST_PERSON.search(reported) or _TAG.search(reported):
            return False
    if text[:1].islower():
        if not _is_predicate(text, is_many=len(kinds) > 1 or kinds[0] in ("group", "organisation", "government")):
            return False
    else:
        count = len(set(text.lower().split()))
        if count < _MIN_CLEAR_WORDS or (count < _MAX_PHRASE and not _VERB.search(text)):
            return False
    if is_answer:
        return True
    own = {*(own if speech != "direct" else ()), *(_OF_ISSUE if has_issue else ())}
    pronoun = _PRONOUN.match(text)
    if (
        pronoun
        and (pronoun["word"].lower() not in own or text[0] in '“"')
        and not _EXPLETIVE.match(text, pronoun.start("word"))
    ):
        return False
    return _has_clear_references(text) and _has_clear_pronouns(
        text, own, is_direct=speech == "direct", is_own_quoted=speech == "direct"
    )


def _own_pronouns(kinds: Sequence[str], sentence: str = "") -> Collection[str]:
    """Return the pronouns that mean the holder in reported speech; none if a man and a woman are in the sentence."""
    if kinds == ["person"] and _MAN.search(sentence) and _WOMAN.search(sentence):
        return ()
    if len(kinds) > 1:
        return _WORDS["of_many"].split("|")
    names = {"person": "of_person", "group": "of_many", "organisation": "of_body", "government": "of_body"}
    return _WORDS[names[kinds[0]]].split("|") if kinds[0] in names else ()


def _is_heading(text: str) -> bool:
    """Return whether a text is written like a headline, with capitals."""
    words = [word for word in text.split() if len(word) > _MAX_MINOR_WORD]
    capitals = sum(word[0].isupper() for word in words)
    return len(words) >= _MIN_HEADING_WORDS and capitals >= _SHARE_OF_CAPITALS * len(words)


def _is_predicate(text: str, *, is_many: bool) -> bool:
    """Return whether a text without its subject begins with a finite verb; the subject is plural if ``is_many``."""
    match = _PREDICATE.match(text)
    if match is None:
        return False
    if _FINITE.fullmatch(match["verb"]):
        return True
    return is_many and not _NO_BASE_FORM.fullmatch(match["verb"])


def _has_clear_references(text: str) -> bool:
    """Return whether there is a clause before each "that" and "do so" which refers to one."""
    return all(_CLAUSE_BEFORE.search(text, 0, match.start()) for match in _REFERRING.finditer(text))


def _has_clear_pronouns(text: str, own: Collection[str], *, is_direct: bool, is_own_quoted: bool = False) -> bool:
    """Return whether each pronoun of the third person has a noun before it, or is one of ``own``, unless quoted.

    In direct speech a name is more often a person's than a thing's, so "it" needs another noun.
    """
    if text[:1].islower() and "this" not in own:
        own = frozenset(own) - {"him", "them", "it", "they" if "itself" in own else ""}  # the holder is the subject
    has_subject = text[:1].islower()
    has_person = has_many = has_thing = _SUBJECT_AFTER.match(text) is not None
    expletives = {match.start() for match in _EXPLETIVE.finditer(text)}
    quoted = [match.span() for match in _QUOTED.finditer(text)] if not is_own_quoted else []
    has_name, before = False, ""
    for match in _WORD.finditer(text):
        word, lower = match[0], match[0].lower().replace("’", "'")
        stem = lower.split("'")[0]
        is_open = (
            (stem in _ONE and not has_person)
            or (stem in _MANY and not (has_many or (has_thing and not is_direct)))
            or (stem in _THING and not (has_thing or (has_name and stem == "its")) and match.start() not in expletives)
        )
        is_own = stem in own and not any(start < match.start() < end for start, end in quoted)
        if stem == "her" and has_subject and _OBJECT.match(text, match.end()):
            is_own = False
        if is_open and not is_own:
            return False
        is_name = word[0].isupper() and not _NO_NAME.fullmatch(stem)
        is_many = _PLURAL_NOUN.fullmatch(word) is not None and not _NO_NAME.fullmatch(word)
        is_place = before in _BEFORE_PLACE or (is_many and not before) or word.isupper()  # "in Osby", "Voters", "GOP"
        has_person = has_person or (is_name and not is_place) or _PERSON_NOUN.fullmatch(word) is not None
        has_many = has_many or is_many or (is_name and not is_direct)
        has_thing = has_thing or has_many or (before in _DETERMINER and word.isalpha()) or (is_name and not is_direct)
        has_name = has_name or is_name
        before = lower
    return True
