"""Characters that a terminal's encoding lacks, shown by others that look alike: “It must go” as "It must go"."""

import codecs
import sys
from io import TextIOWrapper

_LIKE = {
    **dict.fromkeys("‘’‚‛′", "'"),
    **dict.fromkeys("“”„‟″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),  # with the minus sign of those who disagree: "?" says that a stance is unclear
    "«": "<<",
    "»": ">>",
    "±": "~",
    "·": "|",
    "•": "*",
    "…": "...",
    "\u00a0": " ",
    "\u202f": " ",
}


def use_lookalikes() -> None:
    """Let nothing that is printed fail for the encoding: "?" stands for what has no like."""
    codecs.register_error("lookalikes", _replaced)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="lookalikes")


def _replaced(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_LIKE.get(character, "?") for character in error.object[error.start : error.end]), error.end
