"""Link people: full names and their spellings, namesakes, surnames."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import combinations, product

from rapidfuzz.distance import OSA

from summarizer.attribution import FIELDS, GIVEN_NAMES, TITLES, conflict
from summarizer.dossier.clusters import NAMESAKE_PHRASES, Cluster, Linking, Texts
from summarizer.dossier.mentions import (
    EASTERN,
    SURNAME_FIRST,
    TITLED_FIELDS,
    VAGUE_LEADS,
    Mention,
    Words,
    are_related,
    fold_spelling,
)
from summarizer.dossier.types import Verdict
from summarizer.dossier.windows import parse_day
from summarizer.merging import FullNames, name_words

_MAX_BLOCK = 300
"""Names with one given name and one initial that are compared with one another; more say that the store is huge."""
_SURE_LENGTH = 6  # letters: of two longer surnames that differ in one letter, one may be misspelt
_RARE, _FREQUENT = 2, 3  # articles with a slip of the pen at most, and with the right spelling at least
_LONG = 8
_NEW_CAREER = 400  # days after which who had one full-time work may have another
_CLEAR = 0.2  # by how much more a mention fits one of two namesakes whom the names near it tell
_VOWELS = str.maketrans("", "", "aeiouy")


def link_full_names(linking: Linking, mentions: Sequence[Mention], fresh: Collection[int], texts: Texts) -> None:
    """Link people with given name and surname. Names that no fresh mention has keep their actors."""
    full = FullNames({mention.words for mention in mentions})
    groups: defaultdict[Words, list[Mention]] = defaultdict(list)
    for mention in mentions:
        words = full.fullest[mention.words]
        if any(token.lower() in EASTERN for token in mention.name.split()):
            words = *words[:-1], re.sub("(?<![cksz])h", "g", words[-1])  # "Hrytsenko" is Gritsenko in Russian
        short = len(words[-1]) < _SURE_LENGTH  # Nowak and Novak are two surnames
        last = "w".join(map(fold_spelling, words[-1].split("w"))) if short else fold_spelling(words[-1])
        groups[*map(fold_spelling, words[:-1]), last].append(mention)
    told = {words for words, part in groups.items() if any(mention.id in fresh for mention in part)}
    kept: dict[str | None, Cluster] = {}
    for variants in _join_variants(linking, groups, told):
        part = [mention for words in variants for mention in groups[words]]
        if told.isdisjoint(variants):
            for mention in part:
                kept[mention.actor] = kept.get(mention.actor) or linking.create()
                linking.place(kept[mention.actor], mention)
        else:
            _create_clusters(linking, part, texts)


def _join_variants(
    linking: Linking, groups: dict[Words, list[Mention]], told: Collection[Words]
) -> Iterable[list[Words]]:
    """Return the names in lists: each list has the spellings of one name. Only those told are compared with others."""
    root: dict[Words, Words] = {}
    joined: defaultdict[Words, list[Words]] = defaultdict(list)

    def find(words: Words) -> Words:
        while words in root:
            words = root[words]
        return words

    blocks: defaultdict[tuple[str, str], list[Words]] = defaultdict(list)
    for words in sorted(groups):
        blocks[words[0], words[-1][:1]].append(words)
        blocks["", words[-1]].append(words)
    for (given, _), block in blocks.items():
        if len(block) > _MAX_BLOCK:
            continue
        for place, one in enumerate(block):
            for other in block[place + 1 :]:
                if find(one) == find(other) or not (one in told or other in told):
                    continue
                distance = _distance(one, other, of_surname=bool(given))
                verdict = distance and _compare(groups[one], groups[other], distance, min(len(one[-1]), len(other[-1])))
                is_long = bool(given) or min(len(one[0]), len(other[0])) >= _LONG
                is_long = is_long or (_differ_in_a_vowel(one[0], other[0]) and _share_role(groups[one], groups[other]))
                spellings = [[find(each), *joined[find(each)]] for each in (one, other)]
                is_close = all(_distance(*pair, of_surname=bool(given)) for pair in product(*spellings))
                if verdict == "same" and is_long and is_close:  # no chain of names that differ a little each
                    joined[find(one)] += spellings[1]
                    root[find(other)] = find(one)
                elif verdict:
                    verdict = "different" if verdict == "different" else "unsure"
                    reason = f"The names differ by {distance} letter{'s' if distance and distance > 1 else ''}."
                    linking.note(groups[other][0], groups[one][0], verdict, reason)
    lists: defaultdict[Words, list[Words]] = defaultdict(list)
    for words in sorted(groups):
        lists[find(words)].append(words)
    return lists.values()


def _distance(one: Words, other: Words, *, of_surname: bool) -> int | None:
    """Return the number of letters by which two spellings of a name differ; None if they are two names."""
    first, second = (one[-1], other[-1]) if of_surname else (one[0], other[0])
    rest = one[1:-1] != other[1:-1] and one[1:-1] and other[1:-1]
    shorter = min(len(first), len(second))
    is_cut = first.startswith(second) or second.startswith(first)  # "Feld", "Feldt"
    if rest or shorter < (4 if is_cut else _SURE_LENGTH - 1) or first[0] != second[0]:
        return None
    distance = OSA.distance(first, second, score_cutoff=2)
    return distance if 0 < distance <= (2 if shorter >= _LONG else 1) else None


def _compare(one: Sequence[Mention], other: Sequence[Mention], distance: int, length: int) -> str:
    """Return whether the bearers of two similar names are one person."""
    first, second = Cluster(), Cluster()
    for cluster, mentions in ((first, one), (second, other)):
        for mention in mentions:
            cluster.add(mention, is_decided=False)
    sexes = {*(first.sexes or first.given_sexes), *(second.sexes or second.given_sexes)}
    if first.articles & second.articles or not _may_be_one(first, second) or len(sexes) > 1:
        return "different"
    if any(are_related(word, known) for word in first.context for known in second.context):
        return "same"
    rare, frequent = sorted((first, second), key=lambda cluster: len(cluster.articles))
    is_slip = len(rare.articles) <= _RARE and len(frequent.articles) >= _FREQUENT and not rare.context
    is_near = not (rare.context and frequent.context) or bool({*rare.fields} & {*frequent.fields})
    is_slip |= is_near and _differ_in_a_vowel(one[0].words[-1], other[0].words[-1])
    return "same" if is_slip and distance == 1 and length >= _SURE_LENGTH else "unsure"


def _share_role(one: Iterable[Mention], other: Iterable[Mention]) -> bool:
    nouns = [{office.noun for mention in part for office in mention.offices} for part in (one, other)]
    return not nouns[0].isdisjoint(nouns[1])


def _differ_in_a_vowel(one: str, other: str) -> bool:
    """Return whether two spellings have the same consonants, as "Halvorsen" and "Halvorson" do."""
    return one.translate(_VOWELS) == other.translate(_VOWELS)


def _may_be_one(one: Cluster | Mention, other: Cluster | Mention) -> bool:
    """Return whether neither sex nor field of work speak against one person."""
    sexes = {*one.sexes, *other.sexes}
    if isinstance(one, Mention) and isinstance(other, Cluster) and not other.sexes and one.sexes:
        sexes |= other.given_sexes
    is_past = isinstance(one, Mention) and isinstance(other, Mention) and (one.is_past or other.is_past)
    is_apart = (  # "General Hill" is not the spokesman Tom Hill
        isinstance(one, Mention)
        and isinstance(other, Cluster)
        and "military" in one.fields - other.fields
        and any(office.noun not in VAGUE_LEADS for _, office in other.offices)
    )
    fit = is_past or not conflict(frozenset(one.fields), frozenset(other.fields))
    return len(sexes) < 2 and fit and not is_apart


def _create_clusters(linking: Linking, mentions: list[Mention], texts: Texts) -> None:
    """Create the clusters of a full name: one, or several for namesakes."""
    mentions.sort(key=lambda mention: (mention.date, *mention.age))
    parts, doubtful = _split_namesakes(mentions, texts)
    for part in parts:
        seeds: list[Cluster] = []
        for mention in sorted(part, key=lambda each: each.key in linking.pins and 1 + (each.key in linking.pins.odd)):
            allowed = [each for each in seeds if linking.allows(each, [mention])]
            allowed.sort(key=lambda each: (mention.words not in each.names, not each.keys.isdisjoint(linking.pins.odd)))
            if not allowed:
                seeds.append(linking.create())
            reason = "The names are equal." if mention.words == part[0].words else "The names are two forms of one."
            linking.join((allowed or seeds[-1:])[0], mention, reason)
    for part in parts[1:]:
        work = {FIELDS.get(name) == name for each in (*part, *parts[0]) for name in each.fields}
        days = [frozenset().union(*(each.days for each in mentions)) for mentions in (part, parts[0])]
        is_guess = work == {True} or (  # a welder may be called a carpenter
            all(days)
            and days[0].isdisjoint(days[1])
            and all(_may_be_one(one, other) for one in _samples(part) for other in _samples(parts[0]))
        )
        verdict: Verdict = "unsure" if is_guess else "different"
        linking.note(part[0], parts[0][0], verdict, "They bear one name, but have other work.")
    members = [{each.id for each in part} for part in parts]
    for mention in doubtful:
        for part, ids in zip(parts, members, strict=True):
            if mention.id not in ids:
                linking.note(mention, part[0], "unsure", "Little tells which of several people of this name is meant.")


def _split_namesakes(mentions: Sequence[Mention], texts: Texts) -> tuple[list[list[Mention]], list[Mention]]:
    """Return the mentions of one name by person, and those whose person is a guess."""
    samples = list(_samples(mentions))
    rivals = [
        one for one in mentions if (one.fields or one.sexes) and any(not _may_be_one(one, other) for other in samples)
    ]
    told = {one.article for one in mentions if one.is_namesake}
    rivals += [one for one in mentions if one.article in told and one not in rivals]
    past = {name for mention in mentions if mention.is_past for name in mention.fields}
    if any(mention.fields & past for mention in rivals):
        rivals = []
    told_apart = [] if rivals else _split_told(mentions, texts)
    if len(told_apart) > 1:
        return told_apart, []
    rivals = rivals or _find_busy(mentions)
    parts: list[Cluster] = []
    for mention in rivals:
        fitting = [
            each
            for each in parts
            if _may_be_one(mention, each) and not _is_beside(mention, each) and not _are_busy(mention, each)
        ]
        part = next((each for each in fitting if mention.fields & each.fields), (*fitting, None)[0])
        if part is None:
            parts.append(part := Cluster())
        part.add(mention, is_decided=False)
    if len(parts) < 2:
        return [list(mentions)], []
    assigned, doubtful = set(rivals), []
    others = [mention for mention in mentions if mention not in assigned]
    near = {part: _names_near(part.mentions, texts) for part in parts}
    for is_last in (False, True):  # those whom the names near them tell, then the others
        known = [(part, frozenset(part.context | part.fields)) for part in parts]
        rest = []
        for mention in others:
            names = _names_near([mention], texts)
            scores = {part: _affinity(mention, part, words, texts) for part, words in known}
            for part in parts:
                elsewhere = (near[other] for other in parts if other is not part)
                scores[part] += len(names & near[part].difference(*elsewhere)) / (1 + len(names))
            best = max(parts, key=lambda part: (scores[part], len(part.mentions)))
            second = sorted(scores.values())[-2]
            if not is_last and scores[best] < second + _CLEAR:
                rest.append(mention)
                continue
            if second == scores[best]:
                doubtful.append(mention)
            best.add(mention, is_decided=False)
            near[best] |= names
        others = rest
    return [sorted(part.mentions, key=lambda each: (each.date, *each.age)) for part in parts], doubtful


def _find_busy(mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions with work that fills the days, if those of one name do two kinds of it at one time."""
    busy = [mention for mention in mentions if mention.days]
    if any(mention.is_past or (len(mention.days) > 1 and len(mention.offices) > 1) for mention in mentions):
        return []  # "a farmer and minister"
    dates: defaultdict[frozenset[str], list[date | None]] = defaultdict(list)
    for mention in busy:
        dates[mention.days].append(parse_day(mention.date))
    for (one, ours), (other, theirs) in combinations(dates.items(), 2):  # of each, the oldest is first
        gaps = ((later[0], earlier[-1]) for later, earlier in ((ours, theirs), (theirs, ours)))
        if one.isdisjoint(other) and not any(a and b and (a - b).days > _NEW_CAREER for a, b in gaps):
            return busy
    return []


