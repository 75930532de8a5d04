"""Write a dossier as linked Markdown notes, a vault of Obsidian: a file for each actor, issue and article."""

import hashlib
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from summarizer._files import replace_atomically
from summarizer._patterns import compile_lazily
from summarizer._records import dump_yaml
from summarizer.dossier import Actor, Change, Statement, parse_day
from summarizer.errors import ConfigurationError
from summarizer.export.cells import FileNames, clean_line
from summarizer.export.tables import (
    TABLES,
    Row,
    Selection,
    Summary,
    article_rows,
    describe_role,
    group_statements,
    statement_rows,
)
from summarizer.render import place_link

_Key = TypeVar("_Key", str, int)

_MANIFEST = ".summarizer-export.json"
"""The file of a folder that lists the notes of the last export, each with the hash of its text."""
_SPECIAL = compile_lazily(r"([\\`*_\[\]<>&|~$#^=%])")
_OPENING = compile_lazily(r"^(\s*(?:\d+(?=[.)]))?)([-+.)])")
"""What would begin a list."""


def write_notes(selection: Selection, folder: Path, _network: object) -> list[str]:
    """Write a note for each actor, issue and article into a folder. Return what was not written.

    Notes of an earlier export are replaced. Notes that somebody has changed since, and all other files, stay.

    Raises:
        ConfigurationError: The folder cannot be written, or a file that is not a note of an export has a note's name.
    """
    vault = _Vault(selection)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = _Folder(folder, vault.paths)
        for path, text in vault.notes():
            written.write(path, text)
        return written.finish()
    except OSError as error:
        message = f"{error.filename or folder} cannot be written: {error.strerror or error}."
        raise ConfigurationError(message, hint="Name another folder.") from error


