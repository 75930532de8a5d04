"""Build statements that stand alone from the words of the article."""

import html
import re
from collections.abc import Iterable
from itertools import islice, pairwise

from summarizer._patterns import compile_lazily
from summarizer.article import Reading, find_dateline
from summarizer.attribution import Attribution, restore_statement_order
from summarizer.engines.builtin.clauses import CLAUSE_OPENERS, NO_SUBJECTS, find_verbs, is_clause, is_pronoun, tokens_of
from summarizer.engines.builtin.deduplication import StatementGroup
from summarizer.engines.builtin.glosses import has_gloss
from summarizer.engines.builtin.lexicon import any_of, read_patterns, word_set
from summarizer.spans import Span, overlap, quote

_OPENING, _CLOSING, _DOUBLE = "“\"‘«„»”'", "”\"’»“«'", '“”"«»„'
_SENTENCE_ENDS = ".!?…。！？؟।"
_TRIM = " ,;:—–-"
_ADDRESSING = word_set("addressing")
_NO_CLAUSE = compile_lazily(rf"{any_of('no_clause')}\b", re.IGNORECASE)
_PRONOUN = compile_lazily(rf"[“\"„«‘]?{any_of('subject_pronouns')}\b", re.IGNORECASE)
_AUXILIARIES = compile_lazily(rf"(?:\b{any_of('auxiliaries')}\s+)+$")
_PRONOUN_VERB = (
    rf"(?:{any_of('after_pronoun_that')}|(?!{any_of('no_singular')}\b)[a-z]\w{{2,}}[^s\W]"
    r" (?:will|would|should|could|can|may|might|must))\b"
)
_PRONOUN_THAT = compile_lazily(rf"that,? {_PRONOUN_VERB}")
_THAT_THING = compile_lazily(r"that [a-z]\w*[^s\W] (?:in|on|at|during|last|earlier|again|too)\b")
_THAT = compile_lazily(rf"^(?:however,? )?that,? (?!{_PRONOUN_VERB})")
"""The "that" of "said that …", not that of "said that was absurd", "said that deal was dead"."""
_PATTERNS = read_patterns("statements")
_THAT_AGAIN = compile_lazily(_PATTERNS["that_again"], re.DOTALL)
"""The second "that" of "said that … and that …", whose verb is not part of the statement."""
_VERB_GROUP = compile_lazily(rf"(?:\s+(?!{any_of('no_verb_group')}\b)[\w’'-]+){{1,5}}\s+", re.IGNORECASE)
_LENGTH_BEFORE_CUE = 40  # characters that are searched for auxiliaries
_INTERRUPTED = compile_lazily(r"([,.!?…]?)(?:[”\"»“] [“\"«„]|(?<=[,.!?…])[’'] [‘'])(\w)")
_NEXT_PARAGRAPH = compile_lazily(r"(?<=[.!?…]) “(?=\w)")  # which opens a quotation again
_VERB_OF_QUOTATION = compile_lazily(_PATTERNS["verb_of_quotation"])
_SUBORDINATE_START = compile_lazily(r"\W?(?:As|If|When|While|After|Before|Because) [^,.;!?]*")
_OPENING_PHRASE = compile_lazily(_PATTERNS["opening_phrase"])
_BEFORE_QUOTATION = compile_lazily(r",([”\"»]) (?=[“\"«„][A-Z])")
_COMMA_AT_END = compile_lazily(r"[,;:–—-]+([”\"»’']+)$")
_TWO_STOPS = compile_lazily(r"([?!])\.(?=\s|$)")
_CONJUNCTION = compile_lazily(r"(?:and|but|or|nor|which|who)\b")
_AFTER_ASIDE = compile_lazily(any_of("after_aside"))
"""The first words of what a comma divides from the words before "…, said Ann Hill, …"."""
_INFINITE = compile_lazily(r"(?:to|\w{2,}ing)\b", re.IGNORECASE)
_OWN_VERB = compile_lazily(any_of("next_verbs"))
"""The start of the next verb of the holder or of somebody else: "…, and pointed to the town", "while Hill said"."""
_SUBORDINATE = compile_lazily(_PATTERNS["subordinate"], re.IGNORECASE)
"""The beginning of a sentence whose first clause is not the main clause, up to a source."""
_MAX_ENDS = 5  # of clauses that are looked at
_CLAUSE_END = compile_lazily(r", | [-–—] |(?<=,)[”\"] ")
_ADDRESSEE = compile_lazily(r"(?P<who>(?:[\w“\"][\w’'.”\"-]*,? ){1,6}?)that (?=\S)")
_AFTER_QUOTATION = compile_lazily(_PATTERNS["after_quotation"], re.DOTALL)
"""Words after a quotation that ends with a comma: another clause."""
_CONTINUATION = compile_lazily(rf"{any_of('continuations')}\b", re.IGNORECASE)
"""The first words of what a statement cannot do without after its tag: "…, she said, if nobody pays"."""
_MODAL = compile_lazily(r"\b(?:should|must|will|would|needs?|has to|have to|is|are|was|were|can|could)\b")
_SUBJUNCTIVE = compile_lazily(_PATTERNS["subjunctive"], re.IGNORECASE)
_LABEL = compile_lazily(_PATTERNS["label"])
_COLON_AT_END = compile_lazily(r" ?:\s*(?:\n|$)")
_NAMING = word_set("naming_verbs")
_CLAUSE_VERBS = word_set("clause_verbs")
_WISHES = word_set("wishes")
_WISHING_ACTS = frozenset({"asked", "demanded", "wanted", "hoped", "refused"})
_SAYING = frozenset({"said", "says", "say", "saying"})
_NAME = compile_lazily(r"(?:(?:\W?[A-Z]\S*|for|of|the|and|in)(?: |$))+")
_POSSESSIVE = compile_lazily(r"[’']s ")
_CONTACT = compile_lazily(_PATTERNS["contact"])
"""The clause of "cases that unions hoped would help": its subject is before it."""
_NO_SUBJECT = compile_lazily(_PATTERNS["no_subject"])
_BEFORE_SOURCE = frozenset({"clause before tag", "according to", "headline", "quotation before tag"})
_CLOSE_TO_CUE = 8  # characters between a cue and its content
_MIN_CLAUSE, _MIN_UNKNOWN = 5, 7  # words of a clause whose verb is not known, after "said" and after "that"
_MIN_PARENTHESIS = 4  # words in a parenthesis that are a statement
_INDEFINITE = compile_lazily(r"[Aa]n? ")
_BETWEEN = compile_lazily(r"[\s,]*(?:and|but|or|nor|while)?(?:\s+(?:then|also|that))?\s*", re.IGNORECASE)
_APPOSITION = compile_lazily(r"^\s*,[^,.;:]*,\s*")
_OPEN_MARK = compile_lazily(r"^\s*[,(]|[.!?;:)]\s")
_MARKUP = compile_lazily(r"</?[a-zA-Z]\w*[^<>]*>|\s*\b(?:pic\.twitter\.com|https?://t\.co)/\w+")
_DAMAGED_MARK = compile_lazily("â€[œ™˜¦“”\x9d]?")
_MARKS = {"œ": "“", "™": "’", "˜": "‘", "¦": "…", "“": "–", "”": "—"}