def _are_busy(mention: Mention, part: Cluster) -> bool:
    """Return whether two bearers of a name do work that one person does not do at one time: a minister, a fisherman."""
    return bool(mention.days and part.days) and mention.days.isdisjoint(part.days)


def _is_beside(mention: Mention, part: Cluster) -> bool:
    """Return whether an article has a namesake apart: "Ivan Petrov" and "Ivan Petrov (plumber)"."""
    return mention.article in part.articles and any(
        each.article == mention.article and each.is_namesake != mention.is_namesake for each in part.mentions
    )


def _names_near(mentions: Iterable[Mention], texts: Texts) -> set[str]:
    """Return the other names beside a name: its bearer's party, university or town."""
    return {
        name
        for mention in mentions
        for name in texts.names_near(mention.article, mention.words[-1])
        if name not in mention.words
    }


def _split_told(mentions: Sequence[Mention], texts: Texts) -> list[list[Mention]]:
    """Return the mentions of one name by person, where an article tells of a namesake: "my namesake on the council"."""
    apart: list[Mention] = []
    for told in mentions:
        if told.article not in texts.with_namesakes or not told.words:
            continue
        others = re.findall(rf"\b(\w+) {re.escape(told.words[-1])}\b", texts.plain(told.article))
        if set(others).difference(told.words, TITLES) & GIVEN_NAMES.keys():
            continue  # "his namesake, Ruth Hill"
        near = sum((texts.around(told.article, phrase) for phrase in NAMESAKE_PHRASES), Counter[str]())
        known = {word for each in mentions if each.article != told.article for word in each.context}
        if told.context and near[told.words[-1]]:
            apart = [each for each in mentions if each is told or _share_context(each, told)]
        elif not told.context and any(are_related(word, other) for word in near for other in known):
            apart = [told]
        if 0 < len(apart) < len(mentions):
            return [[each for each in mentions if each not in apart], apart]
    return [list(mentions)]


