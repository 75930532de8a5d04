"""Labels of speakers: who speaks, at the beginning of a line of a transcript or an interview.

``HILL: …``, ``SEN. ANN HILL (D-MA): …``, ``Ann Hill, host: …``, ``**Ann Hill:** …``, ``[00:12] Ann Hill: …``,
``Ann Hill — …``, ``Mr. HILL. …``, a name alone on its line, ``Q: …``. A colon is clear in itself. The other layouts
count only if they recur.
"""

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily

_DATA = read_toml(__file__, "labels.toml")
_WORDS = {
    name: frozenset(word.replace("_", " ") for word in words.split())
    for name, words in _DATA.items()
    if isinstance(words, str)
}
_SAID = compile_lazily(r",\s(?:\w+ )?(?:said|says|told us|adds?|added|writes|wrote|comments|commented)$")
"""The end of an introduction, which is not a label: "Dr Ann Hill, reader in botany, said:"."""
SPEAKER_ROLES = _WORDS["asking"] | _WORDS["roles"]
"""Labels of speakers without a name, in lower case."""

_REACH = 160  # characters at the beginning of a line that are searched
_MAX_LINE = 90  # characters of a line that is a label as a whole
_WORD = r"[A-ZÀ-ÖØ-Þ](?:[\w&’'\-]|\.(?=\w))*+"
_PARTICLE = r"(?:of|the|for|and|de|da|del|di|du|dos|van|von|der|den|la|le|al|bin|ibn)"
_PREFIX = r"(?:[-–—•>*]\s+)?(?:[\[(]?\d{1,2}:\d{2}(?::\d{2})?[\])]?\s+(?:[-–—]\s+)?)?(?P<mark>\*\*|__|\*)?"
_NICKNAME = r"(?: [“\"‘(][A-Z]\w*[”\"’)])?"
_NAME = (
    rf"(?P<name>{_WORD}\.?(?:{_NICKNAME} (?:{_PARTICLE} ){{0,2}}{_WORD}\.?){{0,5}}"
    r"(?: (?:member|speaker|man|woman))?(?: #?\d{1,2})?)"
)
_BRACKETS = r"(?P<brackets>(?:\s*[(\[][^()\[\]]{1,60}[)\]]){0,3})"
_ROLE = r"(?P<role>(?:,\s[^:：.;!?()\[\]“”\"—]{2,60}){0,2})"
_END_MARK = r"(?:\*\*|__|\*)?"
_COLON = compile_lazily(
    rf"{_PREFIX}{_NAME}{_BRACKETS}{_ROLE}(?:\s*[(\[][^()\[\]]{{1,60}}[)\]])?{_END_MARK}\s?(?P<end>[:：]){_END_MARK}(?:\s+|$)"
)
_DASH = compile_lazily(rf"{_PREFIX}{_NAME}{_BRACKETS}{_END_MARK}\s(?P<end>—|–|--?){_END_MARK}\s+(?=\S)")
_STOP = compile_lazily(rf"{_PREFIX}{_NAME}{_BRACKETS}{_END_MARK}(?P<end>\.){_END_MARK}\s+(?=\S)")
_LINE = compile_lazily(rf"{_PREFIX}{_NAME}{_BRACKETS}{_ROLE}{_END_MARK}(?P<end>)$")
_BARE_Q = compile_lazily(r"(?P<name>Q)(?P<end>)\s+(?=[A-Z])")
_NUMBERED = compile_lazily(rf"(?:\*\*|__|\*)?(?P<name>[QA] ?\d{{0,2}})(?P<end>[.)]){_END_MARK}\s+(?=\S)")
_OFFICE = compile_lazily(r"(?:The|An?|Mr\.?|Madam) ")
_IN_BRACKETS = compile_lazily(rf"\s*\((?P<name>{_WORD}\.?(?: (?:{_PARTICLE} )?{_WORD}\.?){{1,4}})\)")

Layout = Literal["colon", "dash", "stop", "line"]
LabelKind = Literal["question", "answer", "role", "name"]


class SpeakerLabel(NamedTuple):
    """The label of a speaker; offsets are those of its line."""

    start: int
    """Where the speaker's name begins."""
    end: int
    """Where the name ends."""
    mark: int
    """The colon, dash or full stop after it."""
    content: int
    """Where the speaker's words begin; the length of the line if they follow below."""
    name: str
    layout: Layout
    kind: LabelKind
    is_marked: bool
    """Whether capitals, a title or brackets show that it is a speaker."""

    @property
    def key(self) -> str:
        """Return the surname or the role in lower case, by which labels of one speaker are counted."""
        return self.name.casefold().rpartition(" ")[2] if self.kind == "name" else self.name.casefold()

    @property
    def asks(self) -> bool:
        """Return whether the label itself shows an interviewer."""
        return self.kind == "question" or self.name.casefold().rstrip("#0123456789 ") in _WORDS["asking"]