def build_statement(reading: Reading, group: StatementGroup, names: str) -> str:
    """Return the statement of a group in one or more sentences.

    Words that need their cue ("opposes the plan", "asked whether …") are preceded by cue and names. Words that
    begin with a pronoun are preceded by the names and a colon.
    """
    runs = _adjacent_runs(reading, group.parts)
    runs = [run for number, run in enumerate(runs) if not number or _is_sentence(reading, run[0])]
    is_mixed = any(part.speech != "direct" for part in group.parts)
    sentences = [_build_sentence(reading, run, "" if number else names, is_mixed) for number, run in enumerate(runs)]
    return " ".join(map(_capitalize, dict.fromkeys(sentences)))


def can_stand(reading: Reading, found: Attribution) -> bool:
    """Return whether the words of an attribution, with its cue where they need it, make a sentence."""
    text = reading.article.text
    content, cue = " ".join(quote(text, [span]) for span in found.content), quote(text, found.cue).lower()
    end = found.content[-1].end
    is_asked = found.speech == "indirect" and found.act != "asked" and text[end : end + 1] == "?"
    if content[:2] in ("- ", "• ") or _COLON_AT_END.match(text, end) or is_asked:
        return False  # a list without its beginning, or the other way round; "Why did he say that it was safe?"
    if not cue or not reading.is_english:
        return True
    if found.source and _POSSESSIVE.fullmatch(text, found.source[-1].end - 2, found.cue[0].start):
        return False  # "Hill's comments about the dam had angered the club"
    is_named = content[0].isupper() and _INDEFINITE.match(quote(text, found.source)) is not None
    if cue == "citing" or (
        cue in _NAMING and (content[0] in _OPENING or content[:3] == "as " or is_named or _NAME.fullmatch(content))
    ):
        return False  # "whom she called “a fool”": the object is missing; "a band called Low Tide drew a crowd"
    tokens = tokens_of(content)
    if not tokens or _NO_SUBJECT.match(content) or _CONTACT.match(content):
        return not tokens
    start, gap = tokens[0], found.content[0].start - found.cue[-1].end
    if content.startswith("that ") and not _PRONOUN_THAT.match(content):
        # not "in states that award delegates", "repeated that point in May"
        is_near = gap <= _CLOSE_TO_CUE and (cue != "states" or len(tokens) >= _MIN_UNKNOWN)
        return is_clause(content) or (is_near and not _THAT_THING.match(content))
    if found.rule.needs_cue == "always":
        return True
    if start.text in NO_SUBJECTS or (start.text.islower() and start.is_finite_helper and not is_pronoun(start)):
        return False
    if found.speech != "indirect" and found.rule.name == "quotation after cue" and gap > _CLOSE_TO_CUE:
        return start.is_capitalised or is_clause(content)  # "boasted of a team that is “the best”"
    if found.speech == "direct" or _needs_cue(reading, found):
        return True
    has_that = " that " in content or _PRONOUN_THAT.match(content)
    if found.rule.name not in _BEFORE_SOURCE and not has_that and not is_clause(content):
        return gap <= _CLOSE_TO_CUE and found.rule.name == "bare clause" and len(tokens) >= _MIN_CLAUSE
    verbs = find_verbs(tokens)
    if start.is_adverb or start.is_preposition or _NAME.fullmatch(content):
        openers = (place for place, token in enumerate(tokens) if place and token.lower in CLAUSE_OPENERS)
        return bool(verbs) and verbs[0] < next(openers, len(tokens))
    return True