class _Vault:
    """The notes of a selection."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        dossier = selection.dossier
        self._actors = _name_files("actors", {key: dossier.actors[key].name for key in selection.actors})
        self._issues = _name_files("issues", {key: dossier.issues[key].proposition for key in selection.issues})
        titles: dict[int, str] = {
            row["article_id"]: f"{row['date'] or ''} {row['title'] or row['outlet'] or 'Article'}"
            for row in article_rows(selection)
        }
        self._articles = _name_files("articles", titles)
        self._by_actor, self._by_issue, self._by_article = (
            group_statements(selection.statements, attribute) for attribute in ("actor", "issue", "article")
        )
        positions = {each.position for each in selection.statements}
        self._changes = [each for each in dossier.changes if {each.before, each.after} <= positions]

    @property
    def paths(self) -> list[str]:
        """The paths of all notes from the folder, without their suffix."""
        return [*self._actors.values(), *self._issues.values(), *self._articles.values()]

    def notes(self) -> Iterator[tuple[str, str]]:
        """Yield the path and the text of each note."""
        for actor in self._actors:
            yield self._actors[actor], self._actor_note(actor)
        for issue in self._issues:
            yield self._issues[issue], self._issue_note(issue)
        questions: defaultdict[int, list[Row]] = defaultdict(list)
        for question in TABLES["questions"].rows(self._selection):
            questions[question["article_id"]].append(question)
        for row in article_rows(self._selection):
            number = row["article_id"]
            yield self._articles[number], self._article_note(row, self._by_article[number], questions[number])

    def _actor_note(self, key: str) -> str:
        actor = self._selection.dossier.actors[key]
        statements = self._by_actor[key]
        head = {
            "id": actor.id,
            "kind": actor.kind,
            "aliases": list(actor.names),
            "roles": [describe_role(role) for role in actor.roles],
            **Summary.of(statements)._asdict(),
            "tags": ["actor"],
        }
        lines = list(self._roles(actor))
        by_issue = group_statements(statements, "issue")
        for issue in sorted(by_issue, key=lambda issue: (issue is None, -len(by_issue[issue]))):
            lines += ["", f"## {self._issue_link(issue)}" if issue else "## Other statements", ""]
            for row in statement_rows(self._selection, by_issue[issue]):
                lines += self._statement(row, with_actor=False, with_issue=False)
        lines += self._changes_section(each for each in self._changes if each.actor == key)
        return _note(head, actor.name, lines)

    def _issue_note(self, key: str) -> str:
        issue = self._selection.dossier.issues[key]
        statements = self._by_issue[key]
        wordings = [each for each in issue.wordings if each.proposition != issue.proposition]
        head = {
            "id": issue.id,
            "aliases": [each.proposition for each in wordings if not each.contrary],
            "contraries": [each.proposition for each in wordings if each.contrary],
            **Summary.of(statements)._asdict(),
            "tags": ["issue"],
        }
        lines = ["", "## Statements", ""]
        for row in statement_rows(self._selection, statements):
            lines += self._statement(row, with_issue=False)
        lines += self._changes_section(each for each in self._changes if each.issue == key)
        return _note(head, issue.proposition, lines)

    def _article_note(self, row: Row, statements: list[Statement], questions: list[Row]) -> str:
        head = {
            "date": row["date"],
            **{name: row[name] for name in ("outlet", "author", "section", "form", "language", "url", "copies")},
            **{name: row[name] for name in ("engine", "model")},
            "statements": len(statements),
            "tags": ["article"],
        }
        lines = ["", "## Statements", ""]
        for each in statement_rows(self._selection, statements):
            lines += self._statement(each, with_article=False)
        if questions:
            lines += ["", "## Open questions", ""]
        for question in questions:
            lines += [f"- {_escape(question['question'])}", f"  > {_escape(question['quotation'])}"]
        return _note(head, row["title"] or row["outlet"] or "Article", lines)

    def _statement(
        self, row: Row, *, with_actor: bool = True, with_issue: bool = True, with_article: bool = True
    ) -> Iterator[str]:
        """Yield the lines of a statement: date, stance, actor, issue, words; its quotation and where it stands."""
        about = [str(row["date"] or "undated")] if with_article else []
        about.append(f"**{row['stance']}**" if row["issue_id"] else "")
        about.append(self._actor_link(row["actor_id"]) if with_actor else "")
        about.append(self._issue_link(row["issue_id"]) if with_issue and row["issue_id"] else "")
        yield "- " + ": ".join(filter(None, [" · ".join(filter(None, about)), _escape(row["statement"])]))
        yield f"  > {_escape(row['quotation'])}"
        article = self._articles[row["article_id"]]
        source = [_link(article, row["outlet"] or row["title"] or "article")] if with_article else []
        address = place_link(row["link"]) if row["link"] else None
        source += [f"[source](<{address}>)"] if address else []
        source += [f"reported by {self._actor_link(row['reported_by_id'])}"] if row["reported_by_id"] else []
        if source:
            yield f"  > — {' · '.join(source)}"

    def _changes_section(self, changes: Iterable[Change]) -> Iterator[str]:
        for number, change in enumerate(changes):
            if not number:
                yield from ("", "## Changes of position", "")
            found = self._selection.dossier.details([change.before, change.after])
            before, after = found[change.before], found[change.after]
            basis = "an article says so" if change.explicit else f"confidence {change.confidence:.0%}"
            who = f"{self._actor_link(change.actor)} on {self._issue_link(change.issue)}"
            yield f"- {who}: from **{change.from_stance}** to **{change.to_stance}** ({basis})"
            for each in (before, after):
                yield f"  > {parse_day(each.date) or 'undated'}: {_escape(each.quotation)}"
                yield f"  > — {_link(self._articles[each.article], each.source or each.title or 'article')}"

    def _roles(self, actor: Actor) -> Iterator[str]:
        for number, role in enumerate(actor.roles):
            if not number:
                yield ""
            days = sorted({str(day) for day in map(parse_day, (role.first, role.last)) if day})
            yield f"- {_escape(describe_role(role))}" + (f" ({' to '.join(days)})" if days else "")

    def _actor_link(self, key: str) -> str:
        return _link(self._actors[key], self._selection.dossier.actors[key].name)

    def _issue_link(self, key: str) -> str:
        return _link(self._issues[key], self._selection.dossier.issues[key].proposition)


class _Folder:
    """A folder that notes are written into. It knows its notes of the last export."""

    def __init__(self, folder: Path, paths: Iterable[str]) -> None:
        self._folder = folder
        self._old = self._read_manifest()
        self._new: dict[str, str | None] = {f"{path}.md": None for path in paths}
        self._kept = 0
        known = {_file_key(path) for path in self._old}
        for path in self._new:
            if (folder / path).exists() and _file_key(path) not in known:
                raise ConfigurationError(
                    f"{folder / path} exists, and is not a note of an export.", hint="Move it, or name another folder."
                )
        self._write_manifest(dict.fromkeys(self._new) | self._old)  # so that an interrupted export can be repeated

    def write(self, path: str, text: str) -> None:
        """Write a note, unless somebody has changed it since the last export."""
        name, data = f"{path}.md", text.encode()
        file = self._folder / name
        if self._is_changed(name):
            self._kept += 1
            self._new[name] = self._old[name]
            return
        file.parent.mkdir(exist_ok=True)
        self._new[name] = hashlib.sha256(data).hexdigest()
        with replace_atomically(file) as target:
            target.write(data)

    def finish(self) -> list[str]:
        """Delete notes of the last export that have no successor. Return what was kept, in sentences."""
        new = {_file_key(path) for path in self._new}
        for path in self._old:
            if _file_key(path) not in new and not self._is_changed(path):
                (self._folder / path).unlink(missing_ok=True)
        self._write_manifest(self._new)
        return [f"Notes that were changed since the last export stay as they are: {self._kept}."] if self._kept else []

    def _is_changed(self, path: str) -> bool:
        expected, file = self._old.get(path), self._folder / path
        return bool(expected) and file.exists() and hashlib.sha256(file.read_bytes()).hexdigest() != expected

    def _read_manifest(self) -> dict[str, str | None]:
        try:
            notes = json.loads((self._folder / _MANIFEST).read_text(encoding="utf-8"))["notes"]
            return {path: value for path, value in notes.items() if _is_inside(path)}
        except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    def _write_manifest(self, notes: Mapping[str, str | None]) -> None:
        with replace_atomically(self._folder / _MANIFEST) as file:
            file.write(json.dumps({"notes": notes}, ensure_ascii=False, indent=1).encode())


def _is_inside(path: str) -> bool:
    """Return whether a path of a manifest is one of a note, so that no other file is ever deleted."""
    return re.fullmatch(r"(?:actors|issues|articles)/[^/\\]+\.md", path) is not None


def _file_key(path: str) -> str:
    """Return what is equal for names that are one file on some systems."""
    return unicodedata.normalize("NFKD", path).casefold()


def _name_files(folder: str, titles: Mapping[_Key, str]) -> dict[_Key, str]:
    names = FileNames()
    return {key: f"{folder}/{names.make(title)}" for key, title in titles.items()}


def _note(head: Mapping[str, object], title: str, lines: Iterable[str]) -> str:
    values = {name: _clean(value) for name, value in head.items() if value not in (None, "", [])}
    front = dump_yaml(values, width=10_000)
    return "\n".join([f"---\n{front}---", "", f"# {_escape(title)}", *lines]).rstrip() + "\n"


def _clean(value: object) -> object:
    if isinstance(value, list):
        return [_clean(each) for each in value]
    return clean_line(value) if isinstance(value, str) else value


def _link(path: str, text: str) -> str:
    """Return a link of Obsidian. Its text cannot hold what ends a link."""
    return f"[[{path}|{clean_line(text.translate(_NOT_IN_LINKS))}]]"


_NOT_IN_LINKS = str.maketrans({"[": "(", "]": ")", "|": "/", "<": "‹", ">": "›", "%": "％"})


def _escape(text: object) -> str:
    """Return a text on one line, without Markdown, tags or HTML."""
    line = _SPECIAL.sub(r"\\\1", clean_line(str(text or "")))
    return _OPENING.sub(r"\1\\\2", line)
