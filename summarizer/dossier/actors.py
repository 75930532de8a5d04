"""Link the holders of many briefs to actors, by rules."""

import json
import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter

from summarizer._text import letter_variants
from summarizer.attribution import GIVEN_NAMES
from summarizer.dossier.bodies import (
    Bodies,
    body_words,
    initials,
    link_bodies,
    link_described,
    link_groups,
    name_beside,
)
from summarizer.dossier.clusters import Cluster, Linking, Note, Texts
from summarizer.dossier.decision_log import DecisionLog
from summarizer.dossier.identifiers import Identifiers, decision_key
from summarizer.dossier.mentions import (
    GENERIC_BODIES,
    LEADS,
    SYNONYMS,
    Form,
    Mention,
    fold_spelling,
    is_acronym,
    read_mention,
)
from summarizer.dossier.offices import OfficeHolders, link_offices
from summarizer.dossier.people import Surnames, link_full_names, link_surnames, link_unknown_surnames
from summarizer.dossier.tables import SUPERSEDED, is_small
from summarizer.store import Database, insert

_PREFIX = 3
"""Letters of a surname by which holders are looked up; spellings of one name have them in common."""
_PERSON_FORMS = frozenset({"full name", "surname"})
_WEAK = frozenset({"surname", "office"})
"""Forms that are linked again when a new brief shows more about whom they may mean."""
_BEST_FORMS: Sequence[Form] = ("full name", "body", "surname", "group", "document", "office", "unnamed")
_MAX_FRESH = 400
"""New holders that are compared with those that share a word; more are compared with all."""
_MENTIONS = (
    "SELECT holders.id, holders.actor, holders.name, holders.kind, holders.role, holders.affiliation, holders.aliases, "
    "holders.key AS given_id, holders.given, articles.id AS article, articles.sha256, articles.published AS date "
    "FROM holders JOIN briefs ON briefs.id = holders.brief JOIN articles ON articles.id = briefs.article "
)
_ORDER = f" AND NOT {SUPERSEDED} ORDER BY articles.published, articles.sha256, holders.id"
_ALL = f"{_MENTIONS} WHERE TRUE{_ORDER}"
_RELATED = (
    "WITH related AS (SELECT rowid AS id FROM holders_fts WHERE holders_fts MATCH ?1), "  # noqa: S608
    "known AS (SELECT actor FROM holders WHERE id IN related "
    "UNION SELECT actor FROM holders WHERE given AND key IN (SELECT value FROM json_each(?2))) "
    f"{_MENTIONS} WHERE (actor IS NULL OR actor IN known OR holders.id IN (SELECT value FROM json_each(?3))){_ORDER}"
)
_FRESH = f"{_MENTIONS} WHERE (actor IS NULL OR holders.id IN (SELECT value FROM json_each(?))){_ORDER}"  # noqa: S608

_COUNT_FRESH = (
    "SELECT count(*) FROM holders JOIN briefs ON briefs.id = holders.brief "  # noqa: S608
    f"WHERE (actor IS NULL OR holders.id IN (SELECT value FROM json_each(?))) AND NOT {SUPERSEDED}"
)
_IS_NEW = (
    "SELECT 1 FROM holders JOIN briefs ON briefs.id = holders.brief "  # noqa: S608
    f"WHERE actor IS NULL AND NOT {SUPERSEDED} LIMIT 1"
)
_SUPERSEDED = (
    "SELECT holders.id, actor, sha256, coalesce(name, role, kind) AS words FROM briefs "  # noqa: S608
    "CROSS JOIN holders ON holders.brief = briefs.id JOIN articles ON articles.id = briefs.article "
    f"WHERE actor IS NOT NULL AND {SUPERSEDED}"
)


