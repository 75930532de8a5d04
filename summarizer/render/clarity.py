"""Whether a statement in the article's words can be understood alone: it is a sentence, and its pronouns are clear."""

import re
from collections.abc import Collection, Sequence

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily, fill_patterns
from summarizer._text import one_line
from summarizer.brief import Holder, Position, Speech
from summarizer.render.cuts import is_clean_cut, quote_whole

_LISTS = read_toml(__file__, "clauses.toml") | read_toml(__file__, "clarity.toml")
_WORDS = {name: "|".join(words) for name, words in _LISTS.items()}
_UNCLEAR = compile_lazily(rf"(?:{_WORDS['unclear']})")
_PRONOUN = compile_lazily(rf"[“\"„«‘'… ]*(?:\w+(?: \w+)?[.!?] ){{0,3}}(?P<word>{_WORDS['pronouns']}|So)\b")
_EXPLETIVE = compile_lazily(_WORDS["expletive"])
_NO_PREDICATE = compile_lazily(rf"(?:{_WORDS['no_predicate']})\b")
_VERB = compile_lazily(rf"\b(?:(?i:{_WORDS['verbs']})|(?!his|its|this|yes)[a-z]\w*[^s\W]s)\b")
_FIRST_PERSON = compile_lazily(r"\b(?:I|me|my|mine|myself|us|our|we|We|My|Our)\b(?![.])")
_QUOTED = compile_lazily(r"[“\"][^“”\"]*[”\"]|\[[^\]]*\]")
_PATTERNS = fill_patterns(read_toml(__file__, "patterns.toml")["clarity"], _WORDS)
_THIS = compile_lazily(_PATTERNS["this"])
_DEMONSTRATIVE = compile_lazily(_PATTERNS["demonstrative"])
_SENTENCE_BEFORE = compile_lazily(r"(?:\S+ ){3,}\S+(?:[.;!?—][”\"’]* | [-–—]+ )")
_PARTITIVE = compile_lazily(rf"\b(?:(?:an?|the) )?(?:{_WORDS['parts']}) of $")
_MARKUP = compile_lazily(r"</?[a-z]\w*\b|\w+=[\"“]\w")
_NO_QUESTION, _NO_MATTER, _TO_COME = (compile_lazily(_WORDS[name]) for name in ("no_question", "no_matter", "to_come"))
_SINGLE_OPENING = compile_lazily(r"(?<![\w.])['‘](?=[A-Z])")
_SINGLE_CLOSING = compile_lazily(r"(?<=\w[\w.,!?])['’](?!\w)")
_REFERRING = compile_lazily(_WORDS["referring"])
_CLAUSE_BEFORE = compile_lazily(r"[;:.—!?]|(?:\S+ ){2,}\S*,|(?:\S+ ){15}")
_TAG = compile_lazily(_PATTERNS["tag"])
"""The verb of the report, or of somebody else, in a statement."""
_MAN, _WOMAN = compile_lazily(r"\b(?:[Hh]e|[Hh]is|him|Mr)\b"), compile_lazily(r"\b(?:[Ss]he|[Hh]er|Mrs|Ms|Miss)\b")
_OF_ISSUE = ("it", "its", "this", "that", "these", "those")
_ONE = frozenset({"he", "him", "she", "her", "his"})
_THIRD_PERSON = compile_lazily(r"\b(?P<word>he|him|she|her|his|they|them|their|its?)\b", re.IGNORECASE)
_NO_NAME = rf"(?i:(?:{_WORDS['pronouns']}|{_WORDS['of_body']}|{_WORDS['no_names']})(?:[’'](?:s|re|ve|ll|d|m))?\b)"
_NAME = compile_lazily(rf"\b(?!{_NO_NAME})[A-Z]\w+")
_PERSON = (
    rf"(?<!\bin )(?<!\bat )(?<!\bnear )\b(?!{_NO_NAME})(?:(?<=[\w,;] )[A-Z][a-z]\w*|[A-Z][a-z]\w*[^\Ws]\b)"
    rf"|\b(?i:{_WORDS['person_nouns']})\b"
)
_PLURAL = (
    rf"\b(?i:(?:{_WORDS['plural_nouns']})|(?!{_NO_NAME})"
    r"(?!years|months|weeks|days|hours|minutes|times)\w{2,}[^s’'\W]s)\b"
)
_THING_NOUN = r"\b(?i:the|an?|every|each|no|any|some|my|our|your|two|three|four|several|many|most) [a-z]\w*"
_NOUNS = {
    "he": compile_lazily(_PERSON),
    **dict.fromkeys(("they", "them", "their"), compile_lazily(rf"{_PLURAL}|\band (?!{_NO_NAME})[A-Z]\w+")),
    **dict.fromkeys(("it", "its"), compile_lazily(rf"{_PLURAL}|{_THING_NOUN}")),
}
"""What may be meant by a pronoun after it."""
_FRAGMENT = compile_lazily(rf"[“\"„«‘'… ]*(?:{_WORDS['fragments']})\b")
_OTHER_PERSON = compile_lazily(r"\b(?:M[rs]s?[.]? [A-Z][\w’'-]+|[A-Z][a-z’'-]+ [A-Z][\w’'-]+)")
_LEADING_ON = ("And ", "But ", "Or ", "So ", "Then ", "Rather ")
_MAX_LENGTH = 2_000  # characters of a statement that a short view may have
_MIN_CLEAR_WORDS, _MAX_PHRASE, _MIN_NOUN = 4, 14, 4


