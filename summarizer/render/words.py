"""The words of a brief, made safe to show, and numbers put into words."""

from collections.abc import Iterable, Sequence

from summarizer._text import one_line


def line(text: str) -> str:
    """``text`` on one line, without what nobody sees and what no encoding can show."""
    return one_line(text)


def piece(text: str) -> str:
    """A piece of a line, made safe as `line` does, with the spaces at its ends."""
    return line(f"|{text}|")[1:-1]


def where(numbers: Iterable[int]) -> str:
    """Sentence numbers in brackets, or nothing where there are none."""
    listed = ", ".join(map(str, numbers))
    return f"[{listed}]" if listed else ""


def sentences(numbers: Sequence[int], between: str = ", ") -> str:
    """Sentence numbers in words: "sentence 3", "sentences 8, 9"; each number once."""
    distinct = list(dict.fromkeys(numbers))
    return f"{'sentence' if len(distinct) == 1 else 'sentences'} {between.join(map(str, distinct))}"


def many(number: int, what: str) -> str:
    """How many: "1 call", "2 calls"."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