def link_actors(database: Database, *, again: Collection[int] = (), rebuild: bool = False) -> set[str]:
    """Link the holders without an actor, and return the ids of new and changed actors.

    Args:
        database: The store's file.
        again: Ids of holders that are linked anew, as after a person's decision.
        rebuild: Whether all are linked anew.
    """
    with database.transaction() as connection:  # what others linked in the meantime is read
        left = connection.execute(_SUPERSEDED).fetchall()
        connection.executemany("UPDATE holders SET actor = NULL WHERE id = ?", [(row["id"],) for row in left])
        if not (rebuild or again or left or connection.execute(_IS_NEW).fetchone()):
            return set()
        former = {decision_key(row["sha256"], row["words"]): row["actor"] for row in left}
        return _link_in(connection, database, again, former, rebuild=rebuild).union(former.values())


def _link_in(
    connection: sqlite3.Connection,
    database: Database,
    again: Collection[int],
    former: Mapping[str, str],
    *,
    rebuild: bool,
) -> set[str]:
    is_whole = rebuild or is_small(database)
    mentions = list(_read_mentions(database, again, is_whole=is_whole))
    fresh: Collection[int] = range(sys.maxsize)  # all, without a set of their ids
    if not is_whole and any(mention.actor for mention in mentions):
        fresh = {mention.id for mention in mentions if mention.actor is None}.union(again)
    linked_anew = fresh
    if isinstance(fresh, set):
        keys = {key for mention in mentions if mention.id in fresh for key in _make_keys(mention)}
        weak = (mention for mention in mentions if mention.form in _WEAK and mention.id not in fresh)
        linked_anew = fresh.union(mention.id for mention in weak if not keys.isdisjoint(_make_keys(mention)))
    linking = Linking(DecisionLog(database).pins("actor"))
    _link_mentions(linking, mentions, linked_anew, Texts(database))
    return _save_actors(connection, database, linking, fresh, None if rebuild else former)


def _read_mentions(database: Database, again: Collection[int], *, is_whole: bool) -> Iterator[Mention]:
    """Yield the new mentions and those of the actors with which they may be compared, or all."""
    ids = json.dumps(sorted(again))
    is_small_part = not is_whole and database.query(_COUNT_FRESH, ids)[0][0] <= _MAX_FRESH
    fresh = list(map(read_mention, database.query(_FRESH, ids))) if is_small_part else []
    if not is_small_part:
        yield from map(read_mention, database.stream(_ALL))
        return
    given = json.dumps([mention.given_id for mention in fresh if mention.given_id])
    words = {word for mention in fresh for word in _search_words(mention)}
    surnames = {mention.words[-1] for mention in fresh if mention.form in _PERSON_FORMS}
    for _ in range(2):  # the second time with the bodies of people whom the new briefs name
        rows = database.query(_RELATED, " OR ".join(sorted(words)) or '""', given, ids)
        found = list(map(read_mention, rows))
        people = (each for each in found if each.form in _PERSON_FORMS and each.words[-1] in surnames)
        affiliations = {each.affiliation for each in people if each.affiliation}
        more = {word for name in affiliations for word in _body_terms(name)} - words
        if not more:
            break
        words |= more
    yield from found


def _search_words(mention: Mention) -> Iterator[str]:
    """Yield the words by which the full-text search finds the holders with whom one is compared."""
    if mention.form in _PERSON_FORMS:
        yield from (f'{{name aliases}} : "{form}"*' for form in letter_variants(mention.words[-1][:_PREFIX]))
    if mention.form in ("body", "surname", "group", "document"):
        yield from _body_terms(mention.name, mention.aliases)
    for office in mention.offices:
        nouns = LEADS if office.noun in LEADS else {office.noun}
        column = "role" if mention.form == "office" else "name"
        forms = nouns.union(word for word, noun in SYNONYMS.items() if noun in nouns)
        yield from (f'{column} : "{word}"' for word in forms)


