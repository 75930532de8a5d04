"""What a verb, a view or a noun attributes in another language: the content and whether it is denied."""

from bisect import bisect_right
from collections.abc import Sequence

from summarizer.attribution.languages.clauses import (
    CLAUSE,
    CLAUSE_TAG,
    DEPENDENT_CLAUSE,
    MAX_AFFILIATION,
    MAX_TO_CONTENT,
    OBJECT,
    QUOTATION_COLON,
    SAID,
    VIEW,
    ClauseReader,
    Found,
)  # fmt: skip
from summarizer.attribution.languages.language import CueVerb
from summarizer.attribution.languages.sources import Source
from summarizer.attribution.languages.text import STOPS, Range
from summarizer.attribution.rules.base import Rule

_MIN_BARE_QUOTATION = 7  # in tokens, with the marks: a shorter one after a cue without a colon is a name or a title


class ContentReader(ClauseReader):
    """Read what a verb with its subject attributes."""

    def _content_after(  # noqa: PLR0917  # the place of a cue has many parts
        self, cue: CueVerb, source: Source, words: Range, after: int, group: Range, unit: Range
    ) -> Found | None:  # fmt: skip
        """Return the attribution of the content after a cue and its subject, if there is one."""
        text, lang = self._text, self._lang
        first = max(after, words[1])
        if cue.needs_speech:
            return self._withheld(cue, source, words, unit)
        place, rule = self._find_content(cue, first, unit)
        if rule is OBJECT:
            ends = [at for at in range(place, unit[1]) if text.lower[at] in (",", ";") and text.quotation_of[at] < 0]
            skipped = 2 * (len(ends) > 1 and self._has_infinitive(ends[1] + 1, unit[1]))  # "accuse Petit, maire, de …"
            end = next(iter(ends[skipped:]), unit[1])
            particle = group[1] - len(cue.particle)
            if cue.particle and self._skip(first, particle, "negations") == particle:
                place = group[1]  # "met en garde contre", "n'est plus favorable à"
            elif cue.particle and place < group[1] <= end:
                end = group[1] - len(cue.particle)
            piece = self._find_object(cue, source, group[0], (place, max(end, place)), unit)
        elif place < 0 or place >= unit[1]:
            rule, piece = self._content_before(cue, source, words, group, unit)
        else:
            is_quoted = rule is QUOTATION_COLON
            piece = text.quotations[text.quotation_of[place]] if is_quoted else self._trim(place, unit[1])
        while rule is CLAUSE and first < piece[0] and text.lower[piece[0] - 1] in lang.words("clitics"):
            piece = (piece[0] - 1, piece[1])  # "nie s'être dopé"
        if not self._is_content(piece) and not (rule is OBJECT and piece[0] < piece[1]):
            return None
        denied, unsaid = self._negation(cue, source, group[0], piece[0], rule)
        if rule is CLAUSE and lang.match("dependent_clauses", text.lower, piece[0]):
            rule = DEPENDENT_CLAUSE
        elif rule is CLAUSE and not denied and (length := lang.match("that", text.lower, piece[0])):
            piece = (piece[0] + length, piece[1])
        parts = {words, (group[0], group[0] + 1)}
        if denied:
            parts |= {(at, at + 1) for at in range(source.start, piece[0]) if self._negates(at)}
        if cue.particle:
            parts.add((group[1] - len(cue.particle), group[1]))
        return Found(rule, cue, source, tuple(sorted(parts)), [piece], denied, unsaid)

    def _content_before(
        self, cue: CueVerb, source: Source, words: Range, group: Range, unit: Range
    ) -> tuple[Rule, Range]:
        """Return the object before a participle ("hat den Vorschlag begrüßt"), or the unit before, if there is one."""
        text = self._text
        has_object = "object" in cue.frames or not cue.prepositions.isdisjoint(text.lower[group[0] : words[0]])
        if has_object and self._lang.nouns_capitalised and group[0] < words[0]:
            return OBJECT, self._trim(max(group[0] + 1, source.end if source.end <= words[0] else 0), words[0])
        if self._points_back(unit, words[0]) and "clause" in cue.frames:
            return CLAUSE_TAG, self._trim(*text.units[bisect_right(text.units, unit) - 2])
        return CLAUSE, (unit[0], unit[0])

    def _points_back(self, unit: Range, cue: int) -> bool:
        """Return whether a unit says only who said the one before: "Das teilte die Polizei mit"."""
        text = self._text
        is_only = self._lang.match("references", text.lower, unit[0]) and cue < unit[0] + MAX_AFFILIATION
        return bool(is_only) and not self.before and unit[0] > 0 and text.quotation_of[unit[0] - 1] < 0

    def _find_object(self, cue: CueVerb, source: Source, finite: int, after: Range, unit: Range) -> Range:
        """Return the object of a verb: before it, if the subject is after it ("Den Plan lehnt Berg ab")."""
        text, lang = self._text, self._lang
        if source.start > finite > unit[0] and text.quotation_of[finite - 1] < 0:
            first = unit[0]
            while length := lang.match("leads", text.lower, first, finite):
                first += length
            if lang.match("definite", text.lower, first, finite) or lang.match("indefinite", text.lower, first, finite):
                return self._trim(first, finite) if finite - first > 1 else (first, first)  # not "Das lehnt Berg ab"
        first = self._skip(*after, "negations")
        has_preposition = first < after[1] and text.lower[first] in cue.prepositions
        return self._trim(first if has_preposition else self._skip_time(first, after[1]), after[1])

    def _withheld(self, cue: CueVerb, source: Source, words: Range, unit: Range) -> Found | None:
        """Return the content of "wollte nicht sagen, ob …" or "Ob …, wollte Berg nicht sagen", which is not said."""
        text, lang = self._text, self._lang
        near = range(max(words[0] - 4, unit[0]), min(words[1] + MAX_TO_CONTENT, unit[1]))
        verb = next((at for at in near if text.lower[at] in lang.words("speaking")), None)
        if verb is None or not any(lang.match("negations", text.lower, at) for at in near):
            return None
        piece = self._trim(verb + 1, unit[1])
        if not self._is_content(piece) and lang.match("dependent_clauses", text.lower, unit[0]):
            piece = self._trim(unit[0], min(words[0], source.start))
        return Found(CLAUSE, cue, source, (words,), [piece], unsaid=True) if self._is_content(piece) else None

    def _find_content(self, cue: CueVerb, first: int, unit: Range) -> tuple[int, Rule]:
        """Return where the content after a cue begins (-1 if nowhere), and the rule that finds it."""
        text, lang = self._text, self._lang
        has_object = "object" in cue.frames
        for at in range(first, min(unit[1], first + MAX_TO_CONTENT)):
            lower = text.lower[at]
            if text.quotation_of[at] >= 0:
                if has_object or "quoted" in cue.frames or not cue.prepositions.isdisjoint(text.lower[first:at]):
                    return first, OBJECT
                start, end = text.quotations[text.quotation_of[at]]
                word = text.lower[min(at + 1, end - 1)]  # "dit « comprendre la colère »", not "dit « bouclier »"
                is_infinitive = at == first and self._is_infinitive(at + 1) and not word.endswith("er")
                if end - start >= _MIN_BARE_QUOTATION or is_infinitive:
                    return at, QUOTATION_COLON if at == first else CLAUSE
                continue
            if lower == ":":
                return at + 1, QUOTATION_COLON if max(text.quotation_of[at + 1 : at + 2], default=-1) >= 0 else CLAUSE
            if "clause" in cue.frames:
                if lower == "," and self._opens_clause(at + 1, unit):
                    return at + 1, CLAUSE
                is_conjunction = text.lower[at - 1] in lang.words("before_that")  # "tandis que"
                if not (lang.nouns_capitalised or is_conjunction) and lang.match("complementisers", text.lower, at):
                    return at, CLAUSE
                is_near = lang.match("near_complementisers", text.lower, at) or self._is_infinitive(at)
                if at == first and is_near:
                    return at, CLAUSE
            if cue.frames & {"clause", "infinitive"} and self._has_infinitive(at, unit[1]):
                return at, CLAUSE
            if lower in STOPS or lower == ";":
                break
        near = text.lower[first : min(first + 4, unit[1])]
        if (has_object and near and text.is_word(first)) or not cue.prepositions.isdisjoint(near):
            return first, OBJECT
        return -1, CLAUSE

    def _negation(self, cue: CueVerb, source: Source, finite: int, content: int, rule: Rule) -> tuple[bool, bool]:
        """Return whether the content is denied, and whether it was not said."""
        text = self._text
        if rule is QUOTATION_COLON or text.lower[content - 1] == ":":
            return False, False
        if any(phrase.is_nobody for phrase in source.phrases):
            return False, True
        start = max(source.start if source.start < content else finite, content - MAX_TO_CONTENT)
        is_set_off = source.end < finite and text.lower[finite - 1] == ","  # a negation in its relative clause
        last = finite if is_set_off else source.after
        outside = [at for at in range(start, content) if not source.start <= at < last]
        return self._denial(cue, outside, content)

    def _denial(self, cue: CueVerb, outside: Sequence[int], content: int) -> tuple[bool, bool]:
        """Return whether the words around a cue deny the content, and whether they say that it was unsaid."""
        text, lang = self._text, self._lang
        negated = any(map(self._negates, outside))
        negated = negated and not any(lang.match("cancelled_negations", text.lower, at) for at in outside)
        near = {text.lower[at] for at in (*outside, *range(content, min(content + 4, len(text.lower))))}
        refused = not near.isdisjoint(lang.words("refusals")) and not near.isdisjoint(lang.words("speaking"))
        if refused or any(lang.match("withholding", text.lower, at) for at in outside):
            return False, True
        if cue.denies:
            return not negated, negated
        is_denied = cue.neg_raising or cue.polarity == "for"  # "does not support it" is said, "does not say it" is not
        return (is_denied, not is_denied) if negated else (False, False)

    def _negates(self, at: int) -> bool:
        """Return whether a word negates: "pas", or "plus" soon after "ne"."""
        lower, lang = self._text.lower, self._lang
        ends = lower[at] in lang.words("ceasing") and lang.words("negation_marks").intersection(
            lower[max(0, at - 4) : at]
        )
        return bool(ends or lang.match("negations", lower, at))

    def _place(self, after: int, unit: Range) -> Source | None:
        """Return where somebody says what "man" or "es" says: "Im Rathaus hieß es", "hieß es aus dem Rathaus"."""
        for at in (after, after + 1, unit[0]):
            if length := self._lang.match("places", self._text.lower, at, unit[1]):
                place = self.sources.read_after_article(at + length, unit[1])
                return place if place is not None and self._can_speak(place) else None
        return None

    def _view(self, token: int, unit: Range, found: Sequence[Found]) -> Found | None:
        text, lang = self._text, self._lang
        for sex in ("male", "female", "any", "last", "subject"):
            if length := lang.match(f"own_views.{sex}", text.lower, token, unit[1]):
                if sex == "subject":
                    return self._own_view(token, token + length, unit)
                return self._make_view(None, token, token + length, (token, token + length), unit, found, sex)
        if length := lang.match("view_nouns", text.lower, token, unit[1]):  # "de source policière"
            noun = self.sources.read_role(token + length - 1, unit[1], is_whole=False)
            source = Source((noun,), noun.words[0], noun.words[1], noun.words[1]) if noun else None
            if source is not None:
                return self._make_view(source, token, source.after, (token, token + length - 1), unit, found)
        length = lang.match("prepositions", text.lower, token, unit[1])
        if not length and token == unit[0]:
            length = lang.match("opening_prepositions", text.lower, token, unit[1])
            if length and not self._is_opening_view(token + length, unit):
                return None
        if length:
            start = token + length
            if start < unit[1] and text.lower[start] in lang.words("view_links"):
                start += 1
            source = self.sources.read(start, unit[1])
            if source is None or not self._can_speak(source) or source.phrases[0].pronoun == "nobody":
                return None
            return self._make_view(source, token, source.after, (token, token + length), unit, found)
        return self._view_after(token, unit, found)

    def _view_after(self, token: int, unit: Range, found: Sequence[Found]) -> Found | None:
        """Return the view of a source before a postposition: "Berg zufolge"."""
        text, lang = self._text, self._lang
        keys = ("postpositions", "possessed_postpositions")
        length = max(lang.match(key, text.lower, token, unit[1]) for key in keys)
        for place in range(max(unit[0], token - 10), token) if length else ():
            begins = place == unit[0] or not text.is_word(place - 1) or not text.capitals[place - 1]
            source = self.sources.read(place, token) if begins else None
            if source is not None and source.end == token and self._can_speak(source):
                return self._make_view(source, place, token + length, (token, token + length), unit, found)
        return None

    def _own_view(self, start: int, end: int, unit: Range) -> Found | None:
        """Return what the subject of a unit says of itself: "Der Verein hat nach eigenen Angaben …"."""
        places = (unit[0], *range(end, unit[1]))
        read = (self.sources.read(place, unit[1]) for place in places[:MAX_AFFILIATION])
        source = next((each for each in read if each and self._can_speak(each)), None)
        content = [piece for piece in ((unit[0], start), self._trim(end, unit[1])) if piece[0] < piece[1]]
        return Found(VIEW, SAID, source, ((start, end),), content) if source else None

    def _is_opening_view(self, start: int, unit: Range) -> bool:
        source = self.sources.read(start, unit[1])
        if source is None or not (self._names(source) or source.phrases[0].name):
            return False
        end, lower = source.after, self._text.lower
        if self._lang.nouns_capitalised:  # "Für den Verein ist die Sache klar"
            return not self._lang.words("opening_verbs").isdisjoint(lower[end : end + 1])
        return "," in lower[end - 1 : end + 1]

    def _make_view(  # noqa: PLR0917  # the place of a view has many parts
        self, source: Source | None, start: int, end: int, cue: Range, unit: Range, found: Sequence[Found],
        sex: str = "",
    ) -> Found | None:  # fmt: skip
        open_clauses = [each.content[-1] for each in found if each.cue and each.content and each.cue[0][1] <= start]
        floor = max([unit[0], *(first for first, last in open_clauses if last > start)])
        pieces = [self._trim(floor, start), self._trim(end, unit[1])]
        content = [piece for piece in pieces if self._is_content(piece)]
        if content[:1] == pieces[:1]:  # "Die Brücke ist laut Berg marode"
            content = [piece for piece in pieces if piece[0] < piece[1]]
        return Found(VIEW, SAID, source, (cue,), content, own_view=sex) if content else None

    def _statement_noun(self, token: int, unit: Range) -> Found | None:
        """Return what a noun with its owner states: "die Forderung der Gewerkschaft, die Zeit zu senken, …"."""
        text, lang = self._text, self._lang
        length = lang.match("statement_links", text.lower, token + 1, unit[1])
        start = token + 1 + length * (text.lower[token + 1] not in lang.words("definite"))
        source = self.sources.read_after_article(start, unit[1]) if length else None
        if source is None or not self._names(source) or text.lower[source.end : source.end + 1] != [","]:
            return None
        begin = source.end + 1
        end = text.find(frozenset({",", ";", ":"}), begin, unit[1])
        is_infinitive = "zu" in text.lower[begin:end][-2:] or (begin < end and self._has_infinitive(begin, end))
        is_clause = any(lang.match(key, text.lower, begin) for key in ("dependent_clauses", "that"))
        if is_infinitive or is_clause or self._has_reported_mood((begin, end), ""):
            return Found(CLAUSE, SAID, source, ((token, token + 1),), [self._trim(begin, end)])
        return None
