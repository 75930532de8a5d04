"""Load prompts: Markdown files with a header of metadata and sections for messages."""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from hashlib import sha256
from pathlib import Path
from string import Template
from typing import Any, cast, get_args

from summarizer._types import PromptId
from summarizer.errors import PromptError, describe_fault
from summarizer.models import Message, Role

_NAMES = (  # each is a file NAME.md
    "extract",
    "context",
    "extract-small",
    "context-small",
    "codebook",
    "repair",
    "group",
    "gist",
    "support",
)
_OF_DOSSIERS = ("actors", "issues")
"""The prompts of dossiers: they may lie in a folder of prompts, and are not used for briefs."""
_SMALL = {"extract": "extract-small", "context": "context-small"}
"""The short prompts, by the name of the prompt that they replace in a small context."""
VERIFYING_PROMPTS = ("support",)
"""The prompts that are used only if a model checks the statements."""
_USER_ONLY = (
    "context",
    "context-small",
    "codebook",
    "repair",
)  # parts of a conversation that has its system message already
_INSTALLED = Path(__file__).parents[2] / "prompts"
_FOLDER = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).parents[3] / "prompts"  # the latter in a checkout
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
        """Return the messages with ``values`` for all variables."""
        _check_names(values, self.variables, f"The values for the prompt {self.name!r}")
        return tuple(Message(role, template.substitute(values)) for role, template in self.messages)


def load_prompts(path: str | Path | None = None) -> Mapping[str, Prompt]:
    """Return all prompts by name; a file or folder at ``path`` replaces the library's prompts of these names.

    A prompt of the user's is used in small contexts, too, unless there is a short one beside it. The path
    "extract-small" means the library's short prompts.

    Raises:
        PromptError: a file is missing or malformed, or its name is not the name of a prompt.
    """
    prompts = dict(_load_own_prompts())
    if str(path) == "extract-small" and not Path("extract-small").exists():
        return prompts | {name: prompts[small] for name, small in _SMALL.items()}
    given: set[str] = set()
    for name, file in (_find_files(Path(path)) if path is not None else {}).items():
        replacement = read_prompt(file)
        _check_names(replacement.variables, prompts[name].variables, str(file))
        roles = [role for role, _ in replacement.messages]
        if name in _USER_ONLY and roles != ["user"]:
            raise PromptError(f"The prompt {file} must have one section '## user' and no other.")
        prompts[name] = replacement
        given.add(name)
    return prompts | {small: prompts[name] for name, small in _SMALL.items() if name in given and small not in given}


@cache
def _load_own_prompts() -> Mapping[str, Prompt]:
    return {name: load_prompt(name) for name in _NAMES}


@cache
def load_prompt(name: str) -> Prompt:
    """Return one of the library's own prompts."""
    return read_prompt(_FOLDER / f"{name}.md")


@cache
def load_schema(name: str = "extract") -> Mapping[str, Any]:
    """Return the JSON schema of replies to a prompt: the file ``NAME.schema.json`` beside it."""
    schema: dict[str, Any] = json.loads((_FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))
    return schema


def _find_files(path: Path) -> dict[str, Path]:
    """Return the prompt files at ``path`` by name."""
    names = f"The prompts are {', '.join(f'{name}.md' for name in _NAMES)}."
    if not path.exists():
        raise PromptError(f"There is no prompt file or folder {path}.")
    files = {file.stem: file for file in (sorted(path.glob("*.md")) if path.is_dir() else [path])}
    if not files:
        raise PromptError(f"There is no prompt in {path}.", hint=names)
    for name, file in files.items():
        if name not in _NAMES and not (path.is_dir() and name in _OF_DOSSIERS):
            raise PromptError(f"{file} is not the name of a prompt.", hint=names)
    return {name: file for name, file in files.items() if name in _NAMES}


def read_prompt(path: Path) -> Prompt:
    """Read and check one prompt file."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise PromptError(f"The prompt {path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise PromptError(f"The prompt {path} is not UTF-8.") from error
    before, fence, rest = text.partition(f"{_FENCE}\n")
    head, closed, body = rest.partition(f"\n{_FENCE}\n")
    if before.strip() or not fence or not closed:
        raise PromptError(f"The prompt {path} has no header. Its first lines must be between two lines of {_FENCE}.")
    try:
        header = tomllib.loads(head)
    except tomllib.TOMLDecodeError as error:
        raise PromptError(f"The header of the prompt {path} is not TOML: {describe_fault(error)[1]}.") from error
    _check_names(header, {"name", "version", "variables"}, f"The header of {path}")
    name, version, variables = header["name"], header["version"], header["variables"]
    if name != path.stem:
        raise PromptError(f"The header of {path} gives the name {name!r}, which must be {path.stem!r}.")
    if not isinstance(version, str):
        raise PromptError(f"The header of {path} must give version as a string.", hint='Put it in quotes: "2".')
    if not (isinstance(variables, list) and all(isinstance(variable, str) for variable in variables)):
        raise PromptError(f"The header of {path} must give variables as a list of names.")
    messages = _parse_messages(body, path)
    used = {name for _, template in messages for name in template.get_identifiers()}
    _check_names(used, variables, f"The text of {path}")
    return Prompt(name, version, tuple(variables), messages, sha256(data).hexdigest())


def _parse_messages(body: str, path: Path) -> tuple[tuple[Role, Template], ...]:
    """Return the sections "## system", "## user" … of a prompt."""
    first, *sections = re.split(rf"^## ({'|'.join(get_args(Role))})[^\S\n]*$\n?", body, flags=re.MULTILINE)
    roles = sections[::2]
    if "user" not in roles:
        headings = [line for line in body.splitlines() if line.startswith("#") and line[3:].strip() not in roles]
        headings.sort(key=lambda line: -SequenceMatcher(None, line.casefold(), "## user").ratio())
        hint = f"Its headings include {headings[0]!r}." if headings else "Add the heading on a separate line."
        raise PromptError(f"The prompt {path} has no section '## user'.", hint=hint)
    if first.strip():
        raise PromptError(f"The prompt {path} has text between its header and the first section.")
    if "assistant" in roles or len(set(roles)) < len(roles):
        raise PromptError(f"The prompt {path} must have one section '## user' and at most one '## system', no other.")
    templates = [Template(text.strip()) for text in sections[1::2]]
    for role, template in zip(roles, templates, strict=True):
        if not template.template:
            raise PromptError(f"The section '## {role}' of the prompt {path} is empty.")
    if not all(template.is_valid() for template in templates):
        raise PromptError(f"The prompt {path} has a $ without a variable.", hint="Write $$ for a dollar sign.")
    return tuple((cast("Role", role), template) for role, template in zip(roles, templates, strict=True))


def _check_names(names: Iterable[str], expected: Iterable[str], subject: str) -> None:
    """Raise a PromptError that lists missing or unknown names."""
    if missing := sorted(set(expected).difference(names)):
        raise PromptError(f"{subject} lacks {', '.join(missing)}.")
    if unknown := sorted(set(names).difference(expected)):
        known = ", ".join(sorted(expected)) or "none"
        raise PromptError(f"{subject} has the unknown name {', '.join(unknown)}.", hint=f"Known: {known}.")