def parse_label(line: str, layouts: Iterable[Layout] = ("colon",)) -> SpeakerLabel | None:
    """Return the label at the beginning of a line, if it can be one."""
    if not line:
        return None
    beginning = line[:_REACH]
    for layout in layouts:
        match = _match(beginning, len(line), layout)
        if match and (label := _make_label(match, layout, len(line))):
            return label
    return None


_MAY_MATCH: dict[Layout, Callable[[str, int], bool]] = {
    "colon": lambda line, _: ":" in line or line[0] == "Q" or "：" in line,
    "dash": lambda line, _: " — " in line or " – " in line or " -" in line,
    "stop": lambda line, _: ". " in line or ".*" in line or line[0] in "QA*_",
    "line": lambda line, length: length <= _MAX_LINE and line[-1] not in ".!?:;,",
}
"""Cheap tests of the beginning and the length of a line."""


def _match(line: str, length: int, layout: Layout) -> re.Match[str] | None:
    if not _MAY_MATCH[layout](line, length):
        return None
    if layout == "colon":
        return _COLON.match(line) if ":" in line or "：" in line else _BARE_Q.match(line)
    if layout == "dash":
        return _DASH.match(line)
    if layout == "stop":
        return (_NUMBERED.match(line) if line[0] in "QA*_" else None) or _STOP.match(line)
    return _LINE.match(line)


def _make_label(match: re.Match[str], layout: Layout, length: int) -> SpeakerLabel | None:
    groups = match.groupdict()
    name, (start, end) = groups["name"], match.span("name")
    brackets = groups.get("brackets") or ""
    inner = _IN_BRACKETS.match(brackets) if brackets and _OFFICE.match(name) else None
    if inner:  # "The Minister for Roads (Eva Roth):"
        start, end = (match.start("brackets") + place for place in inner.span("name"))
        name = inner["name"]
    if _SAID.search(groups.get("role") or ""):
        return None
    has_number = name[-1] in "0123456789"
    words = name.casefold().replace("’", "'").rstrip("#0123456789 ").split()
    first = words[0].rstrip(".")
    whole = " ".join(words)
    kind: LabelKind = "name"
    if whole in _WORDS["questions"]:
        kind = "question"
    elif whole in _WORDS["answers"]:
        kind = "answer"
    elif whole in SPEAKER_ROLES or words[-1] in SPEAKER_ROLES or first in ("unidentified", "audience"):
        kind = "role"
    no_speaker = first in _WORDS["no_speakers"] or " ".join(words[:2]) in _WORDS["no_speakers"]
    if has_number and kind == "name":
        return None  # "Step 1: …"
    if kind == "name" and no_speaker and not name.startswith("The "):
        return None
    last = name.split()[-1]
    if layout == "stop" and (not last.isupper() or "." in last or (len(last) < 2 and kind == "name")):  # "Other E.U."
        return None
    is_titled = first in _WORDS["titles"] and len(words) > 1
    is_marked = (len(name) > 1 and name.isupper()) or is_titled or bool(brackets) or inner is not None
    content = length if match.end() >= len(match.string) else match.end()
    if content < length and not any(character.isalpha() for character in match.string[content:]):
        return None  # a figure: "Hill: 547"
    return SpeakerLabel(start, end, match.start("end"), content, name, layout, kind, is_marked)


_MIN_LABELS = 3  # labels that make a transcript, if there are other lines between them
_MIN_RECURRENT = 4  # labels that make a transcript if they have no colon
_MAX_LINES_PER_LABEL = 6  # between the first label and the last
_MIN_SENTENCES = 0.6  # the share of the labelled lines that end like a sentence; those of a table do not
_ENDS = compile_lazily(r"[.!?…—–\-)\]”\"*:：][”\"’')\]*]*$")


def find_labels(lines: Sequence[str]) -> dict[int, SpeakerLabel]:
    """Return the labels of a transcript or an interview by line; empty if the text is neither."""
    layouts: tuple[Layout, ...] = ("colon", "line", "dash", "stop")
    possible = [(index, line[:_REACH], len(line)) for index, line in enumerate(lines) if line and not line[0].islower()]
    found: list[dict[int, SpeakerLabel]] = []
    for layout in layouts:
        may_match = _MAY_MATCH[layout]
        likely = [line for line in possible if may_match(line[1], line[2])]
        labels = {
            index: label
            for index, line, length in (likely if len(likely) > 1 else ())
            if (match := _match(line, length, layout)) and (label := _make_label(match, layout, length))
        }
        found.append(_check_labels(lines, labels))
    return max(found, key=len)


