"""Under what a store keeps things: hashes of all that another brief, or another reply, would come of."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from summarizer.article import Article
from summarizer.models import PromptId, Request


@dataclass(frozen=True)
class Engine:
    """What makes briefs. A change in any part of it makes another engine, whose briefs are others."""

    model: Mapping[str, Any] | None
    """What tells the model from others (`summarizer.models.Model.identity`); None is the built-in engine."""
    prompts: Sequence[PromptId]
    options: Mapping[str, Any]
    """Those that a brief hangs on, as JSON can hold them."""
    library: str = field(kw_only=True)
    """The library's version."""

    @cached_property
    def key(self) -> str:
        """The hash of all of it, in hexadecimal."""
        return _hash([self.model, [_told(prompt) for prompt in self.prompts], self.options, self.library])

    @property
    def row(self) -> dict[str, str | None]:
        """As the table of engines has it."""
        return {
            "key": self.key,
            "kind": "builtin" if self.model is None else "model",
            "model": None if self.model is None else as_json(self.model),
            "prompts": prompts_as_json(self.prompts),
            "options": as_json(self.options),
            "library": self.library,
        }


def article_key(article: Article) -> str:
    """The hash of an article's text and of what else is told of it to a model, in hexadecimal.

    Where it is from does not count: the same text at two places is the same article.
    """
    return _hash([article.sha256, article.title, article.author, article.published, article.language])


def request_key(model: Mapping[str, Any] | None, request: Request) -> str:
    """The hash of what is asked, and of whom, in hexadecimal."""
    messages = [[message.role, message.content] for message in request.messages]
    return _hash([model, messages, request.schema_name, request.schema])


def prompts_as_json(prompts: Sequence[PromptId]) -> str:
    """Name, version and hash of each."""
    return as_json([_told(prompt) for prompt in prompts])


def as_json(value: object) -> str:
    """``value`` as JSON, the same for equal values."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _told(prompt: PromptId) -> dict[str, str]:
    return {"name": prompt.name, "version": prompt.version, "sha256": prompt.sha256}


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