def _share_context(one: Mention, other: Mention) -> bool:
    return any(are_related(word, known) for word in one.context for known in other.context)


def _samples(mentions: Sequence[Mention]) -> Iterable[Mention]:
    """Return a mention for each different set of fields and sexes, so that comparing stays linear."""
    return {(mention.fields, mention.sexes, mention.is_past): mention for mention in mentions}.values()


def _affinity(mention: Mention, part: Cluster, words: frozenset[str], texts: Texts) -> float:
    """Return how well a mention of a name fits a bearer, by its role and the words around it."""
    if not _may_be_one(mention, part):
        return -1.0
    shared = sum(any(are_related(word, known) for known in words) for word in mention.context)
    near = texts.around(mention.article, mention.words[-1])
    return 3.0 * shared + sum(any(are_related(word, other) for other in near) for word in words) / (1 + len(words))


class Surnames:
    """People by their surnames and given names."""

    def __init__(self, clusters: Iterable[Cluster]) -> None:
        self._by_surname: defaultdict[str, dict[Cluster, None]] = defaultdict(dict)
        self._by_given: defaultdict[str, dict[Cluster, None]] = defaultdict(dict)
        self._by_middle: defaultdict[str, dict[Cluster, None]] = defaultdict(dict)
        self._by_start: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._by_words: defaultdict[Words, dict[Cluster, None]] = defaultdict(dict)
        for cluster in clusters:
            for words in cluster.names:
                surname = fold_spelling(words[-1])
                self._by_surname[surname][cluster] = None
                given = self._by_surname if words[0] in SURNAME_FIRST else self._by_given
                given[fold_spelling(words[0])][cluster] = None
                for word in words[1:-1]:
                    self._by_middle[fold_spelling(word)][cluster] = None
                self._by_start[surname[:2]][surname] = None
                self._by_words[tuple(map(fold_spelling, words))][cluster] = None

    def find(self, mention: Mention) -> tuple[list[Cluster], str]:
        """Return the people whom a surname or a given name may mean, and the reason."""
        for alias in mention.aliases:
            words = tuple(map(fold_spelling, name_words(alias)))
            if len(words) > 1 and words in self._by_words:
                return list(self._by_words[words]), "The article has the full name."
        word = fold_spelling(mention.words[-1])
        if found := self._by_surname.get(word):
            return list(found), "It is the surname"
        near = [
            surname
            for surname in self._by_start.get(word[:2], ())
            if min(len(surname), len(word)) >= _SURE_LENGTH and OSA.distance(surname, word, score_cutoff=1) == 1
        ]
        if near:
            return [cluster for surname in near for cluster in self._by_surname[surname]], "It is nearly the surname"
        if found := self._by_middle.get(word):
            return list(found), "It is one of the surnames"
        if not mention.sexes and word in self._by_given:
            return list(self._by_given[word]), "It is the given name"
        return [], ""

    def with_surname(self, word: str) -> Iterable[Cluster]:
        """Return the people with a surname."""
        return self._by_surname.get(fold_spelling(word), ())

    def named(self, words: Words, sexes: frozenset[str]) -> list[Cluster]:
        """Return the people with a full name or a surname, of the sex that a title tells."""
        folded = tuple(map(fold_spelling, words))
        found = self._by_words.get(folded) or (self._by_surname.get(folded[0]) if len(folded) == 1 else None) or {}
        return [cluster for cluster in found if not sexes or not cluster.sexes or sexes & cluster.sexes]