def _check_labels(lines: Sequence[str], labels: Mapping[int, SpeakerLabel]) -> dict[int, SpeakerLabel]:
    """Return the labels of one layout if they recur like those of a transcript."""
    if len(labels) < 2:
        return {}
    labels = _expand_initials(labels)
    counted = Counter(label.key for label in labels.values())
    kinds = Counter(label.kind for label in labels.values())
    layout = next(iter(labels.values())).layout
    names = [index for index, label in labels.items() if _is_sure(label, counted)]
    has_answers = kinds["question"] > 1 and kinds["answer"] > 1
    has_questions = kinds["question"] > 1 and (has_answers or bool(names))
    sure = [
        index
        for index, label in labels.items()
        if (label.kind == "question" and has_questions)
        or (label.kind == "answer" and has_answers)
        or (label.kind == "role" and layout == "colon")
        or (label.kind in ("name", "role") and _is_sure(label, counted))
    ]
    if len({labels[index].name.casefold() for index in sure}) < 2:
        return {}
    is_whole = 2 * len(sure) >= len(lines) - 1  # hardly anything but labels
    is_list = is_whole and all(lines[index].rstrip("*").endswith((")", "]")) for index in labels)
    if layout == "colon" and len(sure) < _MIN_LABELS and len(sure) < len(lines):
        return {}
    if layout != "colon" and len(sure) < _MIN_RECURRENT and not is_list:
        return {}
    first, last = sure[0], sure[-1]
    if len(sure) * _MAX_LINES_PER_LABEL <= last - first:
        return {}
    if layout != "line" and sum(bool(_ENDS.search(lines[index])) for index in sure) < _MIN_SENTENCES * len(sure):
        return {}
    if layout in ("colon", "stop"):
        return {index: label for index, label in labels.items() if index >= first}
    return {index: labels[index] for index in sure}


def _expand_initials(labels: Mapping[int, SpeakerLabel]) -> Mapping[int, SpeakerLabel]:
    """Return the labels with the full name in place of its initials: "AH:" after "Ann Hill:"."""
    names: dict[str, set[str]] = {}
    for label in labels.values():
        if label.kind == "name" and " " in label.name:
            names.setdefault("".join(word[0] for word in label.name.split()), set()).add(label.name)
    return {
        index: label._replace(name=min(full)) if len(full := names.get(label.name, ())) == 1 else label
        for index, label in labels.items()
    }


def _is_sure(label: SpeakerLabel, counted: Mapping[str, int]) -> bool:
    if label.kind in ("question", "answer"):
        return False
    if label.layout == "colon":
        return counted[label.key] > 1 or label.is_marked
    return counted[label.key] > 1 or (label.layout == "line" and label.is_marked and not label.name.isupper())


_ASKING_SHARE = 0.6  # of the lines of an interviewer
_ONLY_ASKING_SHARE = 0.3  # of the lines of an interviewer, if nobody else asks
_ASKS = compile_lazily(r"\?[”\"’')\]*_]*$")


def find_interviewers(lines: Sequence[str], labels: Mapping[int, SpeakerLabel]) -> frozenset[str]:
    """Return the keys of the speakers who ask most of the time, if another speaker answers."""
    turns = Counter(label.key for label in labels.values())
    asked = Counter(label.key for index, label in labels.items() if _ASKS.search(lines[index]))
    keys = {label.key for label in labels.values() if label.asks}
    for key, count in asked.items():
        is_only = count == asked.total()
        if turns[key] > 1 and count >= (_ONLY_ASKING_SHARE if is_only and count > 1 else _ASKING_SHARE) * turns[key]:
            keys.add(key)
    return frozenset(keys) if len(keys) < len(turns) else frozenset()


_MIN_QUESTIONS = 2  # of an interview without labels
_MAX_QUESTION = 700  # characters of a paragraph that asks
_MAX_CHALLENGE = 110  # characters of a statement that asks for an answer
_OWN_WORD = compile_lazily(r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|[Mm]e|[Uu]s)\b")
_CHALLENGE = compile_lazily(_DATA["challenges"]["pattern"])


def find_asking(paragraphs: Sequence[str], emphasised: Container[int] = ()) -> list[int]:
    """Return the paragraphs that ask in an interview without labels; empty if fewer than two do.

    A statement asks if its paragraph is emphasised like the questions, or if it is short and challenges the other:
    "But the fishermen need the income."

    Args:
        paragraphs: The text of each paragraph, empty for those that are not prose.
        emphasised: The paragraphs in bold type or italics.
    """
    asked = [index for index, text in enumerate(paragraphs) if "?" in text and _can_ask(text) and _ASKS.search(text)]
    if len(asked) < _MIN_QUESTIONS:
        return []
    marked = [index for index, text in enumerate(paragraphs) if index in emphasised and _can_ask(text)]
    if len(marked) >= _MIN_QUESTIONS and 2 * sum(index in emphasised for index in asked) > len(asked):
        return [index for index in marked if index >= min(set(asked) & set(marked))]
    found = set(asked)
    for index in range(asked[0] + 2, len(paragraphs) - 1):
        is_between = not found & {index - 1, index, index + 1}
        if is_between and len(paragraphs[index]) <= _MAX_CHALLENGE and _challenges(paragraphs[index]):
            found.add(index)
    return sorted(found)


def _can_ask(text: str) -> bool:
    return 0 < len(text) <= _MAX_QUESTION and text[0] not in '“"«„‘'


def _challenges(text: str) -> bool:
    is_one_sentence = text[-1:] == "." and not re.search(r"[.!?] [A-Z]", text[:-1])
    return is_one_sentence and _CHALLENGE.match(text) is not None and not _OWN_WORD.search(text)