def _body_terms(name: str, aliases: Sequence[str] = ()) -> Iterator[str]:
    """Yield search terms for a body: its telling words, or else all, and acronyms."""
    words = set(body_words(name))
    yield from (f'name : "{word[: _PREFIX + 1]}"*' for word in words - GENERIC_BODIES if "government" in words)
    for word in words - GENERIC_BODIES or words:
        yield from (f'name : "{form}"*' for form in (word, *(form for form, one in SYNONYMS.items() if one == word)))
    yield from (f'{{name aliases}} : "{word}"' for word in initials(name, aliases))


def _make_keys(mention: Mention) -> Iterator[tuple[str, str]]:
    """Yield what two mentions of one actor have in common; others may have it, too."""
    if mention.given_id:
        yield "given", mention.given_id
    if mention.form in _PERSON_FORMS:
        yield "person", fold_spelling(mention.words[-1])[:_PREFIX]
        if len(mention.words) > 1:
            yield "person", fold_spelling(mention.words[0])[:_PREFIX]
    body = mention.name if mention.form in ("body", "surname", "group") else mention.affiliation
    if body:
        for word in {*body_words(body), *initials(body, mention.aliases)}:
            yield "body", word
    for office in mention.offices:
        yield "office", office.noun
        if office.noun in LEADS:
            yield "office", "lead"
    if mention.form in ("group", "document"):
        yield mention.form, " ".join(mention.words)


def _link_mentions(linking: Linking, mentions: Sequence[Mention], fresh: Collection[int], texts: Texts) -> None:
    """Put mentions into clusters: strong names first, then what is short for them."""
    given = _link_given(linking, mentions)
    forms: defaultdict[str, list[Mention]] = defaultdict(list)
    kept: defaultdict[str, list[Mention]] = defaultdict(list)  # by actor; weak forms that are not linked anew
    for mention in mentions:
        if mention.id in given:
            continue
        if mention.form in _WEAK and mention.id not in fresh:
            kept[mention.actor or ""].append(mention)
        else:
            forms[mention.form].append(mention)
    bodies = link_bodies(linking, [*forms["body"], *name_beside(mentions, texts)], texts)
    people, misread = _split(forms["full name"], lambda mention: not _is_body(mention, bodies))
    _join_bodies(linking, misread, bodies)
    link_full_names(linking, people, fresh, texts)
    _keep_links(linking, kept)
    linking.apply_same()
    link_described(linking, bodies, texts)
    surnames = Surnames(linking.clusters)
    unknown = link_surnames(linking, forms["surname"], surnames, texts)
    unknown, misread = _split(unknown, lambda mention: not _find_body(mention, bodies))
    _join_bodies(linking, misread, bodies)
    link_unknown_surnames(linking, unknown)
    link_groups(linking, [*forms["group"], *forms["document"]], bodies)
    linking.apply_same()
    told = {office for mention in forms["office"] for office in mention.offices}
    link_offices(linking, forms["office"], OfficeHolders(linking, surnames, bodies, texts, told))
    unnamed: dict[tuple[int, str], Cluster] = {}
    for mention in forms["unnamed"]:
        if own := unnamed.get((mention.article, mention.key)):
            linking.join(own, mention, "It is one unnamed holder of one article.")
        else:
            unnamed[mention.article, mention.key] = linking.create([mention])
    linking.apply_same()


def _link_given(linking: Linking, mentions: Iterable[Mention]) -> set[int]:
    """Link the holders of a codebook by their ids."""
    clusters: dict[str, Cluster] = {}
    found = set()
    for mention in mentions:
        if mention.given_id:
            cluster = clusters.get(mention.given_id) or clusters.setdefault(mention.given_id, linking.create())
            linking.join(cluster, mention, "The codebook gives them one id.")
            found.add(mention.id)
    return found


def _split(mentions: Iterable[Mention], condition: Callable[[Mention], bool]) -> tuple[list[Mention], list[Mention]]:
    """Return the mentions that meet a condition, and the others."""
    yes: list[Mention] = []
    no: list[Mention] = []
    for mention in mentions:
        (yes if condition(mention) else no).append(mention)
    return yes, no


