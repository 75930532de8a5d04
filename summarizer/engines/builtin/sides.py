"""Decide which issue each position is about, and which side of it the position takes."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from summarizer._patterns import compile_lazily
from summarizer._text import normalized_words
from summarizer.article import Reading, Sentence
from summarizer.attribution import Analysis, Attribution
from summarizer.brief import Issue, Stance
from summarizer.codebook import NO_CODEBOOK, Codebook
from summarizer.engines.builtin.deduplication import StatementGroup, content_words
from summarizer.engines.builtin.disputes import Dispute, find_charge, find_claim, names_other_proposal, topic_of
from summarizer.engines.builtin.given import is_same, read_issue, read_words, restates, topics_of
from summarizer.engines.builtin.glosses import gloss_entry, gloss_of, gloss_reading, has_gloss, word_issue
from summarizer.engines.builtin.issues import find_disputes
from summarizer.engines.builtin.lexicon import any_of, read_patterns, word_set
from summarizer.engines.builtin.matters import find_matters, is_nested
from summarizer.engines.builtin.phrases import Words, lower_case, stem, stems_of
from summarizer.engines.builtin.ratings import RatingReader
from summarizer.engines.builtin.stances import (
    SIDES,
    Sign,
    find_signs,
    find_verdicts,
    has_plain_cue,
    is_mixed,
    is_neutral,
    is_own_side,
    is_plain,
)
from summarizer.merging import negations_and_numbers

_HOSTILE = word_set("hostile")
MAX_ISSUES = 4
_REACH = 4  # sentences back to which "it" and "the plan" refer
_MIN_RANK = 2  # of a dispute with one sided statement
_MIN_HOLDERS = 2  # with a side on a dispute that neither headline nor lead names
_SURE_RANK = 3  # of what only the headline's and the lead's nouns tell
_MAX_SUBJECT = 12  # words before "disagreed"
_STANCES: dict[int, Stance] = {1: "agrees", -1: "disagrees"}
_DISSENT = compile_lazily(rf"\b{any_of('dissent')}\b")
_ASSENT = compile_lazily(rf"\b{any_of('assent')}\b")
_PATTERNS = read_patterns("sides")
_REPLY = compile_lazily(_PATTERNS["reply"], re.IGNORECASE)
_NOT_EVERYONE = compile_lazily(_PATTERNS["not_everyone"], re.IGNORECASE)
_BY_CONTRAST = compile_lazily(rf"\b{any_of('contrast')}\b")
_PRONOUNS = frozenset("it this that".split())
_OPPONENTS, _SUPPORTERS = word_set("opponents"), word_set("supporters")
_CONCEDING_ACTS = frozenset({"conceded", "asked", "denied", "apologized", "hoped"})
_RESERVATION = compile_lazily(_PATTERNS["reservation"])
"""The same speaker's reservation after a statement: "backs it, but only if …"."""
_CHARGING, _DEFENDING = (
    compile_lazily(any_of("prosecution"), re.IGNORECASE),
    compile_lazily(any_of("defence"), re.IGNORECASE),
)


class Side(NamedTuple):
    """The issue that a position is about, and the stance that it takes."""

    issue: str | None
    stance: Stance


def find_sides(
    reading: Reading, analysis: Analysis, groups: Sequence[StatementGroup], codebook: Codebook = NO_CODEBOOK
) -> tuple[tuple[Issue, ...], list[Side]]:
    """Return the issues of an article, and the side of each group of statements."""
    return _Sides(reading, analysis, groups, codebook).find()


