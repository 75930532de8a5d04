"""What has changed since a cassette was recorded, as the message of a StaleCassette."""

import difflib
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from summarizer.errors import StaleCassette
from summarizer.testing.again import record_again
from summarizer.testing.exchange import Body, Interaction, Question, canonical
from summarizer.testing.matching import Shelf

_LINES, _WIDTH = 6, 100
"""Of the diff that is shown: lines, and characters of a line."""
_HASH = 8
"""Characters of a hash that are shown."""
_MARK = re.compile(r"<(/?)(article|context)-[0-9a-f]+>")
"""What stands around an article; it changes with every letter of it, and tells nothing."""
_OF_ITS_OWN = frozenset({"model", "messages", "response_format"})
_NOTHING = "not there"
_ELSEWHERE = "but not in the part that is asked about here: only the mark around it, made of the whole, is another"


def missing(question: Question, shelf: Shelf, path: Path) -> StaleCassette:
    """For a request that no recording answers: what differs from the nearest one."""
    again = shelf.of(question)
    if again:
        times = f"{len(again)} times" if len(again) > 1 else "once"
        return StaleCassette(
            f"The cassette {path} has no more replies to a request of {question}: it was recorded {times}, and "
            f"asked for more often than that.",
            hint=record_again(path),
        )
    nearest = _nearest(question, shelf)
    if nearest is None:
        held = ", ".join(f"{count} × {what}" for what, count in _kinds(shelf).items()) or "nothing"
        return StaleCassette(
            f"The cassette {path} has no recording of {_called(question)}; it holds {held}.", hint=record_again(path)
        )
    changes = "\n".join(f"- {change}" for change in _changes(nearest.question, question))
    return StaleCassette(
        f"The cassette {path} has no reply to a request of {question}. What differs from the nearest recording:\n"
        f"{changes}",
        hint=record_again(path),
    )


def most_telling(missed: Sequence[StaleCassette]) -> StaleCassette:
    """Of several misses the first that shows what has changed; the parts of an article change all at once."""
    return next((each for each in missed if _ELSEWHERE not in each.message), missed[0])


def unplayed(shelf: Shelf, path: Path) -> StaleCassette:
    """For recordings that nobody asked for."""
    left, every = len(shelf.left), len(shelf.recorded)
    first = shelf.left[0].question
    return StaleCassette(
        f"{left} of {every} recordings of the cassette {path} {'was' if left == 1 else 'were'} not asked for, "
        f"the first of them {_called(first)}{_first_words(first.body)}.",
        hint=f"{record_again(path, 'To drop what is not:', 'new')} Where that is as it should be: allow_unplayed=True.",
    )


def nothing_recorded(path: Path) -> StaleCassette:
    """For a cassette that is not there."""
    return StaleCassette(
        f"Nothing was recorded yet: there is no cassette {path}.", hint=record_again(path, what="To record it:")
    )


def _kinds(shelf: Shelf) -> Counter[str]:
    return Counter(_called(each.question) for each in shelf.recorded)


def _called(question: Question) -> str:
    """A request by what is asked, and with which of the library's prompts, if it was the library that asked."""
    prompts = " and ".join(f'"{each.name}"' for each in question.prompts)
    return f"{question} with the prompt {prompts}" if prompts else str(question)


def _nearest(question: Question, shelf: Shelf) -> Interaction | None:
    """The recording that is most like ``question``, of those of the same kind; one not played before one that was.

    What the library asked and what another client asked have nothing in common that could have changed.
    """
    same = [each for each in shelf.recorded if _kind(each.question) == _kind(question)]
    left = {id(each) for each in shelf.left}
    return max(same, key=lambda each: (_likeness(each.question, question), id(each) in left), default=None)


def _kind(question: Question) -> tuple[str, bool]:
    return str(question), bool(question.prompts)


def _likeness(recorded: Question, asked: Question) -> float:
    """How much of the text two requests share, from 0 to 1; more where their messages are as many."""
    then, now = (Counter(_whole_text(each.body).splitlines()) for each in (recorded, asked))
    lines = max(then.total(), now.total(), 1)
    return (then & now).total() / lines + (len(_messages(recorded.body)) == len(_messages(asked.body)))


def _changes(recorded: Question, asked: Question) -> Iterator[str]:
    """What differs, the cause before the effect: an entry for each."""
    then, now = recorded.body, asked.body
    yield from _prompts_changed(recorded, asked)
    if isinstance(then, dict) and isinstance(now, dict):
        yield from _form_changed(then.get("response_format"), now.get("response_format"))
        names = [name for name in {**then, **now} if name not in _OF_ITS_OWN]
        yield from _parameters_changed("the parameter", names, then, now)
        yield from _messages_changed(recorded, asked)
        if then.get("model") != now.get("model"):
            yield (
                f"the model: {_shown(then.get('model'))} then, {_shown(now.get('model'))} now; "
                "this alone would not have mattered"
            )
    elif canonical(then) != canonical(now):
        yield _diff("the body", _whole_text(then), _whole_text(now))


def _prompts_changed(recorded: Question, asked: Question) -> Iterator[str]:
    then, now = ({each.name: each for each in question.prompts} for question in (recorded, asked))
    if not then or not now:
        return
    for name in {**then, **now}:
        old, new = then.get(name), now.get(name)
        if old is None or new is None:
            yield f'the prompt "{name}": used {"only now" if old is None else "only then"}'
        elif old.sha256 != new.sha256:
            yield (
                f'the prompt "{name}": version {old.version} ({old.sha256[:_HASH]}) then, '
                f"version {new.version} ({new.sha256[:_HASH]}) now"
            )