def _is_sentence(reading: Reading, part: Attribution) -> bool:
    """Return whether the words of a statement are a sentence without their cue."""
    content = quote(reading.article.text, part.content)
    first = next(iter(tokens_of(content.removeprefix("that "))), None)
    has_subject = first is not None and (first.is_determiner or is_pronoun(first) or first.is_capitalised)
    is_alone = part.speech == "direct" or not reading.is_english or (has_subject and is_clause(content))
    return is_alone and not _depends_on_cue(reading, part)


def as_sentence(words: str) -> str:
    """Return a clause as a sentence: capitalized, with an end mark, without enclosing quotation marks."""
    inner = _LABEL.sub("", _plain_marks(words).strip(_TRIM))
    inner = inner[find_dateline(inner) :]
    inner = _THAT.sub("", inner)
    if inner[:1] in _OPENING and inner[-1:] in _CLOSING and not any(mark in inner[1:-1] for mark in _DOUBLE):
        inner = inner[1:-1].strip(_TRIM)
    inner = _balance(inner)
    return _close(inner) if inner else words  # the words are punctuation only


def _build_sentence(reading: Reading, group: list[Attribution], names: str, is_mixed: bool) -> str:
    """Build the sentence of a run; without ``names``, which an earlier sentence has, it has no cue."""
    first, text = group[0], reading.article.text
    if not (names and _needs_cue(reading, first)):
        words = _join_spans(reading, [_spans(text, part) for part in group])
        words = restore_statement_order(reading, words, first.rule.name)
        if first.speech != "direct":
            words = _cut(_cut_main_clause(reading, first, words), quote(text, first.cue))
            words = _THAT_AGAIN.sub(r"\1 ", _THAT.sub("", words))
        words = as_sentence(words)
        if is_mixed and first.speech == "direct" and not any(mark in words for mark in _DOUBLE):
            words = f"“{words}”"
        return _close(f"{names}: {words}") if names and _PRONOUN.match(words) else words
    spans = sorted({span for part in group for span in (*part.cue, *_spans(text, part))})
    words, start = _join_spans(reading, [spans]), spans[0].start
    if has_gloss(reading) and first.source and first.source[-1].end <= start:
        whole = _APPOSITION.sub("", text[first.source[-1].end : max(span.end for span in spans)])
        if not _OPEN_MARK.search(whole):  # "ne soutient plus", "s'oppose": the words between belong to the verb
            return _close(f"{names} {' '.join(whole.split())}")
    auxiliaries = _verb_group(text, first, start)
    words = _cut_main_clause(reading, first, words.strip(_TRIM).removeprefix("also ").rstrip("."))
    words = _cut(words)
    source = quote(text, first.source)
    if source == "I":
        is_cut = not auxiliaries and text[first.source[-1].end : start].strip()  # "I have no plans to back it"
        return _close(reading.sentence(first.sentences[0]).text if is_cut else f"{names}: I {auxiliaries}{words}")
    if source.lower().startswith("the ") and source[4:].startswith(names):
        names = f"The {names}"
    is_infinite = _INFINITE.match(words) or text[max(0, start - 3) : start].strip().lower() == "to"
    if not auxiliaries and (first.rule.cue_is_noun or is_infinite):
        return _close(reading.sentence(first.sentences[0]).text)  # there is no finite verb
    return _close(f"{names} {auxiliaries}{words}")