class _Sides:
    def __init__(
        self, reading: Reading, analysis: Analysis, groups: Sequence[StatementGroup], codebook: Codebook
    ) -> None:
        self._reading, self._analysis, self._groups = reading, analysis, groups
        plain = gloss_reading(reading)
        whole = [
            [each for each in group.attributions if is_own_side(reading, each) and not is_nested(each, group.parts)]
            for group in groups
        ]
        signs = {id(part): find_signs(reading, part) for parts in whole for part in parts}
        verdicts = {id(part): find_verdicts(reading, part) for group in groups for part in group.attributions}
        self._signs = [[(part, sign) for part in parts for sign in signs[id(part)]] for parts in whole]
        self._starts = list(accumulate((group.parts[0].sentences[0] for group in groups), max))
        self._texts = [" ".join(gloss_of(reading, part.statement_spans) for part in group.parts) for group in groups]
        self._stems = [stems_of(text) for text in self._texts]
        valued = [(part, sign) for pairs in self._signs for part, sign in pairs if sign.is_explicit]
        self._topics = [[topic_of(word) for word in normalized_words(each.text)] for each in plain.sentences]
        self._disputes = find_disputes(plain, analysis, valued, self._topics)
        parts = [part for group in groups for part in group.parts]
        charge = find_charge(reading, parts)
        self._accused = charge[1] if charge else None
        if charge:
            self._disputes = [charge[0]]
        elif (found := find_claim(reading, analysis, parts)) and not any(
            dispute.verb and dispute.is_named(found.known) for dispute in self._disputes
        ):
            subject = found.claim.subject if found.claim and found.claim.has_effect else frozenset()
            self._disputes = [found, *(each for each in self._disputes if each.verb or each.noun not in subject)]
        self._matters = find_matters(reading, RatingReader(plain, analysis, signs, verdicts), whole)
        for dispute, _ in self._matters:
            if any(other.noun == dispute.noun for other in self._disputes):
                dispute.noun = ""  # other statements are about the more prominent one
            self._disputes.append(dispute)
        self._is_closed, self._own = codebook.closed, len(self._disputes)
        self._is_glossed = has_gloss(reading)
        self._reads_stances = reading.is_english or self._is_glossed
        self._read_codebook(codebook)
        for pairs, group in zip(self._signs, groups, strict=True) if self._disputes else ():
            rated = ((part, sign) for part in group.attributions for sign in verdicts[id(part)])
            pairs += [(part, sign) for part, sign in rated if sign.is_weight or _is_asserted(sign)]
        self._found: list[dict[int, set[int]]] = [defaultdict(set) for _ in groups]
        """For each position: the sides that it takes, by the index of the dispute."""
        self._named = self._find_named()

    def _read_codebook(self, codebook: Codebook) -> None:
        """Add the given issues, and note which of them the words of each position and sentence name.

        A dispute that was found about the same thing as a given issue gives its sides to that.
        """
        language = None if self._is_glossed else self._reading.article.language
        all_topics, first = set().union(*self._topics), self._own
        entries = [gloss_entry(entry) for entry in codebook.issues] if self._is_glossed else codebook.issues
        self._worded = {entry.id: entry.proposition for entry in codebook.issues}
        self._given = [read_issue(entry, all_topics) for entry in entries]
        nouns = Counter(given.noun for given in self._given)
        headline = set(map(topic_of, normalized_words(self._reading.article.title or "")))
        words = {
            at: read_words(entry, given.noun if nouns[given.noun] == 1 and given.noun in headline else "", language)
            for at, (entry, given) in enumerate(zip(entries, self._given, strict=True), first)
        }
        by_word: defaultdict[str, list[int]] = defaultdict(list)
        for at, each in words.items():
            for word in each.proposition.union(*each.aliases):
                by_word[word].append(at)

        def match(topics: frozenset[str]) -> dict[int, int]:
            near = sorted({at for topic in topics for at in by_word.get(topic, ())})
            return {at: score for at in near if (score := words[at].match(topics))}

        self._matches = [match(topics_of(text, language)) if words else {} for text in self._texts]
        self._given_in = [match(frozenset(topics)) for topics in self._topics]
        self._same: dict[int, tuple[int, int]] = {}
        for index, dispute in enumerate(self._disputes):
            for at, given in enumerate(self._given, first):
                if index not in self._same and (factor := is_same(given, dispute)):
                    self._same[index] = at, factor
                    given.replace(dispute, factor)
        self._disputes += self._given

    def find(self) -> tuple[tuple[Issue, ...], list[Side]]:
        for number in range(len(self._groups)):
            self._read_signs(number)
        self._read_court()
        self._read_contrasts()
        for index, (_, taken) in enumerate(self._matters, self._own - len(self._matters)):
            for number, values in taken.items():
                parts = self._groups[number].parts
                is_sure = all(self._is_sure(index, part, self._content(part)) for part in parts)
                self._found[number][index] |= values if is_sure else {0}
        for found in self._found if self._same else ():
            for index, (at, factor) in self._same.items():
                found[at] |= {side * factor for side in found.pop(index, ())}
        for dispute in self._disputes[: self._own]:
            dispute.proposition = word_issue(dispute.proposition, self._reading) or ""
        chosen = self._choose() if not self._is_closed else []
        ids = {index: f"I{number}" for number, index in enumerate(chosen, 1)}
        ids |= {index: dispute.given for index, dispute in enumerate(self._given, self._own)}
        issues = tuple(
            Issue(
                id=name,
                proposition=self._worded.get(name, dispute.proposition),
                kind=dispute.kind,
                given=bool(dispute.given),
            )
            for dispute, name in ((self._disputes[index], name) for index, name in ids.items())
        )
        sides = [self._side(number, ids) for number in range(len(self._groups))]
        used = {side.issue for side in sides}
        return tuple(issue for issue in issues if issue.id in used), sides

    def _find_named(self) -> dict[int, int]:
        """Return the dispute that each sentence names last, by the number of the sentence."""
        named: dict[int, int] = {}
        own = [*enumerate(self._disputes[: self._own])]
        by_noun = {dispute.noun: index for index, dispute in reversed(own) if dispute.noun}
        by_noun |= {topic_of(dispute.verb): index for index, dispute in own if dispute.verb}
        for sentence, topics, given in zip(self._reading.sentences, self._topics, self._given_in, strict=True):
            for topic in topics:
                if topic in by_noun and sentence.kind != "title":
                    named[sentence.number] = by_noun[topic]
            if given and sentence.kind != "title":
                named[sentence.number] = max(given, key=given.__getitem__)
            if sentence.kind == "prose" and names_other_proposal(sentence.text, self._disputes):
                named[sentence.number] = -1
        return named

    def _read_signs(self, number: int) -> None:
        for part, sign in self._signs[number]:
            index, side = self._resolve(part, sign)
            if side:
                at = sign.words.matches[min(sign.start, len(sign.words.matches) - 1)].start()
                is_sure = self._is_sure(index, part, sign.words.text, at)
                self._found[number][index].add(side if is_sure else 0)
        self._read_claim(number)
        self._read_name(number)
        part = self._groups[number].parts[0]
        end = max(span.end for span in part.content)
        is_limited = bool(_RESERVATION.match(self._reading.article.text, end)) and bool(self._signs[number])
        if is_limited or is_mixed(self._texts[number]):
            for sides in self._found[number].values():
                if 1 in sides:
                    sides.add(-1)

    def _content(self, part: Attribution) -> str:
        return gloss_of(self._reading, part.content)

    def _is_sure(self, index: int, part: Attribution, text: str, at: int = 0, *, is_claim: bool = False) -> bool:
        """Return whether words take a side on a dispute; on a given issue, only a plain statement does.

        On a given claim, its weight is not a side, nor is another wording of it.
        """
        dispute = self._disputes[index]
        if not dispute.given and index not in self._same:
            return True
        if dispute.claim and not (is_claim and dispute.given and restates(text, dispute.proposition)):
            return False
        return is_plain(text, at, dispute.proposition) and has_plain_cue(self._reading, part)

    def _resolve(self, part: Attribution, sign: Sign) -> tuple[int, int]:
        """Return the dispute whose side a valuation takes, and the side; 0 if it is about something else."""
        for index, dispute in enumerate(self._disputes):
            if dispute.claim:
                if sign.is_weight and dispute.claim.has_effect and self._is_subject(sign, dispute):
                    return index, sign.value
            elif relation := dispute.relation(sign):
                return index, sign.value * relation
        target = _target_of(sign)
        is_pronoun = not target or target[0] in _PRONOUNS
        meant = self._meant(part.sentences[0], is_plan=not is_pronoun)
        is_alone = len(target) < 2 or target[1] in _FOLLOWING
        if meant is None or not is_alone or (not target and part.speech != "direct"):
            return 0, 0
        index, dispute = meant, self._disputes[meant]
        if dispute.given and not dispute.change and not dispute.is_pending:
            return 0, 0  # "it" is the toll, not that it should be raised
        is_other = (dispute.claim and not sign.is_weight) or (sign.verb and sign.verb != dispute.verb)
        if is_other or not (is_pronoun or dispute.is_called(target[0])):
            return 0, 0
        change = sign.change * dispute.change if is_pronoun else sign.change  # "it must stay", "the plan must go ahead"
        decision = dispute.decision if target and target[0] in _DECISIONS else 1
        return index, sign.value * (change or 1) * decision

    def _meant(self, sentence: int, *, is_plan: bool) -> int | None:
        """Return the dispute that "it" and "the plan" mean: the only proposal, or what is named last nearby."""
        pending = [index for index, dispute in enumerate(self._disputes) if dispute.is_pending]
        for number in range(sentence, max(0, sentence - _REACH - 1), -1):
            if number in self._named:
                if is_plan and len(pending) == 1 and self._named[number] >= 0:
                    break
                return None if self._named[number] < 0 else self._named[number]
        is_clear = len(pending) == 1 and (is_plan or self._disputes[pending[0]].rank > _SURE_RANK)
        return pending[0] if is_clear else None

    def _is_subject(self, sign: Sign, dispute: Dispute) -> bool:
        stems = stems_of(sign.words.between(sign.start, sign.stop))
        subject, words = (dispute.claim.subject, dispute.claim.words) if dispute.claim else (frozenset[str](), stems)
        return stems <= set(map(stem, _PRONOUNS)) or bool(stems & subject) or len(stems & words) > 1

    def _read_claim(self, number: int) -> None:
        for index, dispute in enumerate(self._disputes):
            claim = dispute.claim
            if claim is None:
                continue
            for part in self._groups[number].parts:
                words = self._content(part)
                own = frozenset(map(stem, content_words(words)))
                is_clause = part.rule.needs_cue != "always" and part.act != "asked"
                if not is_clause or len(own & claim.words) * 10 < 7 * len(claim.words):
                    continue
                is_negated = bool(negations_and_numbers(normalized_words(words)) & {"not", "no", "never", "cannot"})
                side = -1 if is_negated != part.denied else 1
                self._found[number][index].add(side if self._is_sure(index, part, words, is_claim=True) else 0)

    def _read_name(self, number: int) -> None:
        """Read the side that a holder's description tells: "opponents of the toll", "critics"."""
        for holder in self._groups[number].parts[0].holders:
            words = Words(holder.name)
            at = next((at for at, word in enumerate(words.lower) if word in _OPPONENTS | _SUPPORTERS), None)
            if at is None or self._found[number]:
                continue
            sign = Sign(-1 if words.lower[at] in _OPPONENTS else 1, words, min(at + 2, len(words.raw)), len(words.raw))
            index, side = self._resolve(self._groups[number].parts[0], sign) if sign.start < sign.stop else (0, 0)
            if side:
                self._found[number][index].add(side)

    def _read_court(self) -> None:
        """Put the prosecution on the side of the charge, the accused and the defence on the other."""
        if self._accused is None:
            return
        for number, group in enumerate(self._groups):
            side = 0
            for holder in group.parts[0].holders:
                if holder.name == self._accused:
                    side = -1
                    continue
                first = min((mention.start for mention in holder.mentions), default=-1)
                places = (each for each in self._reading.sentences if each.spans[0].start <= first < each.spans[-1].end)
                described = f"{holder.role or ''} {' '.join(each.text for each in places)}"
                side = bool(_CHARGING.search(described)) - bool(_DEFENDING.search(described))
            is_plain = all(part.act not in _CONCEDING_ACTS - {"denied"} for part in group.parts)
            if side and is_plain and len(self._texts[number].split()) > _MIN_STATEMENT:
                self._found[number][0].add(side)

    def _read_contrasts(self) -> None:
        """Give a side to statements whose side only the article's signals tell: "Ms Berg disagreed"."""
        for sentence in self._reading.sentences if any(self._found) else ():
            if sentence.kind != "prose":
                continue
            plain = lower_case(sentence.text)
            if match := _NOT_EVERYONE.search(plain):
                self._read_exception(sentence, match)
            elif match := _DISSENT.search(plain) or _ASSENT.search(plain):
                self._read_reply(sentence, match, 1 if _ASSENT.fullmatch(match.group()) else -1)
            elif _BY_CONTRAST.match(plain) or ", by contrast," in plain:
                self._read_contrast(sentence)
        for number, group in enumerate(self._groups):
            part = group.parts[0]
            asked = part.answers or (part.sentences[0] - 1 if part.rule.is_turn else 0)
            match = _REPLY.match(self._texts[number]) if asked and not self._found[number] else None
            question = self._reading.sentence(asked).text if match else ""
            if match is None or "?" not in question:
                continue
            answer = 1 if match["yes"] else -1
            for index, dispute in enumerate(self._disputes):
                if dispute.is_answered and stems_of(dispute.proposition) - {"should"} <= stems_of(question) | _BE_STEMS:
                    self._found[number][index].add(answer)

    def _read_exception(self, sentence: Sentence, match: re.Match[str]) -> None:
        """Read "Not everyone dismissed the offer": the next speaker does not."""
        value = SIDES.get(match[1].lower(), -(match[1].lower() in _HOSTILE))
        latest = self._side_before(sentence.number, set())
        for following in self._starting_in(sentence.number, sentence.number + 2)[:1]:
            if latest and value in {latest[1], -1} and not self._found[following]:
                self._found[following][latest[0]].add(-latest[1])

    def _read_contrast(self, sentence: Sentence) -> None:
        """Read "By contrast, Mr Hill fears …": he is not on the side of whom the article cites before."""
        for following in self._starting_in(sentence.number, sentence.number)[:1]:
            names = {holder.name for holder in self._groups[following].parts[0].holders}
            latest = self._side_before(sentence.number, names)
            if latest and not self._found[following]:
                self._found[following][latest[0]].add(-latest[1])

    def _read_reply(self, sentence: Sentence, match: re.Match[str], same: int) -> None:
        """Read "Ms Berg disagreed", before or after her words."""
        before_text = sentence.text[: match.start()]
        before, after = stems_of(before_text), sentence.text[match.end() :].lstrip()
        if len(before_text.split()) > _MAX_SUBJECT or re.match(r"(?:to|on|about|over|that) ", after):
            return
        for number in self._starting_in(sentence.number, sentence.number + 1):
            part = self._groups[number].parts[0]
            names = {stem(word) for holder in part.holders for word in normalized_words(holder.name)}
            if not names & before or self._found[number]:
                continue
            latest = self._side_before(part.sentences[0], {holder.name for holder in part.holders})
            if latest:
                self._found[number][latest[0]].add(latest[1] * same)
            return

    def _starting_in(self, first: int, last: int) -> range:
        """Return the numbers of the positions that begin in the sentences from ``first`` to ``last``."""
        return range(bisect_left(self._starts, first), bisect_right(self._starts, last))

    def _side_before(self, sentence: int, others: set[str]) -> tuple[int, int] | None:
        """Return the issue and the only side of the last speaker before a sentence, if that is another person."""
        latest: tuple[str, ...] | None = None
        for number in reversed(self._starting_in(sentence - 2 * _REACH, sentence - 1)):
            names = _names(self._groups[number])
            latest = latest or names
            sides = [(index, side) for index, found in self._found[number].items() for side in found]
            if sides and names == latest and others.isdisjoint(names):
                return sides[0] if len(sides) == 1 else None
        return None

    def _choose(self) -> list[int]:
        """Return the indexes of up to four disputes with statements on them, in order of rank."""
        ranked = []
        for index, dispute in enumerate(self._disputes):
            if dispute.given or index in self._same or not dispute.proposition:
                continue
            on_it = [(number, found[index]) for number, found in enumerate(self._found) if found.get(index)]
            holders = {_names(self._groups[number]) for number, _ in on_it}
            sides = set[int]().union(*(values for _, values in on_it))
            if dispute.is_matter:
                is_kept = bool(holders)
            elif dispute.claim:
                is_kept = len(sides) == 2
            elif not dispute.is_prominent and len(holders) < _MIN_HOLDERS:
                is_kept = False
            elif dispute.proposition.endswith("should go ahead.") and not dispute.verb:
                is_kept = 1 in sides or (dispute.decision < 0 and bool(sides))  # else nobody plans it
            elif dispute.is_pending:
                is_kept = bool(sides) or (bool(dispute.verb) and any(map(dispute.is_named, self._stems)))
            else:
                is_kept = bool(sides) and (dispute.rank >= _MIN_RANK or (-1 in sides and len(holders) > 1))
            if is_kept:
                ranked.append((-3 * dispute.is_pending - len(holders), index))
        return [index for _, index in sorted(ranked)[:MAX_ISSUES]]

    def _side(self, number: int, ids: dict[int, str]) -> Side:
        found, matches = self._found[number], self._matches[number]
        given = sorted((index for index in ids if index >= self._own), key=lambda index: -matches.get(index, 0))
        own = [index for index in ids if index < self._own and not matches]
        for index in (*given, *own):
            if sides := found.get(index):
                return Side(ids[index], self._stance(index, sides - {0}))
        for index in given[:1] if matches else own:
            dispute = self._disputes[index]
            if matches or (not dispute.is_matter and dispute.is_named(self._stems[number])):
                stance: Stance = "neutral" if is_neutral(self._texts[number]) else "unclear"
                return Side(ids[index], stance if self._reads_stances or index < self._own else "unclear")
        return Side(None, "unclear")

    def _stance(self, index: int, sides: set[int]) -> Stance:
        """Return the stance of sides. The rules are English: in other languages none is taken on given issues."""
        if not sides or (index >= self._own and not self._reads_stances):
            return "unclear"
        return _STANCES[next(iter(sides))] if len(sides) == 1 else "mixed"


_BEFORE_PLAN = word_set("plan_adjectives") | {"that", "and", "but", "the", "a", "an", "so"}
_DECISIONS = word_set("decisions")
_MIN_STATEMENT = 3  # words of a statement to the court
_BE_STEMS = frozenset({"be", "is", "are"})
_FOLLOWING = frozenset("as in at on by from would will could is was because and now or".split())


def _target_of(sign: Sign) -> list[str]:
    """Return the words of a target without those before its noun that tell nothing."""
    target = [word.removesuffix("'s") for word in sign.words.lower[sign.start : sign.stop] if word[0].isalnum()]
    while target and target != ["that"] and target[0] in _BEFORE_PLAN:
        target = target[1:]
    return target


def _is_asserted(sign: Sign) -> bool:
    """Return whether a verdict is the holder's own: not in "rebutting the claim that the laws are needed"."""
    return is_plain(sign.words.text, sign.words.matches[min(sign.start, len(sign.words.matches) - 1)].start())


def _names(group: StatementGroup) -> tuple[str, ...]:
    return tuple(sorted(holder.name for holder in group.parts[0].holders)) or ("",)
