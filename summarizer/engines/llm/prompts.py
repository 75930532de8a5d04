"""Load prompts: Markdown files with a header of metadata and sections for messages."""

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

_NAMES = ("extract", "context", "repair", "group", "gist")  # each is a file NAME.md
_USER_ONLY = ("context", "repair")  # parts of a conversation that has its system message already
_INSTALLED = Path(__file__).parents[2] / "prompts"
_CHECKOUT = Path(__file__).parents[3] / "prompts"
_FENCE = "+++"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt: messages with variables."""

    name: str
    version: str
    variables: tuple[str, ...]
    messages: tuple[tuple[Role, Template], ...]
    sha256: str
    """The hash of its file, in hexadecimal."""

    @property
    def id(self) -> PromptId:
        """The identity of the prompt, as requests and provenance have it."""
        return PromptId(self.name, self.version, self.sha256)

    def fill(self, **values: str) -> tuple[Message, ...]:
        """Return the messages with ``values`` for all variables.

        Raises:
            PromptError: a variable is missing or unknown.
        """
        _check_names(set(values), set(self.variables), f"The values for the prompt {self.name!r}")
        return tuple(Message(role, template.substitute(values)) for role, template in self.messages)


def load_prompts(path: str | Path | None = None) -> Mapping[str, Prompt]:
    """Return all prompts by name; a file or folder at ``path`` replaces the library's prompts of these names.

    Raises:
        PromptError: a file is missing or malformed, or its name is not the name of a prompt.
    """
    prompts = {name: read_prompt(_folder() / f"{name}.md") for name in _NAMES}
    for name, file in (_find_files(Path(path)) if path is not None else {}).items():
        replacement = read_prompt(file)
        _check_names(set(replacement.variables), set(prompts[name].variables), str(file))
        roles = [role for role, _ in replacement.messages]
        if name in _USER_ONLY and roles != ["user"]:
            raise PromptError(f"The prompt {file} must have one section '## user' and no other.")
        prompts[name] = replacement
    return prompts


@cache
def load_schema(name: str = "extract") -> Mapping[str, Any]:
    """Return the JSON schema of replies to a prompt: the file ``NAME.schema.json`` beside it."""
    schema: dict[str, Any] = json.loads((_folder() / f"{name}.schema.json").read_text(encoding="utf-8"))
    return schema


def _folder() -> Path:
    return _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT


def _find_files(path: Path) -> dict[str, Path]:
    """Return the prompt files at ``path`` by name."""
    names = f"The prompts are {', '.join(f'{name}.md' for name in _NAMES)}."
    if not path.exists():
        raise PromptError(f"There is no prompt file or folder {path}.")
    files = sorted(path.glob("*.md")) if path.is_dir() else [path]
    if not files:
        raise PromptError(f"There is no prompt in {path}.", hint=names)
    for file in files:
        if file.stem not in _NAMES:
            raise PromptError(f"{file} is not the name of a prompt.", hint=names)
    return {file.stem: file for file in files}


def read_prompt(path: Path) -> Prompt:
    """Read one prompt file.

    Raises:
        PromptError: it is missing or malformed; the message says how.
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
        messages=_parse_messages(body, header["variables"], path),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _split(text: str, path: Path) -> tuple[dict[str, Any], str]:
    """Return the checked header and the rest of a prompt file."""
    before, fence, rest = text.partition(f"{_FENCE}\n")
    head, closed, body = rest.partition(f"\n{_FENCE}\n")
    if before.strip() or not fence or not closed:
        raise PromptError(f"The prompt {path} has no header. Its first lines must be between two lines of {_FENCE}.")
    try:
        header = tomllib.loads(head)
    except tomllib.TOMLDecodeError as error:
        raise PromptError(f"The header of the prompt {path} is not TOML: {error}.") from error
    _check_names(set(header), {"name", "version", "variables"}, f"The header of {path}")
    if not isinstance(header["variables"], list):
        raise PromptError(f"The header of {path} must give variables as a list of names.")
    return header, body


def _parse_messages(body: str, variables: list[str], path: Path) -> tuple[tuple[Role, Template], ...]:
    """Return the sections "## system", "## user" … of a prompt."""
    first, *sections = re.split(rf"^## ({'|'.join(get_args(Role))})\n", body, flags=re.MULTILINE)
    roles = sections[::2]
    if "user" not in roles:
        headings = [line for line in body.splitlines() if line.startswith("#") and line[3:] not in roles]
        hint = f"Its headings include {headings[0]!r}." if headings else "Add the heading on a line of its own."
        raise PromptError(f"The prompt {path} has no section '## user'.", hint=hint)
    if first.strip():
        raise PromptError(f"The prompt {path} has text between its header and the first section.")
    messages = [(role, Template(text.strip())) for role, text in zip(roles, sections[1::2], strict=True)]
    if not all(template.is_valid() for _, template in messages):
        raise PromptError(f"The prompt {path} has a $ without a variable.", hint="Write $$ for a dollar sign.")
    used = {name for _, template in messages for name in template.get_identifiers()}
    _check_names(used, set(variables), f"The text of {path}")
    return tuple((cast("Role", role), template) for role, template in messages)


def _check_names(names: set[str], expected: set[str], subject: str) -> None:
    """Check that two sets of names are equal.

    Raises:
        PromptError: they differ; the message lists missing or unknown names.
    """
    if missing := sorted(expected - names):
        raise PromptError(f"{subject} lacks {', '.join(missing)}.")
    if unknown := sorted(names - expected):
        raise PromptError(f"{subject} has the unknown name {', '.join(unknown)}.", hint=f"Known: {_join(expected)}.")


def _join(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "none"
