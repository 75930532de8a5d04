"""Describe a request that is not in a cassette: the changes, and how to record it again."""

import difflib
import json
import os
import shlex
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from summarizer._patterns import compile_lazily

_MAX_LINES, _MAX_WIDTH = 6, 100
"""Lines and characters a line of a diff."""
_ARTICLE_TAG = compile_lazily(r"<(/?)(article|context)-[0-9a-f]+>")
NOT_COMPARED = frozenset({"model", "max_tokens", "max_completion_tokens"})
"""Members of a body in which a request may differ from its recording."""
_SHOWN_APART = frozenset({"messages", "response_format"}) | NOT_COMPARED


class StaleCassette(BaseException):
    """A request is not in the cassette.

    Like pytest's own outcomes it is a BaseException: HTTP clients neither retry nor wrap it, and code under test
    does not catch it by accident.
    """


def without_article_hash(text: str) -> str:
    """Remove the hash of the whole article from the delimiters of a chunk."""
    return _ARTICLE_TAG.sub(r"<\1\2>", text)


def describe_miss(cassette: Any, request: Any, matches: Callable[[Any, Any], bool]) -> StaleCassette:
    """Return the error for a request that ``cassette`` cannot play.

    Args:
        cassette: a vcrpy cassette.
        request: the request, without secrets.
        matches: the matcher of bodies.
    """
    path = Path(cassette.path)
    if path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    kind = f"{request.method} {request.path}"
    recorded = [known for known in cassette.requests if (known.method, known.path) == (request.method, request.path)]
    if not cassette.requests:
        problem, mode = f"Nothing is recorded in {path}.", "once"
    elif not recorded:
        kinds = Counter(f"{known.method} {known.path}" for known in cassette.requests)
        recorded_kinds = ", ".join(f"{count} × {name}" for name, count in kinds.items())
        problem, mode = f"The cassette {path} has no {kind}; it holds {recorded_kinds}.", "new_episodes"
    elif times := sum(matches(known, request) for known in recorded):
        problem = f"The cassette {path} has {times} of this {kind}, and all are played already."
        mode = "new_episodes"
    else:
        body = _json(request.body)
        nearest = max((_json(known.body) for known in recorded), key=lambda known: _similarity(known, body))
        changes = "\n".join(f"- {change}" for change in _changes(nearest, body))
        problem = f"The cassette {path} does not hold this {kind}. Changes since the most similar recording:\n{changes}"
        mode = "rewrite"
    test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
    by_test = f"pytest --record-mode={mode} {shlex.quote(test)}"
    command = by_test if test else 'use_cassette(…, record_mode="new_episodes")'
    return StaleCassette(f"{problem}\nTo record it: {command}")


def _json(body: Any) -> Any:
    try:
        return json.loads(body or b"")
    except (TypeError, ValueError):
        return body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body)


def _messages(body: Any) -> list[Mapping[str, Any]]:
    messages = body.get("messages") if isinstance(body, dict) else None
    return [message for message in messages if isinstance(message, dict)] if isinstance(messages, list) else []


def _content(message: Mapping[str, Any]) -> str:
    content = message.get("content")
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    return without_article_hash(text)


def _similarity(recorded: Any, sent: Any) -> float:
    """Return the share of common lines, plus one if there are as many messages."""
    before, after = (
        Counter(line for message in _messages(body) for line in _content(message).splitlines())
        for body in (recorded, sent)
    )
    shared = (before & after).total() / max(before.total(), after.total(), 1)
    return shared + (len(_messages(recorded)) == len(_messages(sent)))


def _changes(recorded: Any, sent: Any) -> Iterator[str]:
    """Describe each difference of two bodies; those that cause others come first."""
    if not isinstance(recorded, dict) or not isinstance(sent, dict):
        yield _diff("the body", str(recorded), str(sent))
        return
    before, after = (body.get("response_format") or {} for body in (recorded, sent))
    if before.get("type") != after.get("type"):
        yield f"the output format: {before.get('type', 'text')} → {after.get('type', 'text')}"
    elif before != after:
        schemas = (json.dumps(output, indent=1, ensure_ascii=False) for output in (before, after))
        yield _diff("the JSON schema", *schemas)
    for name in dict.fromkeys([*recorded, *sent]):
        if name not in _SHOWN_APART and recorded.get(name) != sent.get(name):
            values = (_cut(json.dumps(body[name])) if name in body else "absent" for body in (recorded, sent))
            yield f"the parameter {name}: {' → '.join(values)}"
    recorded_messages, sent_messages = _messages(recorded), _messages(sent)
    if len(recorded_messages) != len(sent_messages):
        yield f"the number of messages: {len(recorded_messages)} → {len(sent_messages)}"
    for before, after in zip(recorded_messages, sent_messages, strict=False):
        old, new = _content(before), _content(after)
        if old != new:
            yield _diff(_name_of_part(after.get("role"), old, new), old, new)


def _name_of_part(role: Any, old: str, new: str) -> str:
    """Name the part of a message in which two contents begin to differ."""
    if role == "system":
        return "the system prompt"
    if role == "assistant":
        return "the earlier reply"
    start = _shared_length(old, new)
    is_within = "<article>" in new[:start] and "</article>" not in new[:start]
    return "the article" if is_within else f"the {role} message"


def _diff(name: str, old: str, new: str) -> str:
    """Return the first difference of two texts as a short unified diff."""
    before, after = old.splitlines(), new.splitlines()
    same = _shared_length(before, after)
    start = max(same - 1, 0)
    lines = list(difflib.unified_diff(before[start : same + 40], after[start : same + 40], lineterm="", n=0))[3:]
    if not lines:
        return f"{name}: line breaks only"
    end = next((index for index, line in enumerate(lines) if line.startswith("@@")), len(lines))
    removed, added = ([line for line in lines[:end] if line[0] == sign] for sign in "-+")
    room = max(_MAX_LINES // 2, _MAX_LINES - len(added))
    shown = removed[:room]
    shown += added[: _MAX_LINES - len(shown)]
    skip = 0
    if len(shown) == 2 and max(map(len, shown)) > _MAX_WIDTH:  # show the place where two long lines differ
        skip = max(_shared_length(*(line[1:] for line in shown)) - _MAX_WIDTH // 2, 0)
    shown = [f"    {line[0]}{_cut(line[1:], skip)}" for line in shown]
    return "\n".join([f"{name}, from line {same + 1} (- recorded, + sent):", *shown])


def _shared_length(first: Sequence[Any], second: Sequence[Any]) -> int:
    """Return how many items two sequences share from the start."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(first), len(second)))


def _cut(line: str, skip: int = 0) -> str:
    line = f"…{line[skip:]}" if skip else line
    return line if len(line) <= _MAX_WIDTH else f"{line[: _MAX_WIDTH - 1]}…"
