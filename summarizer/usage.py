"""Usage: the tokens that requests to a model have cost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts as a server reports them, failed attempts included; ``+`` and ``-`` add and take away."""

    prompt: int = 0
    """Tokens sent, those that the server had cached included."""
    cached: int = 0
    """Those of ``prompt`` that the server had cached."""
    completion: int = 0
    """Tokens that came back, reasoning included."""
    reasoning: int = 0
    """Those of ``completion`` that the model spent on thoughts that it does not show."""

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.prompt + other.prompt,
            self.cached + other.cached,
            self.completion + other.completion,
            self.reasoning + other.reasoning,
        )

    def __sub__(self, other: "Usage") -> "Usage":
        return Usage(
            self.prompt - other.prompt,
            self.cached - other.cached,
            self.completion - other.completion,
            self.reasoning - other.reasoning,
        )

    @property
    def total(self) -> int:
        """Prompt and completion together."""
        return self.prompt + self.completion
