"""Decide which issue each position is about, and which side of it the position takes."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from summarizer._text import normalized_words
from summarizer.article import Reading, Sentence
from summarizer.attribution import Analysis
from summarizer.brief import Issue, Stance
from summarizer.engines.builtin.deduplication import StatementGroup, content_words
from summarizer.engines.builtin.issues import (
    MAX_ISSUES,
    MIN_RANK,
    REACH,
    Dispute,
    find_claim,
    find_disputes,
    proposals,
)
from summarizer.engines.builtin.lexicon import any_of, word_set
from summarizer.engines.builtin.people import Persons
from summarizer.engines.builtin.phrases import IT, SIDES, Words, read_topic, stem
from summarizer.engines.builtin.stances import Sign, find_signs, is_mixed, is_neutral, judge
from summarizer.merging import negations_and_numbers
from summarizer.spans import quote

_STANCES: dict[int, Stance] = {1: "agrees", -1: "disagrees"}
_DISSENT = re.compile(rf"\b{any_of('dissent')}\b", re.IGNORECASE)
_ASSENT = re.compile(rf"\b{any_of('assent')}\b", re.IGNORECASE)
_CONCESSION = re.compile(rf"\b{any_of('concession')}\b", re.IGNORECASE)
_NOT_EVERYONE = re.compile(
    r"not (?:everyone|everybody|all(?: of \w+)?|all \w+) (?:has |have |is |are |was |were )?(\w+)\b", re.IGNORECASE
)
_ACTORS = frozenset(map(stem, word_set("own_bodies")))
_OPPONENTS, _SUPPORTERS = word_set("opponents"), word_set("supporters")
_REFERENCE = re.compile(r"[“\"‘']*(?:it|this|that|these|he|she|they|to|the \w+|a \w+|under)\b", re.IGNORECASE)
_DEFINITE = re.compile(r"(?:the|this|that|these|those|such)\b|\w+ing\b", re.IGNORECASE)
_CARRY_REACH = 2  # sentences between two positions of one holder
_MAX_SUBJECT = 12  # words before "disagreed"
_BLAMED = re.compile(r"\b(?:accus|alleg|claim|charge|critici|suggest|lied|lie\b|wrong|attack|guilt)", re.IGNORECASE)
_MAX_RESERVATION = 40  # characters after a statement
_RESERVATION = re.compile(r",? but (?:only|wants?|wanted|said|says|considers?|with|call(?:s|ed) for|warn(?:s|ed))\b")
_DEFENDING_ACTS = frozenset({"denied", "rejected"})
_CONCEDING_ACTS = frozenset({"conceded", "asked", "denied", "apologized", "feared", "hoped"})


class Side(NamedTuple):
    """The issue that a position is about, and the stance that it takes."""

    issue: str | None
    stance: Stance


def find_sides(
    reading: Reading, analysis: Analysis, groups: Sequence[StatementGroup]
) -> tuple[tuple[Issue, ...], list[Side]]:
    """Return the issues of an article, and the side of each group of statements."""
    return _Sides(reading, analysis, groups).find()


class _Sides:
    def __init__(self, reading: Reading, analysis: Analysis, groups: Sequence[StatementGroup]) -> None:
        self._reading, self._analysis, self._groups = reading, analysis, groups
        self._signs = {
            number: [(part, sign) for part in group.attributions for sign in find_signs(reading, part)]
            for number, group in enumerate(groups)
        }
        self._starts = list(accumulate((group.parts[0].sentences[0] for group in groups), max))
        self._persons = Persons(reading, analysis)
        for number, pairs in self._signs.items():
            self._signs[number] = [
                (part, sign._replace(topic=self._persons.resolve(part, sign.topic))) for part, sign in pairs
            ]
        for number, group in enumerate(groups):
            self._signs[number] += [
                (part, sign) for part in group.attributions for sign in self._persons.find_attitudes(part)
            ]
        self._texts = [
            " ".join(quote(reading.article.text, part.statement_spans) for part in group.parts) for group in groups
        ]
        self._disputes = find_disputes(reading, analysis, self._signs)
        statements = [(number, part) for number, group in enumerate(groups) for part in group.parts]
        if found := find_claim(reading, analysis, statements):
            subject = found.claim.subject if found.claim and found.claim.has_effect else frozenset()
            self._disputes = [
                found,
                *(each for each in self._disputes if each.kind != "evaluation" or each.topic.head not in subject),
            ]
        self._found: list[dict[int, set[int]]] = [defaultdict(set) for _ in groups]
        """For each position: the sides that it takes, by the index of the dispute."""

        self._actors = _ACTORS | {stem(name.rsplit(maxsplit=1)[-1]) for group in groups for name in _names(group)}
        """The stems of nouns for people and bodies, whom "it" and "the plan" do not mean."""
        self._sided: dict[int, set[int]] = defaultdict(set)
        """For each sentence: the indexes of the disputes of which it takes a side."""
        self._anchors = [
            index
            for index, dispute in enumerate(self._disputes)
            if dispute.is_pending or dispute.claim or dispute.rank >= MIN_RANK
        ]
        """The indexes of the disputes that "it" and "the plan" can mean."""

    def find(self) -> tuple[tuple[Issue, ...], list[Side]]:
        for number in range(len(self._groups)):
            self._read_signs(number)
        self._read_contrasts()
        self._read_allies()
        self._carry_over()
        chosen = self._choose()
        ids = {index: f"I{number}" for number, index in enumerate(chosen, 1)}
        issues = tuple(
            Issue(id=ids[index], proposition=self._disputes[index].proposition, kind=self._disputes[index].kind)
            for index in chosen
        )
        sides = [self._side(number, ids) for number in range(len(self._groups))]
        used = {side.issue for side in sides}
        return tuple(issue for issue in issues if issue.id in used), sides

    def _read_signs(self, number: int) -> None:
        for part, sign in self._signs[number]:
            self._add(number, part.sentences[0], sign)
        self._read_claim(number)
        self._read_name(number)
        self._read_defence(number)
        if is_mixed(self._texts[number]) or self._is_limited(number):
            for index in [*self._found[number]]:
                self._found[number][index] = {1, -1}
        for part in self._groups[number].parts:
            for sentence in part.sentences:
                self._sided[sentence] |= self._found[number].keys()

    def _is_limited(self, number: int) -> bool:
        """Return whether the sentence goes on with the same speaker's reservation: "backs it, but wants …"."""
        part = self._groups[number].parts[0]
        end = max(span.end for span in part.content)
        rest = self._reading.article.text[end : end + _MAX_RESERVATION]
        return any(sign.kind == "side" for _, sign in self._signs[number]) and bool(_RESERVATION.match(rest))

    def _add(self, number: int, sentence: int, sign: Sign) -> None:
        """Give a position the side that a sign in a sentence takes."""
        for index, dispute in enumerate(self._disputes):
            side = self._claim_side(sign, dispute) if dispute.claim else dispute.side_of(sign)
            if side:
                self._found[number][index].add(side)
        if not sign.topic.head and (meant := self._referent(sentence, sign)) is not None:
            dispute = self._disputes[meant]
            side = sign.value if dispute.claim else dispute.side_of_reference(sign)
            if side:
                self._found[number][meant].add(side)

    def _claim_side(self, sign: Sign, dispute: Dispute) -> int:
        """Return the side of a claim that something has an effect, by the weight that the sign gives to it."""
        claim = dispute.claim
        if claim is None or sign.kind != "weight" or not claim.has_effect:
            return 0
        stems = sign.topic.stems
        is_about = (
            sign.topic.head in claim.subject
            or len(stems & claim.words) > 1
            or bool(stems and not sign.topic.head and stems <= claim.words)
        )
        return sign.value if is_about else 0

    def _read_claim(self, number: int) -> None:
        for index, dispute in enumerate(self._disputes):
            claim = dispute.claim
            if claim is None:
                continue
            for part in self._groups[number].parts:
                if part.rule.needs_cue == "always" or part.act == "asked":
                    continue
                words = quote(self._reading.article.text, part.content)
                own = frozenset(map(stem, content_words(words)))
                if len(own & claim.words) * 10 < 7 * len(claim.words):
                    continue
                is_negated = (
                    bool(negations_and_numbers(normalized_words(words)) & {"not", "no", "never", "cannot"})
                    or "n’t" in words
                )
                self._found[number][index].add(-1 if is_negated != part.denied else 1)

    def _read_defence(self, number: int) -> None:
        """Put a person who denies or rejects something on his own side, if the article disputes him."""
        group = self._groups[number]
        is_defence = all(part.denied and part.act in _DEFENDING_ACTS for part in group.parts)
        if self._found[number] or not is_defence or not _BLAMED.search(self._texts[number]):
            return
        names = {frozenset(map(stem, name.split())) for name in _names(group)}
        for index, dispute in enumerate(self._disputes):
            if dispute.topic.is_name and dispute.topic.stems in names:
                self._found[number][index].add(1)

    def _read_name(self, number: int) -> None:
        """Read the side that a holder's description tells: "opponents of the toll", "critics"."""
        part = self._groups[number].parts[0]
        for holder in part.holders:
            words = Words(holder.name)
            for at, word in enumerate(words.lower):
                value = -1 if word in _OPPONENTS else 1 if word in _SUPPORTERS else 0
                if not value:
                    continue
                topic = read_topic(words, at + 1, len(words.raw)) if at + 1 < len(words.raw) else IT
                if topic is IT and (value > 0 or len(self._anchors) > 1):
                    continue
                if topic:
                    self._add(number, part.sentences[0], Sign(topic, value * topic.side, "side"))

    def _referent(self, sentence: int, sign: Sign) -> int | None:
        """Return the index of the only dispute that "it", "the plan" or "the closure" can mean."""
        topic = sign.topic
        if topic.is_person:
            return None
        if not topic.is_pronoun and not topic.is_person and not _DEFINITE.match(topic.words) and not topic.stems:
            return None  # "a referendum"
        allowed = {index for index in self._anchors if self._can_be_meant(index, sign)}
        if topic.stems:
            owned = [index for index in allowed if topic.stems <= self._disputes[index].stems]
            return owned[0] if len(owned) == 1 else None
        pending = [index for index in allowed if self._disputes[index].is_pending]
        if topic.is_plan and pending:
            allowed = {index for index in pending if self._disputes[index].is_called(topic.words)}
            pending = [*allowed]
        reach = REACH - topic.is_pronoun
        for number in range(sentence, max(0, sentence - reach - 1), -1):
            if named := self._named_in(number):
                if -1 not in named:
                    named &= allowed
                if len(named) == 1:
                    return None if -1 in named else named.pop()
                if named or not pending:
                    return None
        is_only = len(self._anchors) == 1 and sign.kind == "side"
        return pending[0] if len(pending) == 1 and (topic.is_plan or is_only) and not topic.is_person else None

    def _can_be_meant(self, index: int, sign: Sign) -> bool:
        """Return whether "it" or "the plan" can mean a dispute: not one about an actor; weight suits claims."""
        dispute = self._disputes[index]
        if dispute.topic.is_name or (dispute.topic.head in self._actors and not dispute.is_pending):
            return False
        return (sign.kind == "weight") == bool(dispute.claim) or (
            sign.kind == "weight" and dispute.kind == "evaluation"
        )

    def _named_in(self, number: int) -> set[int]:
        """Return the indexes of the disputes that a sentence names; -1 for another proposal."""
        sentence = self._reading.sentence(number)
        stems = {stem(word) for word in normalized_words(sentence.text)}
        named = {index for index in self._anchors if self._disputes[index].is_named(stems)}
        named |= self._sided[number].intersection(self._anchors)
        heads = {self._disputes[index].topic.head for index in named}
        if any(head not in heads for head in _proposed_heads(sentence.text)):
            named.add(-1)
        return named

    def _read_allies(self) -> None:
        """Give whoever supports another holder the only side of that holder."""
        held: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for group, found in zip(self._groups, self._found, strict=True):
            for name in _names(group):
                held[stem(name.rsplit(maxsplit=1)[-1])] |= {
                    (index, side) for index in found if not self._disputes[index].topic.is_name for side in found[index]
                }
        for number, pairs in self._signs.items():
            for part, sign in pairs:
                sides = held.get(sign.topic.head, set())
                if part.act == "supported" and len(sides) == 1 and not self._found[number] and sign.value > 0:
                    index, side = next(iter(sides))
                    self._found[number][index].add(side)

    def _read_contrasts(self) -> None:
        """Set speakers against or beside the one before, where the article says that they disagree or agree."""
        for sentence in self._reading.sentences:
            if sentence.kind != "prose" or "?" in sentence.text:
                continue
            if match := _NOT_EVERYONE.search(sentence.text):
                self._read_exception(sentence, match)
            elif (match := _DISSENT.search(sentence.text)) or (match := _ASSENT.search(sentence.text)):
                self._read_reply(sentence, match, 1 if _ASSENT.fullmatch(match.group()) else -1)

    def _read_exception(self, sentence: Sentence, match: re.Match[str]) -> None:
        """Read "Not everyone dismissed the offer": whoever speaks next does not."""
        value = SIDES.get(match[1].lower(), -1 if _DISSENT.match(match[1]) else 1 if _ASSENT.match(match[1]) else 0)
        following = self._position_after(sentence.number)
        latest = self._side_before(sentence.number, set())
        if value and following is not None and latest and not self._found[following]:
            index, side = latest
            if value in {side, -1}:
                self._found[following][index].add(-side)

    def _read_reply(self, sentence: Sentence, match: re.Match[str], same: int) -> None:
        """Read "Ms Berg disagreed", before or after her words."""
        before = {stem(word) for word in normalized_words(sentence.text[: match.start()])}
        after = sentence.text[match.end() :].lstrip()
        if len(sentence.text[: match.start()].split()) > _MAX_SUBJECT or re.match(r"(?:to|on|about|over) ", after):
            return
        if re.search(r"\b(?:not|n[’']t|never|if|would|could|may|might|should)\b", sentence.text[: match.start()]):
            return
        for number in self._starting_in(sentence.number, sentence.number + 1):
            group = self._groups[number]
            first = group.parts[0].sentences[0]
            names = {stem(word) for holder in group.parts[0].holders for word in normalized_words(holder.name)}
            if not names & before or self._found[number]:
                continue
            latest = self._side_before(first, {holder.name for holder in group.parts[0].holders})
            if latest and not (same > 0 and self._disputes[latest[0]].topic.is_name):
                self._found[number][latest[0]].add(latest[1] * same)
            return

    def _position_after(self, sentence: int) -> int | None:
        return next(iter(self._starting_in(sentence + 1, sentence + 2)), None)

    def _starting_in(self, first: int, last: int) -> range:
        """Return the numbers of the positions that begin in the sentences from ``first`` to ``last``."""
        return range(bisect_left(self._starts, first), bisect_right(self._starts, last))

    def _side_before(self, sentence: int, others: set[str]) -> tuple[int, int] | None:
        """Return the issue and the only side of the last position before a sentence, if of somebody else."""
        for number in reversed(self._starting_in(sentence - 2 * REACH, sentence - 1)):
            part = self._groups[number].parts[0]
            if others & {holder.name for holder in part.holders}:
                return None
            sides = [(index, side) for index, found in self._found[number].items() for side in found]
            if sides:
                return sides[0] if len(sides) == 1 else None
        return None

    def _carry_over(self) -> None:
        """Give a holder's side to what he says beside it, and to what he says on the same matter."""
        held: dict[tuple[str, ...], dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
        for number, group in enumerate(self._groups):
            for index, sides in self._found[number].items():
                held[_names(group)][index] |= sides
        paragraphs = [
            {self._reading.sentence(each).paragraph for part in group.parts for each in part.sentences}
            for group in self._groups
        ]
        carried: list[tuple[int, int, int]] = []
        for number, group in enumerate(self._groups):
            own = held[_names(group)]
            stems = {stem(word) for word in normalized_words(self._texts[number])}
            if self._found[number] or not own or not self._may_carry(number):
                continue
            for index, sides in own.items():
                near = [
                    other
                    for other in (number - 1, number + 1)
                    if 0 <= other < len(self._groups)
                    and self._found[other].get(index)
                    and _names(self._groups[other]) == _names(group)
                    and self._distance(number, other) <= _CARRY_REACH
                ]
                tone = judge(Words(self._texts[number]).lower)
                dispute = self._disputes[index]
                is_about = dispute.kind == "policy" and self._is_about(self._texts[number], dispute)
                others = any(
                    other is not dispute and other.is_named(stems) for other in self._disputes if other.claim is None
                )
                is_beside = not dispute.topic.is_name and any(paragraphs[other] & paragraphs[number] for other in near)
                is_about_it = dispute.is_named(stems) or bool(_REFERENCE.match(self._texts[number]))
                is_same = is_beside or tone in sides or (is_about_it and not dispute.topic.is_name)
                is_own = dispute.topic.is_name and any(dispute.topic.head in stem(name) for name in _names(group))
                if (
                    len(sides) == 1
                    and is_same
                    and not others
                    and not is_own
                    and -tone not in sides
                    and (near or is_about)
                ):
                    carried.append((number, index, next(iter(sides))))
                    break
        for number, index, side in carried:
            self._found[number][index].add(side)

    def _distance(self, one: int, other: int) -> int:
        """Return how many sentences lie between two positions."""
        first, second = sorted((one, other))
        last = max(number for part in self._groups[first].parts for number in part.sentences)
        return self._groups[second].parts[0].sentences[0] - last

    def _may_carry(self, number: int) -> bool:
        parts = self._groups[number].parts
        is_plain = all(part.act not in _CONCEDING_ACTS and not part.denied for part in parts)
        return is_plain and not _CONCESSION.search(self._texts[number]) and "?" not in self._texts[number]

    def _choose(self) -> list[int]:
        """Return the indexes of up to four disputes with statements on them, in order of rank."""
        kept = []
        for index, dispute in enumerate(self._disputes):
            sides = [side for found in self._found for side in found.get(index, ())]
            is_disputed = -1 in sides and (not dispute.claim or 1 in sides)
            is_open = dispute.is_pending and bool(sides or self._about(dispute))
            kinds = [
                sign.kind
                for pairs in self._signs.values()
                for _, sign in pairs
                if sign.topic.head == dispute.topic.head
            ]
            is_disputed = is_disputed and (kinds.count("tone") != 1 or len(kinds) > 1)
            is_prominent = dispute.rank >= MIN_RANK - dispute.topic.is_name
            if (is_disputed and (is_prominent or dispute.claim)) or is_open:
                kept.append(index)
        return kept[:MAX_ISSUES]

    def _about(self, dispute: Dispute) -> list[int]:
        return [number for number, text in enumerate(self._texts) if self._is_about(text, dispute)]

    def _is_about(self, text: str, dispute: Dispute) -> bool:
        return dispute.is_named({stem(word) for word in normalized_words(text)})

    def _side(self, number: int, ids: dict[int, str]) -> Side:
        found = self._found[number]
        text = self._texts[number]
        for index, issue in ids.items():
            if sides := found.get(index):
                return Side(issue, _STANCES[next(iter(sides))] if len(sides) == 1 else "mixed")
        for index, issue in ids.items():
            if self._is_about(text, self._disputes[index]):
                return Side(issue, "neutral" if is_neutral(text) else "unclear")
        return Side(None, "unclear")


def _names(group: StatementGroup) -> tuple[str, ...]:
    return tuple(sorted(holder.name for holder in group.parts[0].holders))


def _proposed_heads(text: str) -> Iterator[str]:
    """Yield the nouns of the proposals in a text."""
    for marker, words in proposals(text):
        tokens = Words(words)
        topic = read_topic(tokens, 0, len(tokens.raw), is_infinitive=marker == "to")
        if topic and topic.head:
            yield topic.head
