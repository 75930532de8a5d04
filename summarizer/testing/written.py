"""The ways in which a secret can stand in a text: plain, and as JSON, addresses, HTML, base64 or hexadecimal."""

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator

_SHORTEST_BASE64 = 7
"""Characters from which on a piece of base64 is looked for; shorter ones may be words."""


def written(secrets: Iterable[str]) -> re.Pattern[str]:
    """What finds each of ``secrets`` in a text, however it is written there; the longest first."""
    return re.compile("|".join(way for secret in sorted(secrets, key=len, reverse=True) for way in _ways(secret)))


def _ways(secret: str) -> Iterator[str]:
    yield "".join(map(_character, secret))
    for text in dict.fromkeys((secret, json.dumps(secret)[1:-1])):
        data = text.encode("utf-8", "surrogatepass")
        yield from (f"{_base64(core)}[\\w+/=-]*" for core in _cores(data) if len(core) >= _SHORTEST_BASE64)
        yield _either_case(data.hex())


def _character(char: str) -> str:
    """A character, or what stands for it: escapes of JSON, of URLs and of HTML, also where they are escaped again."""
    if char.isascii() and char.isalnum():
        return char
    escapes = [re.escape(char), r"\\+" + re.escape(char)] if char in '"/' else [re.escape(char)]
    units = char.encode("utf-16-be", "surrogatepass").hex()
    escapes.append("".join(rf"\\+u{_either_case(units[at : at + 4])}" for at in range(0, len(units), 4)))
    named = json.dumps(char)[2:-1]
    if len(named) == 1:  # \n, \t, \\ and the like
        escapes.append(r"\\+" + re.escape(named))
    octets = char.encode("utf-8", "surrogatepass")
    escapes.append("".join(f"%(?:25)*{_either_case(f'{octet:02x}')}" for octet in octets))
    escapes += [f"&#0*{ord(char)};", f"&#[xX]0*{_either_case(f'{ord(char):x}')};", re.escape(html.escape(char))]
    return f"(?:{'|'.join(dict.fromkeys(escapes))}{'|[+]' if char == ' ' else ''})"


def _cores(data: bytes) -> Iterator[str]:
    """What stands in base64 wherever ``data`` begins in what was encoded: without the characters at both ends that
    other bytes have a part in.
    """
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + data).decode().rstrip("=")
        partial = (before + len(data)) % 3 != 0
        yield encoded[(0, 2, 3)[before] : len(encoded) - partial]


def _base64(core: str) -> str:
    """A piece of base64, in either alphabet."""
    return core.replace("+", "[+-]").replace("/", "[/_]")


def _either_case(digits: str) -> str:
    """Hexadecimal digits, in capitals or not."""
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in digits)