def _form_changed(then: Any, now: Any) -> Iterator[str]:
    """The form of output; where it is the same, the schema, and what else stands beside it."""
    forms = [each.get("type") if isinstance(each, Mapping) else None for each in (then, now)]
    if forms[0] != forms[1]:
        yield f"the form of output: {forms[0] or 'text'} then, {forms[1] or 'text'} now"
        return
    if not isinstance(then, Mapping) or not isinstance(now, Mapping):
        return
    old, new = _around_schema(then), _around_schema(now)
    if canonical(old["schema"]) != canonical(new["schema"]):
        yield f"the schema: {_hash(old['schema'])} then, {_hash(new['schema'])} now"
    yield from _parameters_changed("the form's", [name for name in {**old, **new} if name != "schema"], old, new)


def _around_schema(form: Mapping[str, Any]) -> dict[str, Any]:
    """What a form holds, flat."""
    inner = form.get("json_schema")
    return {"schema": None} | dict(form) | (inner if isinstance(inner, dict) else {}) | {"json_schema": None}


def _parameters_changed(what: str, names: list[str], then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for name in names:
        old, new = (_shown(side[name]) if name in side else _NOTHING for side in (then, now))
        if name not in then or name not in now or canonical([then[name]]) != canonical([now[name]]):
            yield f"{what} {name}: {old} then, {new} now"


def _messages_changed(recorded: Question, asked: Question) -> Iterator[str]:
    then, now = _messages(recorded.body), _messages(asked.body)
    if len(then) != len(now):
        yield f"the number of messages: {len(then)} then, {len(now)} now"
    same_prompts = bool(recorded.prompts) and recorded.prompts == asked.prompts
    differing = [(old, new) for old, new in zip(then, now, strict=False) if canonical([old]) != canonical([new])]
    for number, (old, new) in enumerate(differing):
        name = _message_name(new, same_prompts=same_prompts)
        if number:
            yield name
        elif _text_of(old) == _text_of(new):
            yield f"{name}, {_ELSEWHERE}"
        else:
            yield _diff(name, _text_of(old), _text_of(new))


def _message_name(message: Any, *, same_prompts: bool) -> str:
    role = message.get("role") if isinstance(message, Mapping) else None
    if role == "user" and same_prompts:
        return "the article's text"
    if role == "assistant":
        return "the reply that is asked about"
    return f"the text of the {role or 'unknown'} message"


def _messages(body: Body) -> list[Any]:
    messages = body.get("messages") if isinstance(body, dict) else None
    return messages if isinstance(messages, list) else []


def _text_of(message: Any) -> str:
    content = message.get("content") if isinstance(message, Mapping) else message
    return _MARK.sub(r"<\1\2>", content) if isinstance(content, str) else canonical([message])


def _whole_text(body: Body) -> str:
    messages = _messages(body)
    return "\n".join(_text_of(each) for each in messages) if messages else canonical(body)


def _first_words(body: Body) -> str:
    """Of what was asked, by which a person knows it: the first sentence of an article."""
    lines = [line for message in _messages(body) for line in _text_of(message).splitlines() if line.strip()]
    shown = next((line for line in lines if line.startswith("[")), lines[-1] if lines else "")
    return f' ("{_cut(shown)}")' if shown else ""


def _diff(what: str, then: str, now: str) -> str:
    """Where two texts begin to differ, as a short unified diff under ``what``."""
    old, new = then.splitlines(), now.splitlines()
    same = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(same - 1, 0)  # a text of a thousand lines is not compared whole
    found = list(difflib.unified_diff(old[start : same + 40], new[start : same + 40], lineterm="", n=1))[3:]
    if not found:
        return f"{what}, in its line breaks or other blanks"
    end = next((n for n, line in enumerate(found) if line.startswith("@@")), len(found))
    shown = _balanced([line for line in found[:end] if line.strip()])
    return "\n".join([f"{what}, from line {same + 1} on (- then, + now):", *(f"    {line}" for line in shown)])


def _balanced(lines: list[str]) -> list[str]:
    """The lines of a diff that are shown: of what went and of what came, each its beginning."""
    if len(lines) > _LINES:
        gone, come = ([line for line in lines if line.startswith(mark)] for mark in "-+")
        before = [line for line in lines[:1] if line.startswith(" ")]
        room = _LINES - len(before)
        first = gone[: max(room // 2, room - len(come))]
        lines = before + first + come[: room - len(first)]
    pairs = [line[1:] for line in lines if line[0] in "-+"]
    skip = _shared_start(pairs) if len(pairs) == 2 else 0
    return [line[0] + _cut(line[1:], skip if line[0] in "-+" else 0) for line in lines]


def _shared_start(lines: list[str]) -> int:
    """How much of long lines may be left out before the first character that differs."""
    shared = next((n for n, chars in enumerate(zip(*lines, strict=False)) if len(set(chars)) > 1), 0)
    return max(shared - _WIDTH // 2, 0) if max(len(line) for line in lines) > _WIDTH else 0


def _cut(line: str, skip: int = 0) -> str:
    line = ("…" + line[skip:]) if skip else line
    shown = line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "…"
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in shown)


def _shown(value: Any) -> str:
    return _cut(value if isinstance(value, str) else canonical([value])[1:-1])


def _hash(value: Any) -> str:
    return hashlib.sha256(canonical([value]).encode("utf-8", "surrogatepass")).hexdigest()[:_HASH]
