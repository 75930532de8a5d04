"""Find actors' changes of position on issues, from statements on both sides or from sentences that report one.

docs/changes.md has the rules and what the confidence means. The changes are kept in the store; they are found anew only
for the pairs of an actor and an issue that new briefs touch.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache, partial
from itertools import groupby, pairwise
from statistics import fmean

from summarizer._patterns import compile_lazily
from summarizer.brief import Stance
from summarizer.dossier.issue_words import IssueWords, beginnings_of, read_issue_words
from summarizer.dossier.told_matters import names_matter, words_after_cue
from summarizer.dossier.turn_words import TurnKind
from summarizer.dossier.turns import is_of_degree
from summarizer.dossier.types import TURNED, Change
from summarizer.dossier.windows import parse_day
from summarizer.dossier.wording import read_content, read_wish
from summarizer.store import Database, insert

_EACH_SIDE = 2  # articles that a change by statements alone needs on each side
_RUN = 2  # articles that one correction can cancel
_CORRECTED_WITHIN = timedelta(days=60)
_ACTORS_AT_ONCE = 200  # actors whose statements are in memory at once
_LEAST_MATCH = 0.5  # score from which on a sentence is about an issue
_LEAST_SHARED = 2  # words that the sentence shares with an issue on which the actor has no statement
_LINK = compile_lazily(r"^\W*(?:to|of|for|in|behind|from|that|with)\b")
_CITED, _OPPOSITE = 2.0, 1.0  # scores: a position beside the sentence is on the issue; its sides differ around it


@dataclass(frozen=True)
class Point:
    """A statement of an actor on an issue."""

    position: int
    article: int
    day: str
    """The date of the article, in ISO 8601."""
    stance: Stance
    confidence: float = 1.0
    """That it is about the issue and on this side; below 1 where a rule placed it."""


@dataclass(frozen=True)
class Telling:
    """A sentence that tells of a change, or of a correction, and its place in time."""

    kind: TurnKind
    to_stance: Stance | None
    quotation: str
    context: str
    article: int
    day: str
    position: int | None
    """The position that cites the sentence, or else the first one of the actor in the article."""
    issue: str | None = None
    """The issue that its words name, or else that of the position that cites it."""
    is_named: bool = False
    """Whether its words name the issue; then ``to_stance`` is the side on it."""


@dataclass(frozen=True)
class _Side:
    """The side of an actor in one article."""

    article: int
    day: str
    stance: Stance
    position: int
    confidence: float


@dataclass(frozen=True)
class _Found:
    """A change of position; the fields are those of `Change`."""

    day: str
    """The date from which on the new side counts."""
    to_stance: Stance
    before: int
    after: int
    explicit: bool
    confidence: float
    said: str | None = None


def find_changes(
    actor: str, points: Mapping[str, Sequence[Point]], tellings: Sequence[Telling], words: IssueWords
) -> Iterator[Change]:
    """Yield the changes of one actor.

    Args:
        actor: The id of the actor.
        points: The statements of the actor by issue, oldest first.
        tellings: The sentences that tell of changes and corrections, oldest first.
        words: The words of each issue of the dossier, and its proposition. One against its matter turns what a
            sentence tells of the matter.
    """
    corrections = [each for each in tellings if each.kind == "correction"]
    sides = {issue: _cancel(_sides(found), corrections) for issue, found in points.items()}
    told: defaultdict[str, list[Telling]] = defaultdict(list)
    usable = (each for each in tellings if each.kind != "correction" and not _is_corrected(each, corrections))
    for _, group in groupby(usable, key=lambda each: each.article):
        in_article = [(each, _issue_of(each, points, sides, words)) for each in group]
        if any(each.is_named for each, _ in in_article):
            in_article = [pair for pair in in_article if pair[0].is_named or names_matter(pair[0].quotation)]
        directed = [pair for pair in in_article if pair[0].to_stance and pair[1] is not None]
        for each, issue in directed or in_article:  # other sentences of the article are about the same change
            if issue is not None:
                told[issue].append(_towards(each, words.propositions.get(issue, "")))
    for issue in dict.fromkeys([*points, *told]):
        on_sides = sides.get(issue, [])
        silent = list(_silent_changes(on_sides))
        explicit: list[_Found] = []
        for each in told[issue]:
            is_shown = each.to_stance or any(side.day >= each.day for side in on_sides)
            is_retold = not is_shown and any(earlier.day <= each.day for earlier in (*silent, *explicit))
            change = None if is_retold else _told_change(each, on_sides, points.get(issue, ()))
            if change:
                explicit.append(change)
        for found in _merge(silent, explicit, on_sides):
            shown = {name: value for name, value in vars(found).items() if name != "day"}
            yield Change(actor=actor, issue=issue, from_stance=TURNED[found.to_stance], **shown)


def _sides(points: Iterable[Point]) -> list[_Side]:
    """Return the side in each article, where most statements are on one."""
    by_article: dict[int, list[Point]] = {}
    for point in points:
        if point.stance in TURNED:
            by_article.setdefault(point.article, []).append(point)
    found = []
    for article, here in by_article.items():
        stances = Counter(point.stance for point in here)
        (stance, number), *others = stances.most_common()
        if not others or number > others[0][1]:
            first = next(point for point in here if point.stance == stance)
            confidence = max(point.confidence for point in here if point.stance == stance)
            found.append(_Side(article, first.day, stance, first.position, confidence))
    return found


def _cancel(sides: list[_Side], corrections: Iterable[Telling]) -> list[_Side]:
    """Leave out what a later correction takes back.

    A correction concerns the last one or two articles before it, if they are on the other side than the actor is in the
    correction, or was before.
    """
    for correction in corrections:
        before = [index for index, side in enumerate(sides) if side.day <= correction.day]
        within = next((sides[i] for i in before if sides[i].article == correction.article), None)
        run = [index for index in before if sides[index].article != correction.article]
        last = run[-1] if run else None
        if last is None or not _is_near(sides[last].day, correction.day):
            continue
        wrong = [last]
        while len(wrong) < len(run) and sides[run[-len(wrong) - 1]].stance == sides[last].stance:
            wrong.append(run[-len(wrong) - 1])
        earlier = sides[run[-len(wrong) - 1]].stance if len(wrong) < len(run) else None
        right = within.stance if within else earlier
        if right and right != sides[last].stance and len(wrong) <= _RUN:
            sides = [side for index, side in enumerate(sides) if index not in wrong]
    return sides


def _is_corrected(telling: Telling, corrections: Iterable[Telling]) -> bool:
    return any(telling.day <= each.day and _is_near(telling.day, each.day) for each in corrections)


def _is_near(one: str, other: str) -> bool:
    start, end = parse_day(one), parse_day(other)
    return bool(start and end and end - start <= _CORRECTED_WITHIN)


def _silent_changes(sides: Sequence[_Side]) -> Iterator[_Found]:
    """Yield the changes that statements show: two articles in a row, then two on the other side."""
    segments: list[list[_Side]] = []
    pending: list[_Side] = []
    exceptions = 0
    for side in sides:
        if pending and side.stance != pending[0].stance:
            exceptions += len(pending)
            pending = []
        if segments and side.stance == segments[-1][0].stance:
            segments[-1].append(side)
            continue
        pending.append(side)
        if len(pending) == _EACH_SIDE:
            segments.append(pending)
            pending = []
    exceptions += len(pending)
    for before, after in pairwise(segments):
        fewest = min(len({side.day[:10] for side in sides}) for sides in (before, after))
        base = {1: 0.6, 2: 0.7, 3: 0.8}.get(fewest, 0.85)
        purity = 1 - exceptions / (exceptions + len(before) + len(after))
        about = fmean(side.confidence for side in (*before, *after))
        yield _Found(
            day=after[0].day,
            to_stance=after[0].stance,
            before=before[-1].position,
            after=after[0].position,
            explicit=False,
            confidence=round(base * purity * about, 2),
        )


def _told_change(telling: Telling, sides: Sequence[_Side], points: Sequence[Point]) -> _Found | None:
    """Return the change that a sentence tells of, unless the statements around it contradict it."""
    before = [side for side in reversed(sides) if side.day <= telling.day and side.article != telling.article]
    here = [side for side in sides if side.article == telling.article]
    after = [*here, *(side for side in sides if side.day > telling.day)]
    to_stance = telling.to_stance or (after[0].stance if after else None)
    if telling.to_stance is None and before and before[0].stance == to_stance and not _is_settled(after):
        to_stance = None  # what stands in the sentence counts more than a doubtful stance
    if to_stance is None and before:
        to_stance = TURNED[before[0].stance]
    if to_stance is None:
        return None
    is_shown = bool(before) and before[0].stance != to_stance, bool(after) and after[0].stance == to_stance
    if (_is_settled(before) and not is_shown[0]) or (_is_settled(after) and not is_shown[1]):
        return None
    if telling.kind == "now" and not all(is_shown):
        return None
    later = [*(side.position for side in after), *(point.position for point in points if point.day >= telling.day)]
    new = next((position for position in [*later[:1], telling.position] if position is not None), None)
    if new is None:
        return None
    earlier = [*(side.position for side in before), *(each.position for each in points if each.day < telling.day)]
    if all(is_shown):
        sure = 0.95 if min(_streak(before), _streak(after)) >= _EACH_SIDE else 0.9
    else:
        is_likely = telling.to_stance is not None or is_shown[1]
        sure = 0.75 if is_likely and any(is_shown) and not (before and after) else 0.6
    return _Found(
        day=telling.day,
        to_stance=to_stance,
        before=earlier[0] if before else (earlier or [new])[-1],
        after=new,
        explicit=True,
        said=telling.quotation,
        confidence=round(sure - 0.1 * (telling.kind == "now"), 2),
    )


def _is_settled(sides: Sequence[_Side]) -> bool:
    """Return whether the first of some sides is more than one doubtful stance."""
    return bool(sides) and (sides[0].confidence >= 1 or _streak(sides) >= _EACH_SIDE)


def _streak(sides: Iterable[_Side]) -> int:
    """Return the number of articles from the start on that are on one side."""
    found = list(sides)
    return next((index for index, side in enumerate(found) if side.stance != found[0].stance), len(found))


def _merge(silent: Iterable[_Found], told: Iterable[_Found], sides: Sequence[_Side]) -> list[_Found]:
    """Join what is one change: the same direction, and no article on the old side in between."""
    found: list[_Found] = []
    for new in [*told, *silent]:
        twin = next((each for each in found if _is_one(each, new, sides)), None)
        if twin is None:
            found.append(new)
            continue
        found[found.index(twin)] = replace(
            new if twin.explicit and not new.explicit else twin,
            day=min(twin.day, new.day),
            explicit=twin.explicit or new.explicit,
            confidence=max(twin.confidence, new.confidence),
            said=twin.said or new.said,
        )
    return sorted(found, key=lambda each: each.day)


def _is_one(first: _Found, second: _Found, sides: Iterable[_Side]) -> bool:
    early, late = sorted((first.day, second.day))
    old = TURNED[first.to_stance]
    return first.to_stance == second.to_stance and not any(
        side.stance == old and early < side.day < late for side in sides
    )


def _issue_of(
    telling: Telling, points: Mapping[str, Sequence[Point]], sides: Mapping[str, Sequence[_Side]], words: IssueWords
) -> str | None:
    """Return the issue that a sentence is about: the best by its words, its position, and the sides around it.

    The issues of the actor come first; a sentence that names no matter can only be about a single one. Others must
    share two words with a sentence that tells the direction.
    """
    if telling.is_named and telling.to_stance:
        return telling.issue
    own = [
        issue
        for issue in points
        if _told_change(_towards(telling, words.propositions.get(issue, "")), sides[issue], points[issue])
    ]
    common = Counter(beginning for issue in points for beginning in words.beginnings.get(issue, ()))
    quotation, context = beginnings_of(telling.quotation), beginnings_of(telling.context)
    scores = {}
    for issue in points:
        found = words.beginnings.get(issue, set())
        before = [side.stance for side in sides[issue] if side.day < telling.day]
        after = [side.stance for side in sides[issue] if side.day >= telling.day]
        scores[issue] = (
            sum(1 / common[beginning] for beginning in found & quotation)
            + sum(0.5 / common[beginning] for beginning in found & (context - quotation))
            + _CITED * (telling.issue == issue)
            + _OPPOSITE * bool(before and after and before[-1] != after[0])
        )
    best = max(own, key=scores.__getitem__, default=None)
    if telling.to_stance is None and best is not None and scores[best] < max(scores.values()):
        return None  # it tells again of a change on another issue
    if best is not None and scores[best] >= _LEAST_MATCH:
        return best
    if telling.kind == "turn" and len(points) == len(own) == 1 and not names_matter(telling.quotation):
        return best
    if telling.to_stance is None:
        return None
    return words.find_best(quotation, _LEAST_SHARED, without=points)


def _towards(telling: Telling, proposition: str) -> Telling:
    """Return a sentence with its direction on a proposition, which may be against the matter that the sentence names.

    Who drops an opposition to the dam disagrees with "The valley must be spared the dam".
    """
    after = words_after_cue(telling.quotation) if telling.to_stance and not telling.is_named else None
    if not after or not proposition:
        return telling
    wanted = read_wish(_LINK.sub("", after)).signs
    side = sum(sign * wanted.get(term, 0) for term, sign in read_content(proposition).signs.items())
    return replace(telling, to_stance=TURNED[telling.to_stance]) if side < 0 and telling.to_stance else telling


def refresh_changes(database: Database, actors: Collection[str], issues: Collection[str]) -> None:
    """Find the changes of position anew for actors and issues whose statements changed.

    Args:
        database: The store.
        actors: The ids of actors that are new or have new holders.
        issues: The ids of issues that are new or have new wordings.
    """
    if database.is_read_only:
        return
    touched = sorted(_actors_to_refresh(database, actors, issues))
    words = cache(partial(read_issue_words, database))
    for start in range(0, len(touched), _ACTORS_AT_ONCE):
        part = touched[start : start + _ACTORS_AT_ONCE]
        with database.transaction() as connection:
            found = list(_changes_of(database, part, words))
            connection.execute("DELETE FROM changes WHERE actor IN (SELECT value FROM json_each(?))", (_list(part),))
            for change in found:
                row = change.model_dump(exclude={"issue", "explicit"})
                insert(connection, "changes", row | {"dossier_issue": change.issue, "is_explicit": change.explicit})


def _actors_to_refresh(database: Database, actors: Collection[str], issues: Collection[str]) -> set[str]:
    """Return these actors, those with statements on these issues, and those with changes in briefs of old."""
    rows = database.query(
        "SELECT actor FROM holders JOIN position_holders ON holder = holders.id WHERE position IN ("
        "SELECT positions.id FROM issues JOIN positions ON positions.issue = issues.id "
        "WHERE dossier_issue IN (SELECT value FROM json_each(?1)) "
        "UNION SELECT position FROM placements WHERE dossier_issue IN (SELECT value FROM json_each(?1))) "
        "UNION SELECT actor FROM changes JOIN positions ON positions.id IN (before, after) "  # of old briefs
        "WHERE brief NOT IN (SELECT brief FROM current_briefs)",
        _list(issues),
    )
    return {*actors, *(row["actor"] for row in rows if row["actor"] is not None)}


def _changes_of(database: Database, actors: Collection[str], words: Callable[[], IssueWords]) -> Iterator[Change]:
    """Yield the changes of position of actors."""
    tellings = _tellings(database, actors)
    points = _points(database, actors)
    candidates = {
        actor: {issue: found for issue, found in issues.items() if actor in tellings or _may_change(found)}
        for actor, issues in points.items()
    }
    on_a_side = (
        each.position
        for issues in candidates.values()
        for found in issues.values()
        for each in found
        if each.stance in TURNED
    )
    unusable = unusable_positions(database, on_a_side)
    issue_words = words() if tellings else IssueWords()
    for actor in dict.fromkeys([*candidates, *tellings]):
        issues = candidates.get(actor, {})
        usable = {
            issue: [each for each in found if each.position not in unusable or each.stance not in TURNED]
            for issue, found in issues.items()
        }
        yield from find_changes(actor, usable, tellings.get(actor, ()), issue_words)


def _may_change(points: Iterable[Point]) -> bool:
    """Return whether the statements of an actor are on each side in enough articles."""
    articles = Counter[str](stance for _, stance in {(point.article, point.stance) for point in points})
    return all(articles[stance] >= _EACH_SIDE for stance in TURNED)


def _points(database: Database, actors: Collection[str]) -> Mapping[str, Mapping[str, list[Point]]]:
    """Return the dated statements on an issue by actor and issue, oldest first."""
    points: defaultdict[str, defaultdict[str, list[Point]]] = defaultdict(lambda: defaultdict(list))
    for actor, issue, *values in database.query(
        "SELECT actor, dossier_issue, position, article, date, stance, iif(position IN (SELECT position FROM "
        "placements), min(confidence, 0.9), confidence) FROM positions_view WHERE position IN (SELECT position FROM "
        "holders JOIN position_holders ON holder = holders.id WHERE holders.actor IN (SELECT value FROM "
        "json_each(?1))) AND actor IN (SELECT value FROM json_each(?1)) AND date IS NOT NULL AND dossier_issue IS NOT "
        "NULL ORDER BY date, (SELECT sha256 FROM articles WHERE id = article), position",
        _list(actors),
    ):
        points[actor][issue].append(Point(*values))
    return points


def corrected_positions(database: Database, actors: Collection[str]) -> set[int]:
    """Return the positions of actors that a later correction takes back."""
    found: set[int] = set()
    points = _points(database, actors)
    for actor, tellings in _tellings(database, actors).items():
        corrections = [each for each in tellings if each.kind == "correction"]
        for each in points[actor].values() if corrections else ():
            sides = _sides(each)
            gone = {(side.article, side.stance) for side in set(sides) - set(_cancel(sides, corrections))}
            found |= {point.position for point in each if (point.article, point.stance) in gone}
    return found


def _tellings(database: Database, actors: Collection[str]) -> Mapping[str, list[Telling]]:
    """Return the sentences that tell of changes and corrections by actor, oldest first."""
    found: defaultdict[str, list[Telling]] = defaultdict(list)
    for actor, *values in database.query(
        "SELECT holders.actor, turns.kind, coalesce(turns.stance, to_stance), turns.quotation, context, "
        "current_briefs.article, published, coalesce(told, turns.position, (SELECT min(position) FROM position_holders "
        "WHERE holder = holders.id)), coalesce(turns.dossier_issue, (SELECT dossier_issue FROM positions_view WHERE "
        "position = coalesce(told, turns.position))), turns.stance IS NOT NULL FROM turns JOIN current_briefs USING "
        "(brief) JOIN articles ON articles.id = current_briefs.article JOIN holders ON holders.id = turns.holder WHERE "
        "holders.actor IN (SELECT value FROM json_each(?)) AND published IS NOT NULL "
        "ORDER BY published, sha256, turns.id",
        _list(actors),
    ):
        found[actor].append(Telling(*values))
    return found


def unusable_positions(database: Database, positions: Iterable[int]) -> set[int]:
    """Return the positions that a check refutes, or that are about more or less of what their issue is about.

    Who says "The toll should not be raised" is not against the toll.
    """
    rows = database.query(
        "SELECT position, positions_view.quotation, positions_view.issue, speaker = 'contradicted' OR support = "
        "'unsupported' FROM positions_view JOIN positions ON positions.id = position WHERE position IN (SELECT value "
        "FROM json_each(?))",
        _list(positions),
    )
    is_other = {number: is_of_degree(text) and not is_of_degree(issue or "") for number, text, issue, _ in rows}
    return {number for number, _, _, is_refuted in rows if is_refuted or is_other[number]}


def _list(values: Iterable[str | int]) -> str:
    """Return values as the parameter of the function json_each of SQLite."""
    return json.dumps(sorted(values))
