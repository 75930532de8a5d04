"""Find the sentences of an article that seem to be meant for a language model: instructions hidden in the text.

Words are sorted into classes, such as verbs of discarding, orders, or words for a model; each language has a file in
``instruction_words``. Signs, that is, classes that stand close together, add up to points (``instructions.toml``).
A linear model weighs words, classes and points together (`instruction_model`). Points or model decide.
"""

import base64
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache, reduce
from operator import or_

from summarizer._patterns import compile_lazily
from summarizer.article import Sentence
from summarizer.verification.instruction_lexicon import (
    EDGES,
    MIN_KEY_LETTERS,
    STEM,
    Lexicon,
    read_lexicon,
    reverse,
    rot13,
    unaccented,
)
from summarizer.verification.instruction_model import find_features, read_model

_LEET = str.maketrans("013457@$!|", "oieastasil")
_TOKEN = compile_lazily(r"[a-z]{3,6}://\S+|[\w.+-]{1,64}@\w[\w.-]{0,200}\w|\w(?:[\w@$!|]*\w)?|[^\w\s'’]")
_SPELLED = compile_lazily(r"(?<!\w)\w(?:[ .\-_*·|/]{1,3}\w(?!\w)){6,400}")
_ENCODED = compile_lazily(r"(?<![\w+/=])(?=[a-z/+]{0,15}[A-Z0-9])[A-Za-z0-9+/]{16,4000}={0,2}(?![\w+/=])")
_OPENING, _CLOSING = frozenset("“„«"), frozenset("”»")
_CURLY = compile_lazily("[“”„«»]")
_SPEECH_ENDS = frozenset(",.!?…;:-–—")
_MIN_SHOUT = 4  # letters of a word in capitals
_NO_CLASSES = frozenset({"verbs", "positive", "negative", "pause"})
"""What is beside the classes of words in the bits of the lexicon."""
_MAX_STEM = 24  # letters
_MAX_TOKENS = 120  # of a sentence that are looked at together
_JOINED = 4  # short sentences that are looked at together
_MAX_JOINED = 70  # characters of such a sentence
_MEAN_LETTERS = 2  # of the words of a sentence of which many are single letters
_MAX_PIECES = 4  # of a word that spaces break
_MIN_TURNED = 2  # words
_READABLE = 0.9  # share of letters in a text that was decoded
_MARK = compile_lazily(r"[<>\[\]{}`]|##|--|==|\*\*")
_LABELS = frozenset(
    "override access privilege privileges clearance fin ende end aufgabe tarea tache consigne consignes system "
    "assistant human user ai bot chatbot llm instruction instructions task prompt message".split()
)
_JOINTS = dict.fromkeys(map(ord, "’'-.,$%/–—"), " ")
_MIN_CODE = 11  # characters of the shortest word that is spelled or encoded
_MODAL_REACH, _MACHINE_REACH, _LATE_REACH = 2, 8, 12  # words from "you" or "the model" to "must", from "must" to a verb


def find_instructions(sentences: Sequence[Sentence]) -> tuple[int, ...]:
    """Return the numbers of the sentences that seem to address a language model, in order."""
    points, special = read_lexicon().points, read_lexicon().bits["special"]
    threshold = points["threshold"]
    words = [sentence.text.split() for sentence in sentences]
    needed, model = read_lexicon().keys | special, read_model()
    keyed = {word for word in set().union(*words) if _hint(word) & needed}
    found: set[int] = set()
    rest: dict[int, None] = {}  # places where a window may begin
    for place, sentence in enumerate(sentences):
        if model.may_exceed(words[place]) and _is_likely(sentence.text):
            found.add(sentence.number)
            continue
        if keyed.isdisjoint(words[place]) and not _is_spelled(words[place]):
            continue
        hints = _hints(words[place])
        is_marked = hints & special and _score_marks(sentence.text) >= threshold
        if is_marked or (_can_score(hints, threshold) and _score_text(sentence.text) >= threshold):
            found.add(sentence.number)
        elif len(sentence.text) <= _MAX_JOINED:
            rest |= dict.fromkeys(range(max(place - _JOINED + 1, 0), place + 1))
    for first in rest:
        window = [each for each in sentences[first : first + _JOINED] if len(each.text) <= _MAX_JOINED]
        if len(window) > 1 and found.isdisjoint(each.number for each in window):
            text = " ".join(each.text for each in window)
            if _can_score(_hints(text.split()), points["split"]):
                found.update(_find_split(window, points["split"]))
    return tuple(sorted(found))


