"""Values as YAML that a person reviews: text as typed and in blocks, and what comes again once.

Written here, since no YAML library's own writer keeps all of this: a literal block wherever the text can stand in
one, trailing blanks included; no character lost where it cannot; anchors with names that tell what they hold.
``yaml.safe_load`` reads it.
"""

import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

Value = Mapping[str, Any] | list[Any] | str | int | float | bool | None

_REPEATED_TEXT, _REPEATED_VALUE = 80, 120
"""Characters from which on a text, or a value as JSON, is written once and referred to."""
_LONG = 80
"""Characters beyond which a text of one line stands in a block of its own, and a value is no longer put on one line."""
_WIDTH = 100
"""Characters of a line of numbers."""
_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./+-]*(?: [A-Za-z0-9_./+-]+)*")
_WORDS_OF_YAML = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null"])
_UNSEEN = re.compile(r"[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""What a block cannot hold, or a reader of YAML would change: controls, other line breaks, lone surrogates, BOM."""
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0", "\x85": "\\N",
            "\u2028": "\\L", "\u2029": "\\P"}  # fmt: skip
_NAMES = {"json_schema": "schema"}


class Whole(dict[str, Any]):
    """A mapping that is read as a whole: no part of it is written elsewhere and only referred to."""


def to_yaml(value: Value) -> str:
    """``value`` as a YAML document; ``yaml.safe_load`` gives the same value back."""
    writer = _Writer(value)
    return "\n".join(writer.lines) + "\n"


class _Writer:
    """Writes one document; ``lines`` are its lines."""

    def __init__(self, value: Value) -> None:
        self._anchors: dict[str, str | None] = dict.fromkeys(_repeated(value))
        self._taken: set[str] = set()
        self.lines: list[str] = []
        self._entries(value, "", "")

    def _entries(self, value: Any, indent: str, role: str) -> None:
        """The entries of a mapping or list, a line or more for each; a list stands as deep as its key."""
        if isinstance(value, Mapping):
            role = value["role"] if isinstance(value.get("role"), str) else role
            for key, each in value.items():
                self._entry(f"{indent}{_scalar(key)}:", each, indent, role if key == "content" else str(key))
        else:
            for each in value:
                self._item(each, indent, role)

    def _item(self, value: Any, indent: str, name: str) -> None:
        first = len(self.lines)
        if isinstance(value, Mapping) and value and _key(value) not in self._anchors and _flow(value) is None:
            self._entries(value, indent + "  ", name)
            self.lines[first] = f"{indent}- {self.lines[first][len(indent) + 2 :]}"
        else:
            self._entry(f"{indent}-", value, indent, name)

    def _entry(self, head: str, value: Any, indent: str, name: str) -> None:
        """``head`` and ``value``, on the same line where it is short."""
        key = _key(value)
        if key in self._anchors:
            known = self._anchors[key]
            if known is not None:
                self.lines.append(f"{head} *{known}")
                return
            self._anchors[key] = anchor = self._named(value, name)
            head = f"{head} &{anchor}"
        if isinstance(value, str):
            self._text(head, value, indent)
        elif (short := _flow(value)) is not None:
            self.lines.append(f"{head} {short}")
        elif isinstance(value, list) and value and all(type(each) in (int, float) for each in value):
            self._numbers(head, value, indent)
        else:
            self.lines.append(head)
            deeper = "" if isinstance(value, list) and not head.lstrip().startswith("-") else "  "
            self._entries(value, indent + deeper, name)

    def _numbers(self, head: str, numbers: list[int | float], indent: str) -> None:
        """Numbers, such as an embedding's, as many on a line as it takes."""
        lines = textwrap.wrap(f"[{', '.join(map(_scalar, numbers))}]", _WIDTH, break_on_hyphens=False)
        self.lines.append(f"{head} {lines[0]}")
        self.lines += [f"{indent}  {line}" for line in lines[1:]]

    def _named(self, value: Any, name: str) -> str:
        if isinstance(value, Mapping):
            role = value.get("role")
            name = role if isinstance(role, str) else next((_NAMES[key] for key in value if key in _NAMES), name)
        base = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-") or "value"
        anchor, count = base, 1
        while anchor in self._taken:
            count += 1
            anchor = f"{base}-{count}"
        self._taken.add(anchor)
        return anchor

    def _text(self, head: str, text: str, indent: str) -> None:
        if "\n" not in text and len(text) <= _LONG:
            self.lines.append(f"{head} {_scalar(text)}")
        elif _UNSEEN.search(text):
            lines = _quoted(text)
            self.lines.append(f"{head} {lines[0]}")
            self.lines += [f"{indent}  {line}" for line in lines[1:]]
        else:
            block = text if text.endswith("\n") else text + "\n"
            self.lines.append(f"{head} {_block_header(text)}")
            self.lines += [f"{indent}  {line}" if line else "" for line in block[:-1].split("\n")]