def link_surnames(linking: Linking, mentions: Sequence[Mention], people: Surnames, texts: Texts) -> list[Mention]:
    """Link people of whom an article gives one name. Return those who are nobody known."""
    unknown = []
    doubtful: list[tuple[Mention, list[Cluster]]] = []
    for mention in mentions:
        candidates, reason = people.find(mention)
        if not (mention.fields or mention.aliases or _is_named(mention.article, candidates, texts)):
            titles = TITLED_FIELDS.keys() & texts.words(mention.article)  # "General Hill" in the text
            told = (each for each in titles if texts.has(mention.article, (each, *mention.words)))
            mention.fields = frozenset(map(TITLED_FIELDS.__getitem__, told))
        possible = [
            cluster for cluster in candidates if _may_be_one(mention, cluster) and linking.allows(cluster, [mention])
        ]
        if not candidates or (not possible and all(linking.allows(cluster, [mention]) for cluster in candidates)):
            unknown.append(mention)
            continue
        possible = [each for each in possible if not _is_odd(each, possible, mention, linking)]
        apart = [cluster for cluster in possible if mention.article not in cluster.articles]
        if apart and len(apart) == len(possible) - 1:
            possible, reason = apart, f"{reason} of somebody else than the one whom the article has apart, and"
        chosen, why = _choose(mention, possible, texts)
        if chosen:
            linking.join(chosen, mention, f"{reason.rstrip('.')} {why}".strip().rstrip(".") + ".")
        else:
            doubtful.append((mention, possible))
    for mention, possible in doubtful:
        linking.create([mention])
        linking.doubt(mention, possible, "Several people have this name.")
    return unknown