def _spans(text: str, part: Attribution) -> list[Span]:
    """Return the spans of a statement, without a description of the source: "said Ann Hill, the chair"."""
    spans = sorted(part.statement_spans)
    if not part.cue or not part.source:
        return spans
    if part.denied and re.search(r"\b(?:and|but)\b", text[spans[0].start : part.cue[0].start]):
        return [Span(part.cue[0].start, spans[0].end), *spans[1:]]  # "said it was late but declined to …"
    if part.speech != "indirect" or part.cue[0].start > part.source[0].start:
        return spans
    after = [span for span in spans if span.start > part.source[-1].end]
    before = [span for span in spans if span not in after]
    if not after or not before:
        return spans
    words = quote(text, after[:1])
    if is_clause(quote(text, before)):
        return spans if _CONTINUATION.match(words) or is_clause(words) else before
    return spans


def _verb_group(text: str, part: Attribution, start: int) -> str:
    """Return the words between the source and the cue ("plans to", "would strongly") and a space, if there are any."""
    between = text[part.source[-1].end : start] if part.source and not part.rule.cue_is_noun else ","
    if between.strip() and _VERB_GROUP.fullmatch(between):
        return " ".join(between.split()).lstrip("-–— ").removeprefix("also ") + " "
    match = _AUXILIARIES.search(text[max(0, start - _LENGTH_BEFORE_CUE) : start])
    return " ".join(match.group().split()).removeprefix("also").lstrip() + " " if match else ""


def _cut(words: str, cue: str = "") -> str:
    """Cut what is not part of a reported clause: its addressee, the holder's next verb, a clause after a quotation."""
    if cue.lower() in _ADDRESSING and (match := _ADDRESSEE.match(words)) and not _PRONOUN.match(words):
        words = words if is_clause(match["who"]) else words[match.end() :]
    words = _AFTER_QUOTATION.sub(r"\1", words)
    for match in _OWN_VERB.finditer(words):
        if not _is_quoted(words, match.start()):
            words = words[: match.start()]
            break
    return words


