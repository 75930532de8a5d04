"""Rules of reported speech for the languages that have a folder, apart from English.

They work on a unit: a sentence with its quotations. A unit is read from left to right: tags and views first, then
the cues with a subject, then quotations and reported moods without a cue.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from summarizer.attribution.languages.clauses import (
    CLAUSE,
    CLAUSE_TAG,
    MAX_AFFILIATION,
    MAX_TO_CONTENT,
    MOOD,
    QUOTATION_ALONE,
    QUOTATION_BESIDE_NAME,
    QUOTATION_COLON,
    QUOTATION_TAG,
    SAID,
    VIEW,
    Found,
)  # fmt: skip
from summarizer.attribution.languages.contents import ContentReader
from summarizer.attribution.languages.language import CueVerb
from summarizer.attribution.languages.sources import Source, subject_starts
from summarizer.attribution.languages.text import DASHES, STOPS, Range, Text

_CLOSERS = STOPS | {",", ";", ":", ")"} | DASHES
_MAX_CUES = 40  # cues of a unit that are read


class UnitReader(ContentReader):
    """Find the attributions of a paragraph's units."""

    def read(self, unit: Range, *, is_pending: bool, before: str = "") -> list[Found]:
        """Return the attributions of a unit, in order.

        Args:
            unit: The tokens.
            before: What the attribution in the unit before is made of, if there is one: "quotation" or "clause".
            is_pending: The text before ends in a colon: a quotation at the beginning belongs to its speaker.
        """
        self.before = before
        found: list[Found] = []
        known: Source | None = None
        after = unit[0]
        for token in self._places(unit):
            if token < after or len(found) == _MAX_CUES:
                continue
            hit = self._read_at(token, unit, known, found)
            if hit is not None:
                found.append(hit)
                known = hit.source or known
                self.is_present = self._lang.is_present(self._text.lower[token])
                after = hit.cue[0][1] if hit.cue else token
        found += self._unknown_tags(unit, found)
        found = _separate(self._text, [each for each in found if each.content])
        covered = [piece for each in found for piece in each.content]
        has_words = bool(found) or any(
            self._text.quotation_of[at] < 0 and self._text.is_word(at) for at in range(*unit)
        )
        for index in self._quotations_in(unit):
            start, end = self._text.quotations[index]
            is_covered = any(first <= start < last for first, last in covered)
            is_introduced = not is_covered and start > unit[0] and self._text.lower[start - 1] == ":"
            if is_introduced and (source := self.introduction((unit[0], start - 1))):
                found.append(Found(QUOTATION_COLON, SAID, source, ((start - 1, start),), [(start, end)]))
            elif not is_covered and ((is_pending and start == unit[0]) or not has_words):
                found.append(Found(QUOTATION_ALONE, SAID, None, (), [(start, end)]))
        if not found and (colon := self._after_colon(unit, before)):
            found.append(colon)
        if not found and (self._has_reported_mood(unit, before) or (before and self._is_reply(unit))):
            found.append(Found(MOOD, SAID, None, (), [self._trim(*unit)]))
        return sorted(found, key=lambda each: each.content[0])

    def _is_reply(self, unit: Range) -> bool:
        """Return whether a sentence goes on with a reply in a dialogue with dashes: "— Non, dit Anne. Je reste."."""
        text = self._text
        words = {text.lower[at] for at in range(*unit)}
        is_dialogue = text.lower[0] in DASHES and not text.quotations and words.isdisjoint(DASHES)
        return is_dialogue and not words.isdisjoint(self._lang.words("reply_words"))

    def _after_colon(self, unit: Range, before: str) -> Found | None:
        """Return what a source finds or says after a colon: "Die Studie kommt zu einem Ergebnis: Das Eis taut"."""
        text, lang = self._text, self._lang
        at = text.find(frozenset({":"}), *unit)
        if at + 2 >= unit[1] or text.lower[at] != ":" or text.quotation_of[at + 1] >= 0:
            return None
        is_finding = not lang.words("findings").isdisjoint(text.lower[unit[0] : at])
        if not is_finding and not self._has_reported_mood((at + 1, unit[1]), before):
            return None
        source = self.introduction((unit[0], at))
        return Found(CLAUSE, SAID, source, ((at, at + 1),), [self._trim(at + 1, unit[1])]) if source else None

    def introduction(self, words: Range) -> Source | None:
        """Return whom the words before a colon introduce: "Lind widersprach:", "Rosa Weller, Vorsitzende:"."""
        text = self._text
        is_impersonal = not self._lang.words("impersonal").isdisjoint(text.lower[words[0] : words[1]])
        if is_impersonal and (place_source := self._place(words[0], words)):
            return place_source
        for place in subject_starts(text, *words):
            source = self.sources.read(place, words[1])
            if source is None or (source.phrases[0].name and source.end == source.start + 1 and not self._lang.cues):
                continue
            if (source.phrases[0].kind == "document" or self._names(source)) and self._can_speak(source):
                return source
        for place in range(max(words[0], words[1] - MAX_TO_CONTENT), words[1]):
            if text.quotation_of[place] < 0 and text.capitals[place]:
                source = self.sources.read(place, words[1])
                name = source.phrases[0].name if source is not None else None
                if name and (name[1] - name[0] > 1 or text.lower[name[0]] in self._surnames):
                    return source
        return None

    def _places(self, unit: Range) -> list[int]:
        """Return the tokens at which a tag, a view or a cue can begin."""
        text, lang = self._text, self._lang
        starts = [at for at in range(*unit) if text.quotation_of[at] < 0 and text.lower[at] in lang.starts]
        inside = (at for at in range(*unit) if text.quotation_of[at] >= 0)
        return sorted([*starts, *inside]) if lang.tags_inside_quotations else starts

    def _read_at(self, token: int, unit: Range, known: Source | None, found: Sequence[Found]) -> Found | None:
        text, lang = self._text, self._lang
        quotation, lower = text.quotation_of[token], text.lower[token]
        if quotation >= 0:
            return self._inner_tag(token, text.quotations[quotation])
        if (view := self._view(token, unit, found)) is not None:
            return view
        if lower in lang.words("tag_words") and token > unit[0] and self._follows_pause(token, unit):
            source = self.sources.read(token + 1, unit[1])
            if source is not None and self._can_speak(source):
                return self._tag(token, (token, token + 1), source, SAID, unit, found)
        if lower in lang.words("statement_nouns") and (hit := self._statement_noun(token, unit)):
            return hit
        if text.capitals[token] and token > unit[0] and lang.nouns_capitalised:
            return None
        for cue in lang.cues.get(lower, ()):
            group = self._verb_group(token, cue, unit)
            if group is not None:
                hit = self._read_cue(token, cue, group, unit, known, found)
                if hit is not None:
                    return hit
        return None

    def _read_cue(  # noqa: PLR0917  # the place of a cue has many parts
        self, token: int, cue: CueVerb, group: Range, unit: Range, known: Source | None, found: Sequence[Found]
    ) -> Found | None:  # fmt: skip
        text, lang = self._text, self._lang
        finite, group_end = group
        words = (token, token + 1)
        if (comparison := self._comparison(finite, token, unit)) is not None:
            compared, start, end = comparison
            pieces = [self._trim(unit[0], start), self._trim(end, unit[1])]
            return Found(CLAUSE_TAG, cue, compared, (words,), [piece for piece in pieces if self._is_content(piece)])
        begin = self._skip_back(finite, unit[0])
        if begin > unit[0] and "tag" in cue.frames and self._follows_pause(begin, unit):
            is_joined = bool(cue.particle) and group_end == token + 1 + len(cue.particle)
            last = group_end - 1 if is_joined else finite  # "fait savoir la mairie"
            speaker = self._subject_after(last, max(last, token), unit)
            if speaker is not None and text.lower[speaker.start] in lang.words("impersonal"):
                speaker = self._place(max(speaker.end, group_end), unit) or speaker
            if speaker is not None and not self._has_described_subject(begin, unit):
                tag = self._tag(begin, words, speaker, cue, unit, found, min_end=group_end)
                if tag is not None:
                    return tag
        source = self._subject_before(finite, unit)
        after = token + 1
        if source is None:
            source = self._inverted(finite, token, unit)
            after = max(after, source.end) if source else after
        if source is None and begin > unit[0] and lang.match("separators", text.lower, begin - 1):
            source = known
        if source is None and self._points_back(unit, token):
            source = self._subject_after(finite, token, unit)  # "C'est ce qu'a annoncé la ville"
        if source is None and text.lower[finite] in lang.words("impersonal_verbs"):
            source = self._place(finite, unit)
        if source is None:
            return None
        if text.lower[finite] in lang.words("impersonal_verbs"):
            source = self._place(finite, unit) or source
        if text.lower[source.start] in lang.words("impersonal"):
            source = self._place(source.end, unit) or source
        return self._content_after(cue, source, words, after, group, unit)

    def _tag(  # noqa: PLR0917  # the place of a tag has many parts
        self, begin: int, words: Range, source: Source, cue: CueVerb, unit: Range, found: Sequence[Found],
        min_end: int = 0,
    ) -> Found | None:  # fmt: skip
        """Return the attribution of a tag that begins at a token: ``“…”, sagte Berg. “…”``."""
        text = self._text
        end = max(source.after, min_end)
        first = source.phrases[0]
        cues = self._lang.cues.get(text.lower[words[0]], ())
        has_object = any("object" in other.frames and not other.is_reflexive for other in cues)
        is_dialogue = text.lower[unit[0]] in DASHES
        is_object = has_object and not (first.kind or first.name or first.pronoun or is_dialogue)
        start = begin
        while start > unit[0] and text.lower[start - 1] in {",", *DASHES}:
            start -= 1
        if start == unit[0]:
            return None
        quotation = text.quotation_of[start - 1]
        after = self._after_tag(end, unit, is_quoted=quotation >= 0)
        if quotation < 0 and (is_object or (start == begin and text.lower[begin - 1] not in STOPS)):
            return None
        if quotation >= 0:
            content = self._quotations_before(start, unit, found)
            is_joined = start == begin and text.lower[start - 2] not in {",", "!", "?", "…"}
            if is_joined and content[0][0] < text.quotations[quotation][0]:  # "Im Roman „Glut“ erzählt Rost"
                return None
        else:
            floor = max([unit[0], *(each.source.after for each in found if each.source and each.source.after < start)])
            content = [self._trim(floor if not found else unit[0], start)]
        content = [piece for piece in content + after if self._is_content(piece)]
        if not content:
            return None
        rule = QUOTATION_TAG if quotation >= 0 else CLAUSE_TAG
        denied = unsaid = False
        if rule is CLAUSE_TAG and self._lang.match("dependent_clauses", text.lower, content[0][0]):
            outside = range(begin, min(unit[1], end + 3))  # "Dass Geld fehle, bestritt die Stadt"
            denied, unsaid = self._denial(cue, outside, content[0][0])
        return Found(rule, cue, source, (words,), content, denied, unsaid)

    def _quotations_before(self, start: int, unit: Range, found: Sequence[Found]) -> list[Range]:
        """Return the quotation that ends before a token, with the clause it belongs to."""
        text = self._text
        first = text.quotations[text.quotation_of[start - 1]]
        taken = max([unit[0], *(piece[1] for each in found for piece in each.content)])
        before = self._trim(taken, first[0])
        is_clause = before[0] < before[1] and text.lower[first[0] - 1] not in (":", ",")
        return [(before[0], first[1])] if is_clause else [first]

    def _after_tag(self, end: int, unit: Range, *, is_quoted: bool) -> list[Range]:
        text = self._text
        at = end
        while at < unit[1] and text.lower[at] in {",", ":", *DASHES} | self._lang.words("tag_ends"):
            at += 1
        has_pause = at > end or text.lower[end - 1] == ","
        if at >= unit[1]:
            return []
        if text.quotation_of[at] >= 0:
            return [text.quotations[text.quotation_of[at]]]
        if is_quoted:
            stop = text.find(frozenset(), end, unit[1])
            is_near = stop < unit[1] and text.lower[stop - 1] in (":", ",") and stop - end < MAX_TO_CONTENT
            if is_near and not any(text.lower[inner] in self._lang.cues for inner in range(end, stop)):
                return [text.quotations[text.quotation_of[stop]]]
            return []
        if not has_pause:  # "sagte Anna Berg am Montag in Köln, werde …"
            at = text.find(frozenset({",", *STOPS}), end, min(unit[1], end + MAX_AFFILIATION))
            has_verb = not (self._lang.cues.keys() | self._lang.words("auxiliaries")).isdisjoint(text.lower[end:at])
            if text.lower[at : at + 1] != [","] or has_verb:
                return []
        return [self._trim(at, unit[1])]

    def _inner_tag(self, token: int, quotation: Range) -> Found | None:
        """Return the attribution of a tag within the marks: "« Le pont, explique-t-elle, est vieux. »"."""
        text, lang = self._text, self._lang
        start, end = quotation
        is_cue = text.lower[token] in lang.cues or text.words[min(token + 1, end - 1)][0] == "-"
        begin = self._skip_back(token, start + 1) if is_cue else 0
        if begin > start + 1 and text.lower[begin - 1] in lang.words("perfect"):
            begin = self._skip_back(begin - 1, start + 1)  # "a reconnu", "s'est réjoui"
        if begin <= start + 1 or text.lower[begin - 1] != "," or not text.is_word(token):
            return None
        place = token + 1
        cues = (
            cue
            for cue in lang.cues.get(text.lower[token], ())
            if tuple(text.lower[place : place + len(cue.particle)]) == cue.particle
        )
        cue = next(cues, SAID if text.words[place][0] == "-" else None)
        if cue is None:
            return None
        place += len(cue.particle)
        if text.lower[token - 1] in lang.pronouns and text.lower[token - 2 : token - 1] != [","]:
            place = token - 1  # "a-t-elle ajouté"
        quotation_of = text.quotation_of
        text.quotation_of = [-1] * len(quotation_of) if place < end else quotation_of
        source = self.sources.read_again(place, end)
        text.quotation_of = quotation_of
        after = max(source.after, token + 1) if source else end
        is_closed = after >= end - 1 or text.lower[after - 1] == "," or text.lower[after] in (",", *STOPS)
        if source is None or not is_closed:
            return None
        pieces = [(start, begin - 1), (after + (text.lower[after] == ","), end)]
        content = [piece for piece in pieces if piece[1] - piece[0] > 1]
        return Found(QUOTATION_TAG, cue, source, ((token, token + 1),), content)

    def _unknown_tags(self, unit: Range, found: Sequence[Found]) -> Iterator[Found]:
        """Yield tags with any verb beside a quotation and a name, and signatures after a dash."""
        text, lang = self._text, self._lang
        covered = [piece for each in found for piece in each.content]
        for index in self._quotations_in(unit):
            start, end = text.quotations[index]
            if any(first <= start < last for first, last in covered) or end >= unit[1]:
                continue
            at = end
            while at < unit[1] and text.lower[at] in {",", *DASHES}:
                at += 1
            if at + 1 < unit[1] and text.lower[at] == ":" and lang.cues:  # "« Nous tiendrons » : le maire a …"
                source = self.sources.read(at + 1, unit[1])
                if source is not None and self._names(source) and self._can_speak(source):
                    yield Found(QUOTATION_COLON, SAID, source, ((at, at + 1),), [(start, end)])
            if at >= unit[1] or not text.is_word(at):
                continue
            verb = -1 if text.capitals[at] else self._main_verb(at, unit[1])
            is_broken = at > end or text.lower[end - 2] in (",", "!", "?", "…")
            if verb > 0 and is_broken and not lang.match("adverbs", text.lower, at):
                begin, at = at, verb
                is_before = text.lower[at - 1] in lang.pronouns and text.lower[at - 2] != ","  # "a-t-elle tonné"
                place = at - 1 if is_before else self._skip(at + 1, unit[1])
                source = self.sources.read(place, at if is_before else unit[1])
                if source is None and not lang.cues:
                    names = (place for place in range(at + 1, min(at + 5, unit[1])) if text.capitals[place])
                    source = self.sources.read(next(names, unit[1]), unit[1])
                last = max(source.end, at + 1) if source is not None else 0
                ends = source is not None and (last >= unit[1] or text.lower[last] in _CLOSERS)
                if source is not None and (ends or source.phrases[0].name) and self._names(source):
                    tag = self._tag(begin, (at, at + 1), source, SAID, unit, found)
                    if tag is not None:
                        tag.rule = tag.rule if lang.cues else QUOTATION_BESIDE_NAME
                        yield tag
            elif at > end and text.lower[at - 1] in DASHES:
                source = self.sources.read(at, unit[1])
                is_last = source is not None and self._trim(source.after, unit[1])[0] >= unit[1] - 1
                if source is not None and source.phrases[0].name and is_last:
                    yield Found(QUOTATION_TAG, SAID, source, (), [(start, end)])

    def _main_verb(self, at: int, stop: int) -> int:
        """Return the main verb of a tag with any verb: "bredouilla", "a-t-elle tonné"; -1 if there is none."""
        text, lang = self._text, self._lang
        verb = self._skip(at, stop, "clitics")
        endings = tuple(lang.words("participle_endings"))
        if endings and text.lower[verb] in lang.words("auxiliaries"):
            verb += 1 + (verb + 1 < stop and text.lower[verb + 1] in lang.pronouns)
            verb = self._skip(verb, stop)
            if verb >= stop or not text.lower[verb].endswith(endings):
                return -1
        return -1 if verb >= stop or lang.match("function_words", text.lower, verb) else verb


def _separate(text: Text, found: list[Found]) -> list[Found]:
    """End contents where a later clause with its own source begins after a conjunction."""
    for each, following in pairwise(found):
        if not following.cue or not each.cue or following.rule in (CLAUSE_TAG, QUOTATION_TAG, VIEW):
            continue
        (first, last), begin = each.content[-1], following.cue[0][0]
        if following.source and following.source is not each.source:
            begin = min(begin, following.source.start)
        near = range(begin - 1, max(first, begin - 6), -1)
        place = next((at for at in near if text.language.match("separators", text.lower, at)), last)
        place -= text.lower[place - 1] == ","
        if first < place < last and text.quotation_of[place] < 0:
            each.content[-1] = (first, place)
    return found
