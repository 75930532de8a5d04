"""Split a paragraph into sentences.

sentencex finds the boundaries. It is quadratic in runs of quotation marks, so long paragraphs are
split in windows. A sentence that is too long for any token budget is cut where it reads best.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise, zip_longest

from sentencex import get_sentence_boundaries, segment

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily

MAX_SENTENCE_BYTES = 2_000
"""UTF-8 bytes. Longer sentences are cut, so that sentence numbers never depend on a token budget."""

_SHORT = MAX_SENTENCE_BYTES // 4  # characters; no shorter paragraph contains a sentence over the limit
_CLUSTER = 64  # characters of the longest emoji or accented letter
_WINDOW = MAX_SENTENCE_BYTES + _CLUSTER  # characters; a piece without a boundary within is over the limit
_MAX_ABBREVIATION = 12  # characters
_ONE_SENTENCE = compile_lazily(r"[A-Za-z0-9$“‘*•–-][A-Za-z0-9,;:$%&*#/“”‘’•–— -]{0,250}[A-Za-z0-9,;:%*”’.!?]")
"""Most short lines: no mark within them can end a sentence."""
_WHITE_SPACE = compile_lazily(r"[^\S ]")
_QUOTES = compile_lazily("[\"'“”„‟‘’‚‛«»‹›「」『』]{16,}")
_OPENING_MARK = compile_lazily(r"""(?<=\s)(?:[“«„]\s*|["']|``)\Z|(?<=[.!?…])“\Z""")
_OPENING_MARKS = frozenset("“«„\"'`")
_SLOW = frozenset({"ca", "co", "da", "kl", "oc"})
"""Languages for which sentencex takes 9 seconds a megabyte, hundreds of times as long as for others."""
_UNUSUAL = compile_lazily(r"[^\w\s,;:'’–—/%&+.!?-]|[.!?][^\W\d_]*[^\W\d_a-zà-öø-ÿ]|[.!?]\s*[.!?]")
"""Marks around others, and marks without a space after them."""
_BEFORE_CAPITAL = compile_lazily(r"(?<=[.!?])\s+(?=[^\W\d_a-zà-öø-ÿ])")
"""White space after a mark and before a capital; in slow languages, no sentence begins with anything else."""
_CLAUSE_MARK = compile_lazily(r"[;:,–—](?=\s)|[，；、：。]")

_WORDS = {name: words.split() for name, words in read_toml(__file__, "sentences.toml").items()}
_TITLES = frozenset(_WORDS["titles"])
_COMPLETE, _AMBIGUOUS, _LETTERED = map(frozenset, (_WORDS["complete"], _WORDS["ambiguous"], _WORDS["lettered"]))
_AFTER_TIME = frozenset(_WORDS["after_time"])
_NAME = rf"(?!(?:{'|'.join(_WORDS['continuing'] + _WORDS['after_time'])})\b)[A-Z][\w’'-]+"
_VERBS = "|".join(_WORDS["verbs"])
_PARTIES = ("D-", "R-", "I-")  # "Rep. Ann Day, D-N.Y.", which sentencex splits after "D-N."
_FRENCH_TITLE = compile_lazily(r"(?<![\w’'-])(?:M|MM|Mgr|Me)\.\s$")
_CAPITAL = compile_lazily('[“"‘«]?[A-Z]')
_SUBJECT = compile_lazily(
    rf"[“\"‘«][A-Z]|(?:He|She|They|It|We|I|The) |{_NAME}(?: [A-Z][\w’'-]+){{0,3}} (?:{_VERBS})\b"
    rf"|{_NAME} [A-Z][\w’'-]+, (?:the|an?|who|her|his|\d+|[a-z]+ (?:of|at|for|in)) "
)
"""The beginning of a sentence: a quotation, or a subject with its verb or a description."""


def split_sentences(paragraph: str, language: str) -> Iterator[tuple[int, int, str]]:
    """Yield the range ``[start, end)`` of each sentence, and its words with single spaces.

    No range begins or ends with white space.
    """
    if "  " not in paragraph and _ONE_SENTENCE.fullmatch(paragraph):
        yield 0, len(paragraph), paragraph
        return
    printable = paragraph.isprintable()  # then the space is the only white space
    plain = printable and "  " not in paragraph
    pieces = _split(paragraph, language, printable) if len(paragraph) <= _SHORT else _windows(paragraph, language)
    start = 0
    for piece in pieces:
        if words := piece.strip():
            first = start if piece[0] == words[0] else start + piece.index(words[0])
            yield first, first + len(words), words if plain else " ".join(words.split())
        start += len(piece)


def _split(paragraph: str, language: str, printable: bool) -> list[str]:
    """Split into sentences with the white space after them; joined they are ``paragraph``."""
    text = paragraph if printable else _WHITE_SPACE.sub(" ", paragraph)  # sentencex panics over "B\xa0."
    if len(text) > _SHORT:
        text = _QUOTES.sub(lambda run: "-" * len(run.group()), text)
    pieces: list[str] = _split_slow(language, text) if language in _SLOW else segment(language, text)
    if "".join(pieces) != text:  # sentencex does not guarantee this
        pieces = [text[found["start_index"] : found["end_index"]] for found in get_sentence_boundaries(language, text)]
    if text is not paragraph:
        ends = accumulate(map(len, pieces), initial=0)
        pieces = [paragraph[start:end] for start, end in pairwise(ends)]
    if len(pieces) > 1 and any(piece.rstrip()[-1:] in _OPENING_MARKS for piece in pieces[:-1]):
        pieces = list(_move_marks(pieces))
    if len(pieces) > 1 and language == "fr":
        pieces = list(_join_french_titles(pieces))
    is_certain = len(pieces) == 1 and ". " not in paragraph
    return pieces if is_certain or language != "en" else list(_correct_english(pieces))


def _split_slow(language: str, text: str) -> list[str]:
    """Split as sentencex does, but ask it only about the two words before a capital."""
    if _UNUSUAL.search(text):
        pieces: list[str] = segment(language, text)
        return pieces
    ends = [0]
    for space in _BEFORE_CAPITAL.finditer(text):
        before = text[max(ends[-1], space.start() - 2 * _MAX_ABBREVIATION) : space.start()]
        ends += [space.end()] if _ends(language, " ".join(before.split()[-2:])) else []
    return [text[start:end] for start, end in pairwise([*ends, len(text)])]


@lru_cache(maxsize=4_096)
def _ends(language: str, words: str) -> bool:
    """Return whether sentencex ends a sentence after these words."""
    return len(segment(language, f"{words} Den")) > 1


def _move_marks(pieces: list[str]) -> Iterator[str]:
    """Move the opening quotation marks that sentencex leaves at the end of the sentence before."""
    start = ""
    for piece, following in pairwise([*pieces, ""]):
        text, start = start + piece, ""
        end = len(text.rstrip()) if following else 0
        opening = _OPENING_MARK.search(text, max(0, end - 2)) if text[end - 1 : end] in _OPENING_MARKS else None
        if opening and not (opening.group() == "“" and "„" in text):  # a German mark that closes
            text, start = text[: opening.start()], text[opening.start() :]
        if text:
            yield text


def _join_french_titles(pieces: Sequence[str]) -> Iterator[str]:
    """Join pieces after a title before a name: "M. Delorme", "MM. Roy et Blanc"."""
    before = ""
    for piece, following in zip_longest(pieces, pieces[1:], fillvalue=""):
        before += piece
        if not (following[:1].isupper() and _FRENCH_TITLE.search(before, max(0, len(before) - _MAX_ABBREVIATION))):
            yield before
            before = ""


def _correct_english(pieces: Sequence[str]) -> Iterator[str]:
    """Join pieces after a title or time, and split them after words that sentencex takes for abbreviations."""
    before = ""
    for piece, following in zip_longest(pieces, pieces[1:], fillvalue=""):
        joined = before + piece
        if (piece.endswith(". ") and _continues(piece, following)) or piece[-4:-2] in _PARTIES:
            before = joined
            continue
        start, end = 0, joined.find(". ") + 2
        while 2 <= end < len(joined):
            if _ends_sentence(joined, end) and not _is_quoted(joined, end):
                yield joined[start:end]
                start = end
            end = joined.find(". ", end) + 2
        yield joined[start:]
        before = ""
    if before:
        yield before


def _continues(piece: str, following: str) -> bool:
    """Return whether a sentence continues after a piece: "Cllr. Ann Holt", "6 a.m. Monday"."""
    word = _last_word(piece, len(piece) - 2)
    return word in _TITLES or (word in ("a.m", "p.m") and following.partition(" ")[0].rstrip(",.") in _AFTER_TIME)


def _last_word(text: str, end: int) -> str:
    return text[text.rfind(" ", max(0, end - _MAX_ABBREVIATION), end) + 1 : end].lstrip("(“\"‘'")


def _ends_sentence(text: str, end: int) -> bool:
    """Return whether a sentence ends at the full stop and space before ``end``, which sentencex passed over."""
    if not _CAPITAL.match(text, end):
        return False
    word = _last_word(text, end - 2)
    if word in _COMPLETE or (len(word) == 1 < end - 3 and _last_word(text, end - 4).lower() in _LETTERED):
        return True
    return word in _AMBIGUOUS and _SUBJECT.match(text, end) is not None


def _is_quoted(piece: str, end: int) -> bool:
    """Return whether the beginning of a piece, up to ``end``, leaves a quotation open."""
    return piece.count("“", 0, end) > piece.count("”", 0, end) or bool(piece.count('"', 0, end) % 2)


def _windows(paragraph: str, language: str) -> Iterator[str]:
    """Split a long paragraph; no piece is longer than ``MAX_SENTENCE_BYTES``."""
    start = 0
    while start < len(paragraph):
        window = paragraph[start : start + _WINDOW]
        pieces = [part for piece in _split(window, language, window.isprintable()) for part in _cut(piece)]
        if start + len(window) < len(paragraph):
            pieces.pop()  # may continue beyond the window, which always contains more than one
        yield from pieces
        start += sum(map(len, pieces))


def _cut(piece: str) -> Iterator[str]:
    """Cut ``piece`` into parts of at most ``MAX_SENTENCE_BYTES``."""
    while 4 * len(piece) > MAX_SENTENCE_BYTES and len(piece.encode()) > MAX_SENTENCE_BYTES:
        length = _best_cut(piece)
        yield piece[:length]
        piece = piece[length:]
    yield piece


def _best_cut(text: str) -> int:
    """Return the length of the part before the best place to cut, within the limit."""
    limit = len(text[:MAX_SENTENCE_BYTES].encode()[:MAX_SENTENCE_BYTES].decode(errors="ignore"))
    beginning = text[:limit]
    marks = [match.end() for match in _CLAUSE_MARK.finditer(beginning, limit // 2)]
    if marks:
        return marks[-1]
    space = max(map(beginning.rfind, " \t\n\u00a0"))
    if space > 0:
        return space + 1
    if beginning.isascii():
        return limit
    import regex  # slow to import, rarely needed: the standard library has no grapheme clusters

    clusters = [match.end() for match in regex.finditer(r"\X", text[: limit + _CLUSTER])]
    return max((end for end in clusters if end <= limit), default=limit)