def describe(text: str) -> tuple[list[str], list[str], float]:
    """Return the words and marks of a text, the classes of its words, and the points of its signs."""
    lexicon = read_lexicon()
    tokens = [match[0] for match in _TOKEN.finditer(unicodedata.normalize("NFKC", text))][:_MAX_TOKENS]
    mask = reduce(or_, _find_classes(tokens, lexicon), 0)
    classes = [name for name, bit in lexicon.bits.items() if bit & mask and name not in _NO_CLASSES]
    return [_normalize(token) for token in tokens], classes, score_instruction(text)


def _is_likely(text: str) -> bool:
    """Return whether the model takes a text for an instruction."""
    return read_model().margin(find_features(*describe(text))) > 0


def _find_split(window: Sequence[Sentence], threshold: float) -> list[int]:
    """Return the numbers of the sentences of which none can be left out of an instruction, if there are several.

    A sentence that names the speaker of a quotation belongs to no instruction.
    """
    texts = {each.number: outside or inside for each in window for outside, inside in [_split_quotations(each.text)]}
    texts = {number: text + "." * text[-1:].isalnum() for number, text in texts.items() if '"' not in text}
    score = _score_words(" ".join(texts.values()))
    if score < threshold:
        return []
    needed = []
    for left_out in texts:
        others = (text for number, text in texts.items() if number != left_out)
        if _score_words(" ".join(others)) < score:
            needed.append(left_out)
    return needed if len(needed) > 1 else []


@lru_cache(maxsize=4096)
def _can_score(hints: int, threshold: float) -> bool:
    """Return whether words with these classes can have so many points, wherever they stand."""
    lexicon = read_lexicon()
    if not hints & lexicon.keys or not hints & lexicon.address:
        return False
    for name, needed in lexicon.hint_names:
        if hints & needed == needed:
            hints |= name
    score = 0.0
    for points, needed in lexicon.hint_signs:
        if hints & needed == needed:
            score += points
    return score >= threshold


def _is_spelled(words: Sequence[str]) -> bool:
    """Return whether many words of a sentence are single letters."""
    return len(words) > MIN_KEY_LETTERS and sum(map(len, words)) < _MEAN_LETTERS * len(words)


def _hints(words: Sequence[str]) -> int:
    """Return the classes that words can have; those of a verb only where an imperative can stand."""
    lexicon = read_lexicon()
    hints = list(map(_hint, words))
    verbs, opens = lexicon.bits["verbs"], lexicon.opens
    late = lexicon.bits["late"] if reduce(or_, hints, 0) & lexicon.bits["you"] else 0
    found, is_place = lexicon.bits["special"] * _is_spelled(words), True
    for word, hint in zip(words, hints, strict=True):
        found |= hint if is_place or hint & late or not hint & verbs else hint & ~verbs
        is_place = bool(hint & opens) or not word[-1].isalnum()
    return found