def _cut_main_clause(reading: Reading, part: Attribution, words: str) -> str:
    """Cut the clause after a statement in a subordinate clause: "While Hill said it was late, the board met"."""
    sentence = reading.sentence(part.sentences[0])
    start = sentence.spans[0].start
    if not part.source or not part.cue or not part.source[0].start < part.cue[0].start < part.content[0].start:
        return words
    before = reading.article.text[start : part.source[0].start]
    if not _SUBORDINATE.fullmatch(before) or not reading.is_english:
        return words
    ends = (match.start() for match in _CLAUSE_END.finditer(words) if not _is_quoted(words, match.start()))
    cuts = [words[:end] for end in islice(ends, _MAX_ENDS) if is_clause(words[end:].lstrip(_TRIM + _CLOSING))]
    return next((cut for cut in cuts if _needs_cue(reading, part) or is_clause(cut)), words)


def _is_quoted(words: str, place: int) -> bool:
    """Return whether a place is within quotation marks."""
    before = words[:place]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1


def _balance(words: str) -> str:
    """Drop or close a quotation mark that has no partner, and leave out what is outside of a parenthesis."""
    words = _balance_parentheses(words)
    if "„" in words or not words:
        return words
    opened, closed = words.count("“"), words.count("”")
    if opened > closed:
        return words[1:] if words[0] == "“" and closed == 0 else f"{words}”"
    if closed > opened and words[-1] == "”" and opened == 0:
        return words[:-1]
    if words.count('"') == 1:
        return words.strip('"') if '"' in (words[0], words[-1]) else f'{words}"'
    return words


def _balance_parentheses(words: str) -> str:
    """Keep the statement that begins or ends with a parenthesis whose other mark is missing."""
    opened, closed = words.rfind("("), words.find(")")
    if opened >= 0 and words.count("(") > words.count(")") and ")" not in words[opened:]:
        inner = words[opened + 1 :].strip(_TRIM)
        return inner if len(inner.split()) >= _MIN_PARENTHESIS else words[:opened].rstrip(_TRIM)
    if words.count(")") > words.count("(") and "(" not in words[:closed]:
        return words[:closed].rstrip(_TRIM) if not words[closed + 1 :].strip(_TRIM + ".") else words
    return words


def _close(words: str) -> str:
    """Capitalize words and add an end mark, unless they have one before closing quotation marks."""
    words = _TWO_STOPS.sub(r"\1", words)
    words = _COMMA_AT_END.sub(r".\1", _balance(words.rstrip(_TRIM)))
    end = words.rstrip(_CLOSING + "'")[-1:]
    return _capitalize(words) + ("" if not words or end in _SENTENCE_ENDS else ".")


def _capitalize(words: str) -> str:
    start = 1 if words[:1] in _DOUBLE else 0
    return words[:start] + words[start : start + 1].upper() + words[start + 1 :]


def _needs_cue(reading: Reading, part: Attribution) -> bool:
    """Return whether a statement needs its cue, as one that may be a noun phrase after its cue does."""
    if _depends_on_cue(reading, part):
        return True
    gap = part.content[0].start - part.cue[-1].end if part.cue and part.rule.name == "bare clause" else -1
    if not 0 <= gap <= _CLOSE_TO_CUE or not reading.is_english:
        return False
    cue, content = quote(reading.article.text, part.cue).lower().split()[-1], quote(reading.article.text, part.content)
    if cue in _SAYING and len(content.split()) >= _MIN_CLAUSE:
        return False
    return cue not in _CLAUSE_VERBS or not is_clause(content)