def _is_odd(cluster: Cluster, others: Iterable[Cluster], mention: Mention, linking: Linking) -> bool:
    """Return whether somebody told a bearer of a name apart, who elsewhere is not meant where the others may be."""
    if mention.article in cluster.articles or cluster.keys.isdisjoint(linking.pins.odd):
        return False
    rest = [other for other in others if other.keys.isdisjoint(linking.pins.odd)]
    names, spellings = (
        {tuple(map(fold_spelling, words)) for each in clusters for words in each.names}
        for clusters in (rest, [cluster])
    )
    return not names.isdisjoint(spellings)


def _choose(mention: Mention, candidates: Sequence[Cluster], texts: Texts) -> tuple[Cluster | None, str]:
    """Return which of several people a surname means, and why."""
    if len(candidates) == 1:
        return candidates[0], "of one person"
    appeared = [cluster for cluster in candidates if min(each.date for each in cluster.mentions) <= mention.date]
    candidates = appeared or candidates
    named = [cluster for cluster in candidates if _is_named(mention.article, [cluster], texts)]
    if len(named) == 1:
        return named[0], "of the only one whom the article names"
    shared = Counter(
        {
            cluster: sum(any(are_related(word, known) for known in cluster.context) for word in mention.context)
            + len(mention.fields & cluster.fields)
            for cluster in named or candidates
        }
    )
    if len(named or candidates) == 1:
        return (named or candidates)[0], "of the only one who has appeared until then"
    best = shared.most_common(2)
    if best and best[0][1] and (len(best) == 1 or best[0][1] > best[1][1]):
        return best[0][0], "of the one with this role or affiliation"
    titled = [cluster for cluster in named or candidates if mention.titles & cluster.titles]
    if len(titled) == 1:
        return titled[0], "of the one with this title"
    near = texts.around(mention.article, mention.words[-1])
    fits = Counter(
        {
            cluster: sum(any(are_related(word, other) for other in near) for word in cluster.context)
            for cluster in named or candidates
        }
    )
    best = fits.most_common(2)
    if best and best[0][1] > 1 and best[0][1] > 2 * best[1][1]:
        return best[0][0], "of the one whose role the article tells"
    return None, ""


def _is_named(article: int, clusters: Iterable[Cluster], texts: Texts) -> bool:
    """Return whether an article has the full name of one of several people."""
    return any(texts.has(article, words) for cluster in clusters for words in _plain_names(cluster))


def _plain_names(cluster: Cluster) -> Iterable[Words]:
    return {tuple(name_words(mention.name)) for mention in cluster.mentions if mention.form == "full name"}


def link_unknown_surnames(linking: Linking, mentions: Sequence[Mention]) -> None:
    """Join the mentions of a surname without a full name: one person, or one each for Mr and Mrs."""
    by_name: defaultdict[str, list[Cluster]] = defaultdict(list)
    for mention in sorted(mentions, key=lambda each: (not each.sexes, each.date, *each.age)):
        if mention.kind == "unnamed":  # a noun, perhaps
            linking.create([mention])
            continue
        known = by_name[fold_spelling(mention.words[-1])]
        fitting = [each for each in known if _may_be_one(mention, each) and linking.allows(each, [mention])]
        if len(fitting) == 1:
            linking.join(fitting[0], mention, "The names are equal.")
            continue
        linking.doubt(mention, fitting, "Several people have this name.")
        known.append(linking.create([mention]))
