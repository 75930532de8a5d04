"""Read YAML and JSON files that people write as records, and write YAML; errors name file, line and field."""

import json
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Self, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from summarizer.errors import ConfigurationError, describe_value, name_field

RecordT = TypeVar("RecordT", bound=BaseModel)
Field = tuple[str | int, ...]

_TWICE = "is used twice"


class _Loader(yaml.SafeLoader):
    """A loader that reads plain words as strings, so that ``no`` is a language and 2026-11-01 can be an id."""

    yaml_implicit_resolvers = {  # noqa: RUF012  # as in the base class
        first: [found for found in resolvers if found[0] == "tag:yaml.org,2002:null"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Refuse a key that occurs twice, of which YAML would drop the first."""
        keys: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in keys:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value} {_TWICE}", key.start_mark)
            keys.add(str(key.value))
        return super().construct_mapping(node, deep)


class PlainDumper(yaml.SafeDumper):
    """A dumper that writes a repeated value again: not every reader knows ``&id001`` and ``*id001``."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        """Return True for all values."""
        return True


def dump_yaml(value: object, **options: Any) -> str:
    """Return a value as YAML in UTF-8 with the order of its keys; options are those of ``yaml.dump``."""
    return str(yaml.dump(value, Dumper=PlainDumper, allow_unicode=True, sort_keys=False, **options))


def _nearest_field(name: str, record: type[BaseModel]) -> str:
    schema = record.model_json_schema()
    known = {field for each in (schema, *schema.get("$defs", {}).values()) for field in each.get("properties", ())}
    near = get_close_matches(name, sorted(known), n=1)
    return f"Did you mean “{near[0]}”?" if near else ""


@dataclass(frozen=True, slots=True)
class RecordFile:
    """The text of a YAML or JSON file."""

    path: Path
    text: str

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file in UTF-8, or raise a ConfigurationError."""
        try:
            data = path.read_bytes()
            return cls(path, data.decode("utf-8-sig").replace("\r\n", "\n"))
        except OSError as error:
            raise ConfigurationError(f"{path} cannot be read: {error.strerror or error}.") from error
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise ConfigurationError(f"{path}, line {line}: not UTF-8.", hint="Save it in this encoding.") from error

    def parse(self, record: type[RecordT]) -> RecordT:
        """Return the content as a record. A validator can name a field with ``path`` in the context of its error.

        Raises:
            ConfigurationError: The file is not YAML or JSON, or the content does not fit.
        """
        try:
            content = self._load()
            if content is None:
                raise self.error("the file is empty")
            return record.model_validate(content)
        except ValidationError as error:
            errors = error.errors(include_input=False, include_url=False)
            first = min(errors, key=lambda each: each["type"] != "extra_forbidden")  # a misspelt field also lacks
            field = first.get("ctx", {}).get("path") or first["loc"]
            hint = _nearest_field(str(field[-1]), record) if first["type"] == "extra_forbidden" else ""
            raise self.error(describe_value(first), *field, hint=hint) from error

    def error(self, message: str, *field: str | int, hint: str = "") -> ConfigurationError:
        """Return the error that names the file, the line and the field."""
        line = self._find_line(field)
        place = f"{self.path}, line {line}" if line else str(self.path)
        parts = filter(None, [place, name_field(field), message])
        return ConfigurationError(": ".join(parts).rstrip(".") + ".", hint=hint)

    def _load(self) -> Any:
        kind = "JSON" if self.path.suffix.lower() == ".json" else "YAML"
        try:
            if kind == "JSON":
                return json.loads(self.text, object_pairs_hook=self._as_record)
            return yaml.load(self.text, _Loader)  # noqa: S506  # it is safe
        except json.JSONDecodeError as error:
            message = f"{self.path}, line {error.lineno}: not JSON: character {error.colno} does not fit."
            raise ConfigurationError(message) from error
        except yaml.reader.ReaderError as error:
            line = self.text.count("\n", 0, error.position) + 1
            problem = f"it has the control character U+{error.character:04X}"
            raise ConfigurationError(f"{self.path}, line {line}: not YAML: {problem}.") from error
        except yaml.YAMLError as error:
            mark, problem = getattr(error, "problem_mark", None), str(getattr(error, "problem", None))
            place = f"{self.path}, line {mark.line + 1}" if mark else str(self.path)
            hint = "Put a text with a colon, a question mark or a comma in quotation marks."
            if "stream end" in problem or "end of stream" in problem:
                problem, hint = "it ends within a bracket or a quotation", "Close what is open."
            elif not problem.endswith(_TWICE):
                problem = f"character {mark.column + 1} does not fit" if mark else "it cannot be parsed"
            raise ConfigurationError(f"{place}: not YAML: {problem}.", hint=hint) from error
        except RecursionError as error:
            raise ConfigurationError(f"{self.path} is nested too deeply.") from error

    def _as_record(self, fields: list[tuple[str, Any]]) -> dict[str, Any]:
        """Refuse a key that occurs twice in an object of JSON, as in YAML."""
        record = dict(fields)
        if len(record) < len(fields):
            ((twice, _),) = Counter(key for key, _ in fields).most_common(1)
            raise self.error(f"not JSON: {twice} {_TWICE}")
        return record

    def _find_line(self, field: Field) -> int | None:
        """Return the line of a field or of the nearest one around it; None if the file cannot be parsed."""
        try:
            node = yaml.compose(self.text.replace("\t", " "), _Loader)
        except (yaml.YAMLError, RecursionError):
            return None
        line = None
        for part in field:
            if isinstance(node, yaml.MappingNode):
                found = [(key.start_mark, value) for key, value in node.value if key.value == str(part)]
            elif isinstance(node, yaml.SequenceNode):
                found = [(item.start_mark, item) for item in node.value[int(part) :][:1]]
            else:
                break
            if not found:
                break
            mark, node = found[0]
            line = mark.line + 1
        return line
