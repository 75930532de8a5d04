"""Types that folders of one layer share."""

from dataclasses import dataclass
from typing import Literal

Speech = Literal["direct", "indirect", "mixed"]
"""How a statement is reported: all in quotation marks, without any, or partly quoted."""

Certainty = Literal["asserted", "hedged", "speculated", "conditional"]
"""How sure the holder of a statement is."""


@dataclass(frozen=True, slots=True)
class PromptId:
    """The name, version and hash of a prompt."""

    name: str
    version: str
    sha256: str
    """The hash of the prompt's file, in hexadecimal."""