def state_clearly(
    position: Position,
    text: str,
    holders: Sequence[Holder],
    *,
    is_answer: bool,
    has_issue: bool,
    topic: Collection[str] = (),
) -> str | None:
    """Return a position's statement if it is cut cleanly and clear alone, else the whole sentence, else None.

    Args:
        position: The position.
        text: The statement as a view shows it.
        holders: The holders, whom the view shows before it.
        is_answer: Whether the view shows the question before it, to which its pronouns may refer.
        has_issue: Whether the view shows it on a side of an issue, to which "it" and "this" may refer.
        topic: The words of title and gist, which the view shows: "this deal" may refer to them.
    """
    sentence = " ".join(one_line(item.quote).replace("''", '"') for item in position.evidence)
    speech = position.speech
    kinds = [holder.kind for holder in holders]
    if _MARKUP.search(text) or not any(
        holder.name or holder.role or holder.affiliation or holder.kind == "author" for holder in holders
    ):
        return None
    is_direct = speech == "direct"
    has_tag_after = not is_direct and sentence.lstrip('“"').startswith(text[:20]) and len(sentence) > len(text)
    own = () if has_tag_after else _own_pronouns(kinds, sentence)  # "His plan is late, said Ann Hill"
    named, sentence_named = (
        _THIS.sub(lambda each: f"{each[1]}he " if {each[2].lower(), each[3]} & set(topic) else each[0], words)
        for words in (text, sentence)
    )
    if is_direct and not (is_answer or _has_clear_references(named, topic)):
        return None
    names = tuple(words[-1] for holder in holders if (words := (holder.name or "").split()))
    roles = [word for holder in holders for word in re.findall(r"\w+", f"{holder.name} {holder.role}")]
    is_later = text.startswith("“…")
    is_clean = is_answer or is_later or "author" in kinds or is_clean_cut(text, sentence, is_direct=is_direct)
    is_clean = is_clean and (is_direct or not (text.startswith(names) or _may_mean_another(text, sentence, roles)))
    if is_clean and is_clear(named, holders, speech, own=own, is_answer=is_answer, has_issue=has_issue, topic=topic):
        return text
    if (
        is_later
        or (is_direct and _FRAGMENT.match(text))
        or (text[:1].islower() and speech == "indirect" and not has_issue)
    ):
        return None  # what somebody did, not what he said
    whole = quote_whole(sentence)
    pronoun = _PRONOUN.match(sentence)
    is_open = pronoun is not None and (sentence[0] in '“"' or pronoun["word"].lower() not in own)
    if whole is None or is_open or _MARKUP.search(sentence) or not _has_clear_references(sentence_named, topic):
        return None
    return whole if _has_clear_pronouns(sentence, own, is_direct=is_direct, speakers=holders) else None


def _may_mean_another(text: str, sentence: str, names: Collection[str]) -> bool:
    """Return whether a statement's first pronoun may mean somebody whom the words before it name beside ``names``."""
    if not text.startswith(("He ", "She ", "He’", "She’", "He'", "She'", "His ", "Her ")):
        return False
    head = sentence[: max(sentence.find(text[1:-1]), 0)]
    return any(set(names).isdisjoint(re.findall(r"\w+", match[0])) for match in _OTHER_PERSON.finditer(head))


def is_clear_question(question: str, *, is_quoted: bool = False) -> bool:
    """Return whether a question or an open matter is a sentence that is clear without an earlier one.

    What a speaker asks (``is_quoted``) is more often an argument: only what is to come is left open.
    """
    if (_NO_QUESTION if question.endswith("?") else _NO_MATTER).search(question):
        return False
    if is_quoted and not (question.endswith("?") and _TO_COME.search(question)):
        return False
    is_open = question.startswith(_LEADING_ON) or len(question.split()) < _MIN_CLEAR_WORDS - 1
    is_open = is_open or _PRONOUN.match(question) is not None or question.count('"') % 2 == 1
    return not is_open and _has_clear_references(question) and _has_clear_pronouns(question, (), is_direct=False)