def _depends_on_cue(reading: Reading, part: Attribution) -> bool:
    """Return whether a statement would say something else without its cue."""
    text, end = reading.article.text, part.cue[-1].end if part.cue else 0
    has_to = end and text[end : part.content[0].start].strip(' “"') == "to"  # "promised to “be a voice for the poor”"
    is_wish = quote(text, part.cue).lower() in _WISHES  # "hopes that it will not fall" is no "it will not fall"
    is_wish |= has_gloss(reading) and part.speech != "direct" and part.act in _WISHING_ACTS
    if part.denied or part.rule.needs_cue == "always" or has_to or is_wish:
        return True
    if part.rule.needs_cue != "dependent clause":
        return False
    content = quote(text, part.content)
    if _NO_CLAUSE.match(content) or (part.act == "demanded" and not _MODAL.search(content)):
        return True  # "demanded that the toll be cut"
    return _SUBJUNCTIVE.match(content) is not None  # "suggested the toll be cut"


def _adjacent_runs(reading: Reading, parts: list[Attribution]) -> list[list[Attribution]]:
    """Return runs of attributions that overlap, or have at most an "and" between them."""
    starts = [at for at in range(1, len(parts)) if not _is_adjacent(reading, parts[at - 1], parts[at])]
    return [parts[start:end] for start, end in pairwise((0, *starts, len(parts)))]


def _is_adjacent(reading: Reading, one: Attribution, other: Attribution) -> bool:
    ours, theirs = _spans(reading.article.text, one), _spans(reading.article.text, other)
    if overlap(ours, theirs):
        return True
    end, start = max(span.end for span in ours), min(theirs).start
    return end <= start and bool(_BETWEEN.fullmatch(reading.article.text[end:start]))


def _join_spans(reading: Reading, pieces: Iterable[Iterable[Span]]) -> str:
    """Return the words at spans, with a space or the article's "and" between separate spans."""
    text, words, end = reading.article.text, "", -1
    for span in sorted({span for spans in pieces for span in spans}):
        start = max(span.start, end)
        if start >= span.end:
            continue
        between = text[end:start] if end >= 0 else ""
        piece = quote(text, [Span(start, span.end)])
        comma = ", " if words[-1:].isalnum() and _CONJUNCTION.match(piece) else " "
        if between.startswith(",") and between.rstrip()[-1:] == "," and _AFTER_ASIDE.match(piece):
            comma = ", "
        if between.startswith(",") and between.endswith(", ") and _OPENING_PHRASE.match(words):
            comma = " " if _VERB_OF_QUOTATION.match(piece) else ", "  # "If it rains, she said, the lock will close"
        words += (between if _BETWEEN.fullmatch(between) or between.strip() == "to" else comma) + piece
        end = span.end
    words = " ".join(_plain_marks(words).split())
    if words[:1] in _OPENING:
        return _NEXT_PARAGRAPH.sub(" ", _INTERRUPTED.sub(_join_quotations, words))
    return _BEFORE_QUOTATION.sub(r".\1 ", words)


def _plain_marks(words: str) -> str:
    """Return words with the marks that entities, doubled apostrophes and damaged characters mean."""
    words = html.unescape(words) if "&" in words else words
    words = _MARKUP.sub("", words) if "<" in words or "/" in words else words
    return _DAMAGED_MARK.sub(lambda mark: _MARKS.get(mark[0][2:], "”"), words).replace("''", '"')


def _join_quotations(marks: re.Match[str]) -> str:
    """Return the punctuation between two parts of one quotation whose tag ("…," he said. "…") is left out."""
    end, following = marks.groups()
    if end == "," and _VERB_OF_QUOTATION.match(marks.string, marks.start(2)):
        return f" {following}"  # “The risk,” she said, “is that …”
    if end == "," and following == "I" and _SUBORDINATE_START.fullmatch(marks.string, 0, marks.start(1)):
        return f", {following}"  # “If it rains,” she said, “I walk.”
    if marks.string[: marks.start(1)].endswith("."):
        end = end.strip(",")  # “in the U.S.,” she said
    return f"{'.' if end in ('', ',') and following.isupper() else end or ','} {following}"
