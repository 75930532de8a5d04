"""The review of briefs: a reader's verdicts on their positions, kept in a file, and the gold that they make."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from summarizer._text import normalize
from summarizer.brief import Brief, Position, Record, Stance
from summarizer.errors import ConfigurationError, describe_fault
from summarizer.evaluation.gold import Gold, GoldHolder, GoldPosition, gold_from_brief, path_of_article


class Correction(Record):
    """What a reader changed in a position; null where it stays."""

    statement: str | None = None
    stance: Stance | None = None
    holders: tuple[str, ...] | None = None
    """Names."""


class Verdict(Record):
    """A reader's verdict on one position: a line of the file."""

    key: str
    """The hash of the article and of what the position says, which other briefs may say, too."""
    verdict: Literal["right", "wrong", "skipped"]
    correction: Correction = Correction()
    made: datetime


class Review:
    """The verdicts on the positions of briefs. Of several briefs of an article, the last one is reviewed.

    Args:
        briefs: The briefs, oldest first.
        path: The file of verdicts in JSON Lines. Each verdict is appended at once; a later one replaces an earlier one.

    Raises:
        ConfigurationError: The file cannot be read.
    """

    def __init__(self, briefs: Iterable[Brief], path: Path) -> None:
        self.briefs = tuple({brief.article.sha256: brief for brief in briefs}.values())
        self.path = path
        self._verdicts = {verdict.key: verdict for verdict in _read(path)} if path.exists() else {}

    def pending(self) -> Iterator[tuple[Brief, Position]]:
        """Yield the positions without a verdict, with their briefs."""
        for brief in self.briefs:
            for position in brief.positions:
                if _key(brief, position) not in self._verdicts:
                    yield brief, position

    def add(
        self,
        brief: Brief,
        position: Position,
        verdict: Literal["right", "wrong", "skipped"],
        correction: Correction = Correction(),  # noqa: B008  # it is frozen
    ) -> None:
        """Keep a verdict."""
        key = _key(brief, position)
        self._verdicts[key] = Verdict(key=key, verdict=verdict, correction=correction, made=datetime.now(UTC))
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(self._verdicts[key].model_dump_json() + "\n")
        except OSError as error:
            raise ConfigurationError(f"{self.path} cannot be written: {error.strerror or error}.") from error

    def is_complete(self, brief: Brief) -> bool:
        """Return whether all positions of a brief have a verdict, and there are some."""
        return bool(brief.positions) and all(_key(brief, each) in self._verdicts for each in brief.positions)

    def make_gold(self, brief: Brief, folder: Path) -> Gold:
        """Return the gold of a complete brief: what is right, as it was corrected. What was skipped is optional.

        Open questions are optional, because nobody reviewed them.

        Args:
            brief: A brief for which `is_complete` is true.
            folder: The folder of the gold file, to which the path of the article is relative.

        Raises:
            ConfigurationError: The article of the brief is not found.
        """
        gold = gold_from_brief(brief, path_of_article(brief, folder))
        holders, positions = list(gold.holders), list[GoldPosition]()
        for reviewed, position in zip(brief.positions, gold.positions, strict=True):
            verdict = self._verdicts[_key(brief, reviewed)]
            if verdict.verdict == "wrong":
                continue
            changes = verdict.correction.model_dump(exclude_none=True)
            if verdict.correction.holders:
                changes["holders"] = tuple(_find_holder(holders, name) for name in verdict.correction.holders)
            positions.append(position.model_copy(update={**changes, "optional": verdict.verdict == "skipped"}))
        questions = tuple(question.model_copy(update={"optional": True}) for question in gold.questions)
        return gold.model_copy(
            update={"holders": tuple(holders), "positions": tuple(positions), "questions": questions}
        )


def _find_holder(holders: list[GoldHolder], name: str) -> str:
    """Return the id of the holder with this name; a new one is added to ``holders``."""
    for holder in holders:
        if normalize(name) in map(normalize, filter(None, (holder.name, *holder.aliases))):
            return holder.id
    known = {holder.id for holder in holders}
    number = next(number for number in range(1, len(holders) + 2) if f"R{number}" not in known)
    holders.append(GoldHolder(id=f"R{number}", name=name))
    return f"R{number}"


def _key(brief: Brief, position: Position) -> str:
    names = [f"{holder.name} {holder.role}" for holder in map(brief.holder, position.holders)]
    proposition = [issue.proposition for issue in brief.issues if issue.id == position.issue]
    numbers = [str(evidence.sentence) for evidence in position.evidence]
    parts = (brief.article.sha256, position.statement, position.stance, *names, *proposition, *numbers)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _read(path: Path) -> Iterator[Verdict]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}.") from error
    for number, line in enumerate(text.removesuffix("\n").split("\n") if text else [], 1):
        try:
            yield Verdict.model_validate_json(line)
        except ValidationError as error:
            field, message = describe_fault(error)
            hint = "Delete the line; its position is then asked for again."
            raise ConfigurationError(
                f"{path}, line {number}: not a verdict: {field or 'JSON'}: {message}.", hint=hint
            ) from error