@lru_cache(maxsize=32768)
def _hint(raw: str) -> int:
    """Return the classes of a word, as it is between spaces, alone or in a phrase."""
    lexicon = read_lexicon()
    if raw.isascii() and raw.isalpha() and not raw.isupper():
        word = raw.lower()
        mask = lexicon.hints.get(word, 0)
        return mask | _classes(word) if word[:STEM] in lexicon.beginnings else mask
    special = lexicon.bits["special"]
    word = raw.strip(EDGES).casefold()
    parts = [word] if word.isalpha() else word.translate(_JOINTS).split()
    if all(part.isascii() and (part.isalpha() or part.isdigit()) for part in parts) and not _MARK.search(raw):
        mask = special * (word in _LABELS and (len(raw) > len(word) or raw.isupper()))
        for part in parts:
            mask |= lexicon.hints.get(part, 0)
            if part[:STEM] in lexicon.beginnings:
                mask |= _classes(part)
        return mask | special * (len(parts) >= MIN_KEY_LETTERS)
    is_code = len(raw) >= _MIN_CODE and (_ENCODED.search(raw) or _SPELLED.search(raw))
    mask = special * bool(is_code or _MARK.search(raw))
    for token in _TOKEN.findall(unicodedata.normalize("NFKC", raw)):
        word = _normalize(token)
        mask |= lexicon.hints.get(word, 0) | _classes(word)
        mask |= lexicon.bits["disguised"] * _is_disguised(token, word)
    return mask


def score_instruction(text: str) -> float:
    """Return the points of a text: the more signs of an instruction to a model, the more."""
    return max(_score_text(text), _score_marks(text))


@lru_cache(maxsize=256)
def _score_text(text: str) -> float:
    """Return the points of the words of a text, with less weight on quotations of a named speaker."""
    lexicon = read_lexicon()
    outside, inside = _split_quotations(text)
    score = _score_words(outside)
    if inside:
        tag = sum(map(str.isalnum, outside.replace('"', ""))) > 1
        start = (
            text.lstrip()[:1] in '“„«"' or ":" in text.split(inside[:5], maxsplit=1)[0] or outside.lstrip()[:1] == '"'
        )
        start = start and inside.rstrip()[-1:] in _SPEECH_ENDS
        penalty = lexicon.points["quoted" if start else "mentioned"] if tag else 0
        score = max(score, _score_words(inside) - penalty)
    return score


def _score_marks(text: str) -> float:
    """Return the points of marks of a chat, and of words that are spelled letter by letter, encoded or turned."""
    lexicon = read_lexicon()
    threshold = lexicon.points["threshold"]
    if lexicon.markers.search(text) or _has_spelled_key(text):
        return threshold
    return max((score_instruction(hidden) + threshold / 2 for hidden in _decode(text)), default=0.0)


def _split_quotations(text: str) -> tuple[str, str]:
    """Return the text with a mark for each quotation, and the words within quotations."""
    outside, inside, is_open = [""], [""], False
    marks = "([“”„«»])" if _CURLY.search(text) else '(")'
    is_german = "„" in text
    for part in re.split(marks, text):
        if part == "“" and is_open and is_german:
            is_open = False
        elif part in _CLOSING and not is_open and not any(inside):
            inside, outside = outside, ['"']  # the quotation began in a sentence before
        elif part in _OPENING or (part == '"' and not is_open):
            is_open = True
            outside.append(' " ')
        elif part in _CLOSING or part == '"':
            is_open = False
        else:
            (inside if is_open else outside).append(part)
    return " ".join(filter(None, outside)), " ".join(filter(None, inside))


