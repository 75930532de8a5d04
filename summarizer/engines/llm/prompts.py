"""The prompts: Markdown files with a header, their variables checked both ways."""

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template
from typing import Any, cast, get_args

from summarizer._types import PromptId
from summarizer.errors import PromptError
from summarizer.models import Message, Role

PROMPT_NAMES = ("extract", "context", "repair", "group", "gist")
"""The prompts there are, each a file ``NAME.md``."""

_PACKED = Path(__file__).parent.parent.parent / "prompts"
_BESIDE = Path(__file__).parent.parent.parent.parent / "prompts"  # in a checkout and its editable installs
_FENCE = "+++"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt: messages with variables to be filled in."""

    name: str
    version: str
    variables: tuple[str, ...]
    messages: tuple[tuple[Role, Template], ...]
    sha256: str
    """The hash of its file, in hexadecimal."""

    @property
    def id(self) -> PromptId:
        """Which prompt this is, for those who keep requests."""
        return PromptId(self.name, self.version, self.sha256)

    def fill(self, **values: str) -> tuple[Message, ...]:
        """The messages with ``values`` for all of the variables.

        Raises:
            PromptError: a variable is missing or unknown.
        """
        _check(set(values), set(self.variables), f"What is given to the prompt {self.name!r}")
        return tuple(Message(role, template.substitute(values)) for role, template in self.messages)


def load_prompts(path: str | Path | None = None) -> Mapping[str, Prompt]:
    """The library's prompts by name; a file or folder at ``path`` takes the place of those it has.

    Raises:
        PromptError: a file is missing, malformed, or bears a name that is none of the prompts'.
    """
    files = {name: _folder() / f"{name}.md" for name in PROMPT_NAMES}
    own = _own(Path(path)) if path is not None else {}
    prompts = {name: read_prompt(file) for name, file in files.items()}
    for name, file in own.items():
        replacement = read_prompt(file)
        _check(set(replacement.variables), set(prompts[name].variables), str(file))
        prompts[name] = replacement
    return prompts


@cache
def load_schema(name: str = "extract") -> Mapping[str, Any]:
    """The JSON schema of a reply to the prompt ``name``: a file ``NAME.schema.json`` beside the prompts."""
    schema: dict[str, Any] = json.loads((_folder() / f"{name}.schema.json").read_text(encoding="utf-8"))
    return schema


def _folder() -> Path:
    return _PACKED if _PACKED.is_dir() else _BESIDE


def _own(path: Path) -> dict[str, Path]:
    if not path.exists():
        raise PromptError(f"There is no prompt file or folder {path}.")
    files = sorted(path.glob("*.md")) if path.is_dir() else [path]
    if not files:
        raise PromptError(f"There is no prompt in {path}.", hint=f"Prompts are {_listed()}.")
    for file in files:
        if file.stem not in PROMPT_NAMES:
            raise PromptError(f"{file} is none of the prompts there are.", hint=f"They are {_listed()}.")
    return {file.stem: file for file in files}


def _listed() -> str:
    return ", ".join(f"{name}.md" for name in PROMPT_NAMES)


def read_prompt(path: Path) -> Prompt:
    """Read one prompt file.

    Raises:
        PromptError: it is missing, or malformed; the message says how.
    """
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise PromptError(f"The prompt {path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise PromptError(f"The prompt {path} is not UTF-8.") from error
    header, body = _split(text.replace("\r\n", "\n"), path)
    return Prompt(
        name=header["name"],
        version=header["version"],
        variables=tuple(header["variables"]),
        messages=_messages(body, header["variables"], path),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _split(text: str, path: Path) -> tuple[dict[str, Any], str]:
    """The header, checked, and what comes after it."""
    before, fence, rest = text.partition(f"{_FENCE}\n")
    head, closed, body = rest.partition(f"\n{_FENCE}\n")
    if before.strip() or not fence or not closed:
        raise PromptError(f"The prompt {path} has no header: its first lines must stand between two lines of {_FENCE}.")
    try:
        header = tomllib.loads(head)
    except tomllib.TOMLDecodeError as error:
        raise PromptError(f"The header of the prompt {path} is not TOML: {error}.") from error
    _check(set(header), {"name", "version", "variables"}, f"The header of {path}")
    if not isinstance(header["variables"], list):
        raise PromptError(f"The header of {path} must give variables as a list of names.")
    return header, body


def _messages(body: str, variables: list[str], path: Path) -> tuple[tuple[Role, Template], ...]:
    """The sections "## system", "## user" … of a prompt."""
    first, *sections = re.split(rf"^## ({'|'.join(get_args(Role))})\n", body, flags=re.MULTILINE)
    if first.strip() or not sections:
        raise PromptError(f"The prompt {path} must begin, after its header, with a line '## system' or '## user'.")
    messages = [(role, Template(text.strip())) for role, text in zip(sections[::2], sections[1::2], strict=True)]
    if not all(template.is_valid() for _, template in messages):
        raise PromptError(f"The prompt {path} has a $ that begins no variable.", hint="Write $$ for a dollar sign.")
    used = {name for _, template in messages for name in template.get_identifiers()}
    _check(used, set(variables), f"The text of {path}")
    return tuple((cast("Role", role), template) for role, template in messages)


def _check(have: set[str], want: set[str], what: str) -> None:
    """That two sets of names are the same.

    Raises:
        PromptError: they differ; the message names those that are missing or unknown.
    """
    if missing := sorted(want - have):
        raise PromptError(f"{what} lacks {', '.join(missing)}.")
    if unknown := sorted(have - want):
        raise PromptError(f"{what} has {', '.join(unknown)}, which is not known here.")
