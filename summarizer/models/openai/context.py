"""Read the length of a model's context from what servers report beside the Chat Completions API.

Sources: the README of llama.cpp's server, vLLM's ``ModelCard``, LM Studio's REST API v0, and Ollama's ``docs/api.md``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import openai

from summarizer._patterns import compile_lazily
from summarizer.errors import ModelError
from summarizer.models.openai.capabilities import as_mapping

MAX_CONTEXT = 10**8
"""Tokens. A higher number is taken for an error of the server."""
_NUM_CTX = compile_lazily(r"^num_ctx\s+(\d+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Source:
    """An address that may report the context of a model."""

    path: str
    """Relative to the server's root; "v1/models" to the list of models at its ``base_url``."""
    read: Callable[[Mapping[str, Any], str], object]
    """Returns the value for a model's name."""
    is_post: bool = False
    """Whether the name of the model is sent."""


def _row(data: Mapping[str, Any], key: str, name: str) -> Mapping[str, Any]:
    """Return the row of the model called ``name`` in a list, or the only row."""
    listed = data.get(key)
    rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    own = [row for row in rows if name in (row.get("id"), row.get("model"), row.get("name"))]
    return (own or (rows if len(rows) == 1 else []) or [{}])[0]


def _read_models(data: Mapping[str, Any], name: str) -> object:
    row = _row(data, "data", name)
    return row.get("max_model_len") or as_mapping(row.get("meta")).get("n_ctx") or row.get("context_length")


def _read_parameters(data: Mapping[str, Any], _: str) -> object:
    found = _NUM_CTX.search(str(data.get("parameters")))
    return int(found.group(1)) if found else None


SOURCES = (
    Source(
        "props", lambda data, _: as_mapping(data.get("default_generation_settings")).get("n_ctx")
    ),  # llama.cpp, a slot
    Source("v1/models", _read_models),  # vLLM; llama.cpp
    Source("api/v0/models", lambda data, name: _row(data, "data", name).get("loaded_context_length")),  # LM Studio
    Source("api/ps", lambda data, name: _row(data, "models", name).get("context_length")),  # Ollama, a loaded model
    Source("api/show", _read_parameters, is_post=True),  # Ollama, a model with its own setting
)


async def find_context(client: openai.AsyncOpenAI, base_url: str, name: str) -> tuple[int | None, bool]:
    """Return the context that the server at ``base_url`` reports for a model, and whether it may do so later.

    Ollama reports the context of a loaded model, and loads it with the first request.
    """
    base = base_url.rstrip("/")
    is_ollama = False
    for source in SOURCES:
        url = f"{base}/models" if source.path == "v1/models" else f"{base.removesuffix('/v1')}/{source.path}"
        try:
            if source.is_post:
                data = await client.post(url, body={"model": name}, cast_to=object)
            else:
                data = await client.get(url, cast_to=object)
        except (openai.OpenAIError, ValueError, ModelError):
            continue
        is_ollama |= source.path == "api/ps" and isinstance(data, dict)
        context = source.read(as_mapping(data), name)
        if isinstance(context, int) and not isinstance(context, bool) and 0 < context <= MAX_CONTEXT:
            return context, False
    return None, is_ollama