def _block_header(text: str) -> str:
    """``|`` with how deep the block stands, where that cannot be seen, and what becomes of the ends of lines."""
    deep = "2" if text[:1] in (" ", "\n", "\t") else ""
    if not text.endswith("\n"):
        return f"|{deep}-"
    return f"|{deep}" if text.rstrip("\n") and not text.endswith("\n\n") else f"|{deep}+"


def _flow(value: Any) -> str | None:
    """``value`` on one line; None where it is too long for one, or has several itself."""
    if isinstance(value, str):
        return None if "\n" in value or len(value) > _LONG else _scalar(value)
    if not isinstance(value, Mapping | list):
        return _scalar(value)
    if len(value) > _LONG // 3:
        return None
    keys = [f"{_scalar(key)}: " for key in value] if isinstance(value, Mapping) else [""] * len(value)
    parts = [_flow(each) for each in (value.values() if isinstance(value, Mapping) else value)]
    inside = ", ".join(key + part for key, part in zip(keys, parts, strict=True) if part is not None)
    if None in parts or len(inside) > _LONG:
        return None
    return f"{{{inside}}}" if isinstance(value, Mapping) else f"[{inside}]"


def _scalar(value: Any) -> str:
    """``value`` on one line."""
    if isinstance(value, str):
        if _PLAIN.fullmatch(value) and value.casefold() not in _WORDS_OF_YAML:
            return value
        if ('"' in value or "\\" in value) and "\n" not in value and not _UNSEEN.search(value):
            return "'" + value.replace("'", "''") + "'"
        return '"' + _escaped(value) + '"'
    if isinstance(value, float):  # YAML wants a point before an exponent, and its sign
        number = repr(value)
        mantissa, e, exponent = number.partition("e")
        mantissa = mantissa if "." in mantissa else mantissa + ".0"
        return f"{mantissa}e{exponent if exponent[:1] in '+-' else '+' + exponent}" if e else mantissa
    return json.dumps(value)


def _quoted(text: str) -> list[str]:
    """``text`` between quotation marks, a line of it on each; breaks are told by escapes."""
    lines = [_escaped(line) for line in re.split(r"(?<=\n)", text)]
    lines = [re.sub(r"^ ", r"\\ ", line) for line in (lines if lines[-1] else lines[:-1])]
    joined = [f"{line}\\" for line in lines[:-1]] + [lines[-1] + '"']
    return ['"' + joined[0], *joined[1:]]


def _escaped(text: str) -> str:
    return re.sub(r'["\\\n\t]|' + _UNSEEN.pattern, lambda found: _escape(found[0]), text)


def _escape(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    code = ord(char)
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def _key(value: Any) -> str:
    """What is the same for the same value; nothing for one that is too short to refer to."""
    if isinstance(value, str):
        return json.dumps(value) if len(value) >= _REPEATED_TEXT else ""
    if isinstance(value, Mapping | list) and value:
        key = json.dumps(value)
        return key if len(key) >= _REPEATED_VALUE else ""
    return ""


def _repeated(value: Value) -> set[str]:
    """The keys of what comes again, where what it lies in does not come again as a whole."""
    seen: set[str] = set()
    return {key for key in _walk(value, seen) if key}


def _walk(value: Any, seen: set[str]) -> Iterator[str]:
    key = _key(value)
    if key:
        if key in seen:
            yield key
            return
        seen.add(key)
    if isinstance(value, Mapping) and not isinstance(value, Whole):
        for each in value.values():
            yield from _walk(each, seen)
    elif isinstance(value, list):
        for each in value:
            yield from _walk(each, seen)