def is_clear(
    text: str,
    holders: Sequence[Holder],
    speech: Speech,
    *,
    own: Collection[str] | None = None,
    is_answer: bool = False,
    has_issue: bool = False,
    topic: Collection[str] = (),
) -> bool:
    """Return whether a statement, without its holder, is a sentence that is clear without an earlier one.

    ``own`` are the pronouns that mean the holder in reported speech; for the other arguments see `state_clearly`.
    """
    kinds = [holder.kind for holder in holders]
    own = _own_pronouns(kinds) if own is None else own
    is_author = "author" in kinds
    is_fragment = _UNCLEAR.match(text) or (not is_answer and _FRAGMENT.match(text))
    if len(text) > _MAX_LENGTH or is_fragment or text.count("“") != text.count("”"):
        return False
    if text.count('"') % 2 or len(_SINGLE_OPENING.findall(text)) > len(_SINGLE_CLOSING.findall(text)):
        return False
    if speech != "direct" and not is_author:
        reported = _QUOTED.sub("“”", text)
        if _FIRST_PERSON.search(reported) or _TAG.search(reported):
            return False
    if text[:1].islower():
        if _NO_PREDICATE.match(text):
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
    return _has_clear_references(text, topic, is_open=has_issue) and _has_clear_pronouns(
        text, own, is_direct=speech == "direct", is_own_quoted=speech == "direct"
    )


def _own_pronouns(kinds: Sequence[str], sentence: str = "") -> Collection[str]:
    """Return the pronouns for the holder in reported speech; none if the sentence has both sexes."""
    if kinds == ["person"] and _MAN.search(sentence) and _WOMAN.search(sentence):
        return ()
    if len(kinds) > 1:
        return _WORDS["of_many"].split("|")
    names = {"person": "of_person", "group": "of_many", "organisation": "of_body", "government": "of_body"}
    return _WORDS[names[kinds[0]]].split("|") if kinds[0] in names else ()


def _has_clear_references(text: str, topic: Collection[str] = (), *, is_open: bool = False) -> bool:
    """Return whether each "that", "this plan" and "do so" has a clause or its noun before it, or in ``topic``.

    If ``is_open``, the first word may refer to what is shown before.
    """
    if not all(_CLAUSE_BEFORE.search(text, 0, match.start()) for match in _REFERRING.finditer(text)):
        return False
    for match in _DEMONSTRATIVE.finditer(text):
        before = text[: match.start()].lower()
        nouns = [word.rstrip("s") for word in match["noun"].lower().split() if len(word) >= _MIN_NOUN]
        is_known = any(noun in before or noun in topic for noun in nouns) or (is_open and match.start() <= 1)
        if not is_known and not _SENTENCE_BEFORE.search(text, 0, match.start()):
            return False
    return True


def _has_clear_pronouns(
    text: str, own: Collection[str], *, is_direct: bool, is_own_quoted: bool = False, speakers: Sequence[Holder] = ()
) -> bool:
    """Return whether each pronoun of the third person has a noun before it, or is one of ``own``, unless quoted.

    In direct speech a name is more often a person's than a thing's, so "it" needs another noun. In quotations, nobody
    calls himself "he": the names of the ``speakers`` are no such nouns.
    """
    names = "|".join(re.escape(word) for holder in speakers for word in (holder.name or "").split())
    masked = re.sub(rf"\b(?:{names})\b", lambda name: "x" * len(name[0]), text) if names else text
    if "this" not in own and (text[:1].islower() or text.startswith(("He ", "She ", "They "))):
        own = frozenset(own) - {"him", "them", "it", "they" if "itself" in own else ""}  # the holder is the subject
    quoted = [match.span() for match in _QUOTED.finditer(text)] if not is_own_quoted else []
    expletives = {match.start() for match in _EXPLETIVE.finditer(text)}
    first = next((match.start() for match in _THIRD_PERSON.finditer(text)), 0)
    for match in _THIRD_PERSON.finditer(text):
        start, stem = match.start(), match["word"].lower()
        is_quoted = any(begin < start < end for begin, end in quoted)
        is_own = stem in own and (stem != "him" or start != first)
        if (is_own and not is_quoted) or start in expletives or (stem == "its" and _NAME.search(text, 0, start)):
            continue
        noun = _NOUNS[stem if stem in ("it", "its", "they", "them", "their") else "he"]
        before = _PARTITIVE.sub("", (masked if is_quoted else text)[:start])
        if not noun.search(before) and (is_direct or stem in _ONE or not _NAME.search(before)):
            return False
    return True
