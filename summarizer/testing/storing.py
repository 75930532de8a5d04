"""The cassette as a file: what stands in it, read and written whole."""

import contextlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from summarizer import __version__
from summarizer._types import PromptId
from summarizer.errors import ConfigurationError
from summarizer.testing.exchange import Answer, Interaction, Question, body_of_data, body_to_data
from summarizer.testing.readable import to_yaml

VERSION = 1
"""Of the layout of the file."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Recording:
    """What a file holds."""

    interactions: tuple[Interaction, ...] = ()
    model: str | None = None
    """SUMMARIZER_MODEL as it was set when it was recorded; None where it was not."""
    at_openai: bool = False
    """Whether the environment meant OpenAI's own server, which is asked otherwise than others."""


def load(path: Path) -> Recording | None:
    """What the file at ``path`` holds; None where there is none.

    Raises:
        ConfigurationError: it is no cassette, or of a version that is not known here.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigurationError(f"The cassette {path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise _no_cassette(path, "it is not UTF-8") from error
    try:
        data = _parsed(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _no_cassette(path, "it is not YAML") from error
    if not isinstance(data, dict) or "cassette" not in data:
        raise _no_cassette(path, 'its first line is not "cassette: 1"')
    if data["cassette"] != VERSION:
        raise ConfigurationError(
            f"The cassette {path} is of version {data['cassette']!r}, and this library knows version {VERSION}.",
            hint="Record it again, or install the library that it was recorded with.",
        )
    try:
        return _recording(data)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _no_cassette(path, f"one of its interactions is malformed ({type(error).__name__}: {error})") from error


def save(path: Path, recording: Recording) -> None:
    """Write ``recording`` to ``path``: whole, beside the old file, which it then replaces.

    Folders are made.
    """
    text = as_text(recording)
    path = path.resolve()  # a link stays one
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
        Path(name).chmod(_mode(path))
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def as_text(recording: Recording) -> str:
    """The text of the file for ``recording``."""
    data: dict[str, Any] = {"cassette": VERSION, "summarizer": __version__}
    environment = {"SUMMARIZER_MODEL": recording.model} if recording.model is not None else {}
    if recording.at_openai:
        environment["server"] = "openai"
    if environment:
        data["environment"] = environment
    return to_yaml(data | {"interactions": [_to_data(each) for each in recording.interactions]})


def _mode(path: Path) -> int:
    """The permissions of the file to be: those of the old one, else what the process gives new files."""
    with contextlib.suppress(OSError):
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _parsed(text: str) -> Any:
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506  # the safe loader, in C where it is there
    except yaml.YAMLError:
        return yaml.safe_load(text)  # the C one knows no escapes of lone surrogates


def _to_data(interaction: Interaction) -> dict[str, Any]:
    question, answer = interaction.question, interaction.answer
    asked: dict[str, Any] = {"method": question.method, "endpoint": question.endpoint}
    if question.query:
        asked["query"] = dict(question.query)
    if question.prompts:
        asked["prompts"] = [
            {"name": each.name, "version": each.version, "sha256": each.sha256} for each in question.prompts
        ]
    answered: dict[str, Any] = {"status": answer.status}
    if answer.headers:
        answered["headers"] = dict(answer.headers)
    return {"request": asked | body_to_data(question.body), "response": answered | body_to_data(answer.body)}


def _recording(data: Mapping[str, Any]) -> Recording:
    environment = data.get("environment") or {}
    return Recording(
        interactions=tuple(_interaction(each) for each in data.get("interactions") or []),
        model=environment.get("SUMMARIZER_MODEL"),
        at_openai=environment.get("server") == "openai",
    )


def _interaction(data: Mapping[str, Any]) -> Interaction:
    asked, answered = data["request"], data["response"]
    prompts = tuple(PromptId(each["name"], each["version"], each["sha256"]) for each in asked.get("prompts", ()))
    question = Question(
        asked["method"], asked["endpoint"], body_of_data(asked), dict(asked.get("query") or {}), prompts
    )
    return Interaction(
        question, Answer(int(answered["status"]), dict(answered.get("headers") or {}), body_of_data(answered))
    )


def _no_cassette(path: Path, why: str) -> ConfigurationError:
    return ConfigurationError(
        f"The file {path} is no cassette of this library: {why}.", hint="Remove it and record it again."
    )