def _score_words(text: str) -> float:
    tokens = [match[0] for match in _TOKEN.finditer(unicodedata.normalize("NFKC", text))]
    step = _MAX_TOKENS * 3 // 4
    parts = (tokens[start : start + _MAX_TOKENS] for start in range(0, max(len(tokens) - _MAX_TOKENS // 4, 1), step))
    return max(map(_score_tokens, parts), default=0.0)


def _score_tokens(tokens: Sequence[str]) -> float:
    lexicon = read_lexicon()
    masks = _find_classes(tokens, lexicon)
    positions: dict[int, list[int]] = defaultdict(list)
    for place, mask in enumerate(masks):
        rest = mask
        while rest:
            lowest = rest & -rest
            positions[lowest].append(place)
            rest ^= lowest
    score, missing = 0.0, ~reduce(or_, masks, 0)
    for sign in lexicon.signs:
        if sign.needs & missing:
            continue
        groups = [(positions[other], low, high) for other, low, high in sign.others]
        for place in positions[sign.first]:
            if all(
                any(low <= other - place <= high and (other != place or not high) for other in group)
                for group, low, high in groups
            ):
                score += sign.score
                if not sign.name:
                    break
                positions[sign.name].append(place)
                missing &= ~sign.name
    return score


def _find_classes(tokens: Sequence[str], lexicon: Lexicon) -> list[int]:
    """Return the classes of each token, with those of verbs where an imperative can stand."""
    words = [_normalize(token) for token in tokens]
    bits, phrases, disguised = lexicon.bits, lexicon.phrases, lexicon.bits["disguised"]
    masks = [_classes(word) for word in words]
    for place, word in enumerate(words):
        if word in phrases:
            for rest, mask in phrases[word]:
                end = place + 1 + len(rest)
                if end <= len(words) and all(map(_agrees, words[place + 1 : end], rest)):
                    masks[place] |= mask
                    for other in range(place + 1, end):
                        masks[other] |= bits["part"]
        if len(word) >= _MIN_SHOUT and tokens[place].isupper() and not (place and tokens[place - 1].isupper()):
            masks[place] |= bits["shout"]
        if masks[place] & lexicon.keys and _is_disguised(tokens[place], word):
            masks[place] |= disguised
    if masks:
        masks[next((place for place, word in enumerate(words) if word[:1].isalnum()), 0)] |= bits["start"]
    _drop_attributes(words, masks, lexicon)
    _mark_imperatives(words, masks, bits)
    return masks


def _agrees(word: str, form: str) -> bool:
    return word == form or (form[-1] == "*" and word.startswith(form[:-1]))


def _drop_attributes(words: Sequence[str], masks: list[int], lexicon: Lexicon) -> None:
    """Take words for a model for no model before a noun: "AI researchers", "an assistant professor"."""
    machine = lexicon.bits["machine"]
    for place, mask in enumerate(masks[:-1]):
        after = place + 1 + (words[place + 1] == "-" and place + 2 < len(words))
        if mask & machine and words[after].isalpha() and not masks[after]:
            masks[place] &= ~machine


def _mark_imperatives(words: Sequence[str], masks: list[int], bits: dict[str, int]) -> None:
    """Add the classes of verbs as imperatives, and of those after "you must" and "the model must"."""
    verbs, late = bits["verbs"], bits["late"]
    you_bit, machine_bit, modal, may = bits["you"], bits["machine"], bits["modal"], bits["may"]
    negate, join, to, opens = bits["negate"], bits["join"], bits["to"], bits["keep"] | bits["negate"]
    is_place, is_negated, is_seen, by_machine = True, False, False, False
    you = machine = must = -_MAX_TOKENS
    for place, word in enumerate(words):
        mask = masks[place]
        if not mask and word[:1].isalnum():
            if is_place and not is_negated and sum(masks[place + 1 : place + 2]) & bits["determiner"]:
                masks[place] |= bits["unknown!"]
            is_place = is_negated = False
            continue
        if not word[:1].isalnum():
            if word not in "'’":
                is_place, is_negated = True, False
                if word in ".!?":
                    you = machine = must = -_MAX_TOKENS
            continue
        is_late = mask & late and (place - must <= _LATE_REACH or bool(sum(masks[place + 1 : place + 2]) & you_bit))
        if mask & verbs and (is_place or is_late) and not _is_auxiliary(words, place):
            masks[place] |= (mask & verbs) * bits["negative" if is_negated else "positive"] | bits["any!"]
            if place - must <= _LATE_REACH:
                masks[place] |= bits["machine_must" if by_machine else "you_must"]
            is_place, is_seen = False, True
        elif mask & join:
            is_place = is_place or is_seen
        elif (mask & to and place - you == 1) or (place - you <= _MODAL_REACH and mask & (modal | may)):
            is_place, must, by_machine = True, place, False
        elif place - machine <= _MACHINE_REACH and mask & modal:
            is_place, must, by_machine = True, place, True
        elif not mask & (opens | to):
            is_place = is_negated = False
        is_negated = is_negated or bool(mask & negate)
        you = place if mask & you_bit else you
        machine = place if mask & machine_bit else machine


def _is_disguised(token: str, word: str) -> bool:
    """Return whether a word has look-alike letters, or digits in the place of letters."""
    return word.isalpha() and unaccented(token) != word


@lru_cache(maxsize=8192)
def _normalize(token: str) -> str:
    """Return a word without case, accents, look-alike letters and digits in the place of letters."""
    word = unaccented(token)
    if not word.isascii():
        word = word.translate(read_lexicon().lookalikes)
    if word.isalpha() or word.isdigit() or len(word) <= 2:
        return word
    plain = word.translate(_LEET)
    return plain if plain.isalpha() and _classes(plain) else word


@lru_cache(maxsize=8192)
def _classes(word: str) -> int:
    lexicon = read_lexicon()
    if "://" in word or word.startswith("www") or "@" in word[1:]:
        return lexicon.bits["url"]
    if len(word) == 1 and not word.isalnum():
        return lexicon.bits["quote"] if word == '"' else lexicon.bits["pause"] * (word in ",.:;!?–—")
    mask = lexicon.words.get(word, 0)
    if word[:STEM] in lexicon.beginnings:
        for end in range(STEM, min(len(word), _MAX_STEM) + 1):
            mask |= lexicon.stems.get(word[:end], 0)
    return mask


def _is_auxiliary(words: Sequence[str], place: int) -> bool:
    return words[place] == "do" and words[place + 1 : place + 2] in (["not"], ["n't"])


def _is_key(word: str) -> bool:
    """Return whether a word is one of discarding, or for an order."""
    lexicon = read_lexicon()
    return bool(_classes(word) & (lexicon.bits["discard"] | lexicon.bits["orders"]))


def _decode(text: str) -> Iterator[str]:
    """Yield what is encoded or turned in a text: base64, hexadecimal digits, rot13, from right to left."""
    for match in _ENCODED.finditer(text):
        for decode in (bytes.fromhex, _from_base64):
            try:
                decoded = decode(match[0]).decode()
            except ValueError:
                continue
            if sum(letter.isalpha() or letter in " .,'" for letter in decoded) > _READABLE * len(decoded):
                yield decoded
    words = [word for word in re.findall(r"\w+", text.casefold()) if len(word) >= MIN_KEY_LETTERS]
    if not read_lexicon().pieces.isdisjoint(text.casefold().split()):
        joined, number = _join_pieces(text)
        if number >= _MIN_TURNED:
            yield joined
    for turn in (rot13, reverse):
        if sum(_is_key(turn(word)) for word in words) >= _MIN_TURNED:
            yield turn(text)


def _join_pieces(text: str) -> tuple[str, int]:
    """Return the text with broken key words in one piece, such as "ig nore", and their number."""
    words, joined, number, place = text.split(), list[str](), 0, 0
    while place < len(words):
        for size in range(_MAX_PIECES, 0, -1):
            whole = "".join(words[place : place + size])
            if size == 1 or whole.strip(EDGES).casefold() in read_lexicon().broken_words:
                break
        joined.append(whole)
        number += size > 1
        place += size
    return " ".join(joined), number


def _from_base64(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_" if set("-_") & set(text) else None)


def _has_spelled_key(text: str) -> bool:
    """Return whether a word of these lists is spelled letter by letter."""
    spelled = (re.sub(r"[\W_]+", "", match[0]).casefold() for match in _SPELLED.finditer(text))
    return any(key in letters for letters in spelled for key in read_lexicon().key_words)