def _is_body(mention: Mention, bodies: Bodies) -> bool:
    """Return whether an engine took a body's name for a person's."""
    return mention.words[0] not in GIVEN_NAMES and _find_body(mention, bodies) is not None


def _join_bodies(linking: Linking, mentions: Iterable[Mention], bodies: Bodies) -> None:
    for mention in mentions:
        mention.form = "body"
        body = _find_body(mention, bodies)
        target = body if body and linking.allows(body, [mention]) else linking.create()
        linking.join(target, mention, "A body has this name.")


def _find_body(mention: Mention, bodies: Bodies) -> Cluster | None:
    if mention.sexes or mention.role:
        return None
    longer = bodies.longer(mention.name)
    found = bodies.equal(mention.name) or (longer[0] if len(longer) == 1 else None)
    if found is None and is_acronym(mention.name) and len(known := bodies.with_acronym(mention.name)) == 1:
        return known[0]
    return found


def _keep_links(linking: Linking, kept: dict[str, list[Mention]]) -> None:
    """Put mentions that are not linked anew to the others of their actors."""
    clusters: defaultdict[str, Counter[Cluster]] = defaultdict(Counter)
    for cluster in linking.clusters:
        for mention in cluster.mentions:
            clusters[mention.actor or ""][cluster] += 1
    for actor, mentions in kept.items():
        found = clusters[actor].most_common(1)
        target = found[0][0] if found else linking.create()
        for mention in mentions:
            linking.place(target, mention)


def _save_actors(
    connection: sqlite3.Connection,
    database: Database,
    linking: Linking,
    fresh: Collection[int],
    former: Mapping[str, str] | None,
) -> set[str]:
    """Write the clusters as actors, and the notes of changed links as decisions.

    ``former`` are the actors that briefs of old gave to keys of holders; without them, all ids are forgotten.
    Clusters without a new mention stay as they are, since only a part of the evidence on them was read.
    """
    touched: set[str] = set()
    changed: set[int] = set()
    forget = former is None
    clusters = sorted((cluster for cluster in linking.clusters if cluster.articles), key=_first)
    if forget:
        connection.execute("UPDATE holders SET actor = NULL")
        connection.execute("DELETE FROM actors")
        connection.execute("DELETE FROM decisions WHERE kind = 'actor' AND made_by = 'rule' AND undone IS NULL")
    ids = {} if former is None else _inherit_ids(clusters, former)
    identifiers = Identifiers(database, "actors")
    for cluster in clusters:
        if not any(mention.id in fresh for mention in cluster.mentions):
            continue
        name, kind = _choose_name(cluster), _choose_kind(cluster)
        if actor := ids.get(cluster):
            connection.execute("UPDATE actors SET name = ?, kind = ? WHERE id = ?", (name, kind, actor))
        else:
            actor = identifiers.create(name)
            insert(connection, "actors", {"id": actor, "name": name, "kind": kind})
        moved = [each for each in cluster.mentions if each.id > 0 and (forget or each.actor != actor)]
        connection.executemany("UPDATE holders SET actor = ? WHERE id = ?", ((actor, each.id) for each in moved))
        changed.update(each.id for each in moved)
        if moved:
            touched.update([actor], () if forget else (each.actor for each in moved if each.actor))
    connection.execute("DELETE FROM actors WHERE NOT EXISTS (SELECT 1 FROM holders WHERE actor = actors.id)")
    apart = {each.id for note in linking.notes if note.verdict != "same" for each in (note.one, note.other)}
    where = {each.id: cluster for cluster in clusters for each in cluster.mentions if each.id in apart}
    notes = [
        note  # unless somebody's decision has made them one all the same
        for note in linking.notes
        if note.verdict == "same" or where[note.one.id] is not where[note.other.id]
    ]
    _write_notes(connection, notes, changed)
    return touched


