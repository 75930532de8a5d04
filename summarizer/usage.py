"""Token counts."""

from dataclasses import astuple, dataclass
from operator import add, sub


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as a server reports them, failed attempts included. Values can be added and subtracted.

    Examples:
        >>> from summarizer import Usage
        >>> (Usage(prompt=900, completion=100) + Usage(prompt=50)).total
        1050
    """

    prompt: int = 0
    """Tokens sent, including those that the server had cached."""
    cached: int = 0
    """The part of ``prompt`` that the server had cached."""
    completion: int = 0
    """Tokens received, including reasoning."""
    reasoning: int = 0
    """The part of ``completion`` that the model spent on hidden reasoning."""

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(*map(add, astuple(self), astuple(other)))

    def __sub__(self, other: "Usage") -> "Usage":
        return Usage(*map(sub, astuple(self), astuple(other)))

    @property
    def total(self) -> int:
        """Sum of prompt and completion tokens.

        Examples:
            >>> from summarizer import Usage
            >>> (Usage(prompt=900, completion=100) + Usage(prompt=100)).total
            1100
        """
        return self.prompt + self.completion