def _inherit_ids(clusters: Sequence[Cluster], former: Mapping[str, str]) -> dict[Cluster, str]:
    """Return the ids that clusters keep: each actor's id goes to the cluster with most of its full names."""
    votes = []
    for cluster in clusters:
        best = _choose_form(cluster)
        counts, full = Counter[str](), Counter[str]()
        for mention in sorted(cluster.mentions, key=attrgetter("age")):
            if actor := mention.actor or former.get(mention.key):
                counts[actor] += 1
                full[actor] += mention.form == best
        votes += [(full[actor], count, actor, cluster) for actor, count in counts.items()]
    ids: dict[Cluster, str] = {}
    taken: set[str] = set()
    for *_, actor, cluster in sorted(votes, key=lambda vote: vote[:2], reverse=True):
        if actor not in taken and cluster not in ids:
            taken.add(actor)
            ids[cluster] = actor
    return ids


def _write_notes(connection: sqlite3.Connection, notes: Sequence[Note], changed: Collection[int]) -> None:
    """Make the entries of rules equal to the notes, for each holder with a changed link; equal entries stay."""
    wanted = [note for note in notes if note.one.id in changed or note.other.id in changed]
    if len(wanted) < len(notes):
        keys = {note.one.key for note in wanted}
        wanted = [note for note in notes if note.one.key in keys]
    rules = "FROM decisions WHERE kind = 'actor' AND made_by = 'rule' AND undone IS NULL AND one = ?"
    same = f"{rules} AND other = ? AND verdict = ? AND reason = ?"
    if connection.execute("SELECT 1 FROM decisions LIMIT 1").fetchone():
        for key, part in groupby(sorted(wanted, key=_entry), lambda note: note.one.key):
            known = {tuple(row) for row in connection.execute(f"SELECT one, other, verdict, reason {rules}", (key,))}
            connection.executemany(f"DELETE {same}", known.difference(map(_entry, part)))
    now = datetime.now(UTC).isoformat()
    connection.executemany(
        "INSERT INTO decisions (kind, one, other, verdict, made_by, reason, made) "
        f"SELECT 'actor', ?1, ?2, ?3, 'rule', ?4, ?5 WHERE NOT EXISTS (SELECT 1 {same})",
        ((*entry, now, *entry) for entry in map(_entry, wanted)),
    )


def _entry(note: Note) -> tuple[str, str, str, str]:
    return note.one.key, note.other.key, note.verdict, note.reason


def _first(cluster: Cluster) -> tuple[str, str, int]:
    return min(mention.age for mention in cluster.mentions)


def _choose_name(cluster: Cluster) -> str:
    """Return the fullest form of the name; of two spellings, the one that is more frequent."""
    form = _choose_form(cluster)
    mentions = [mention for mention in sorted(cluster.mentions, key=attrgetter("age")) if mention.form == form]
    forms = {mention.name: mention.words for mention in mentions}
    counts = Counter(mention.name for mention in mentions)
    surnames = Counter(mention.words[-1] for mention in cluster.mentions if mention.form in _PERSON_FORMS)

    def rank(name: str) -> tuple[object, ...]:
        words = body_words(name) if form == "body" else forms[name]
        length = len(words) if form in ("full name", "body") else 0
        is_whole = min(map(len, words), default=0) > 1  # no initials
        return is_whole, length, surnames[words[-1]] if words else 0, counts[name], -len(name)

    return max(counts, key=rank)


def _choose_form(cluster: Cluster) -> Form:
    return min((mention.form for mention in cluster.mentions), key=_BEST_FORMS.index)


def _choose_kind(cluster: Cluster) -> str:
    """Return the kind that most briefs give with a full form; "author" only if no brief has another."""
    form = _choose_form(cluster)
    counts = Counter(mention.kind for mention in cluster.mentions if mention.form == form)
    weak = {"author", "unnamed", "person"} if form == "body" else {"author", "unnamed"}
    return max(counts, key=lambda kind: (kind not in weak, counts[kind], kind))
