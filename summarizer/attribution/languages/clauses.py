"""Clauses of another language: where a verb group, its subject and its content begin and end."""

from bisect import bisect_right
from dataclasses import dataclass, field
from operator import sub

from summarizer.attribution.languages.language import CueVerb
from summarizer.attribution.languages.sources import Source, SourceReader, subject_starts
from summarizer.attribution.languages.text import DASHES, STOPS, Range, Text
from summarizer.attribution.rules.base import Rule

QUOTATION_TAG = Rule("quotation with a tag", content="quotation", own_words=True)
QUOTATION_COLON = Rule("quotation after a colon", content="quotation", own_words=True)
QUOTATION_BESIDE_NAME = Rule("quotation beside a name", content="quotation", own_words=True, confirms=False)
"""In a language without a folder."""
QUOTATION_ALONE = Rule("quotation after its speaker", content="quotation", own_words=True, confirms=False)
CLAUSE_TAG = Rule("clause with a tag", own_words=True)
CLAUSE = Rule("clause after a cue")
DEPENDENT_CLAUSE = Rule("dependent clause after a cue", needs_cue="always")
OBJECT = Rule("object of a cue", content="object", keeps_cue=True, needs_cue="always")
VIEW = Rule("view of a source")
MOOD = Rule("reported mood")
CONFIDENCE = {
    QUOTATION_TAG.name: 0.95, QUOTATION_COLON.name: 0.95, QUOTATION_BESIDE_NAME.name: 0.8, QUOTATION_ALONE.name: 0.8,
    CLAUSE_TAG.name: 0.9, CLAUSE.name: 0.9, DEPENDENT_CLAUSE.name: 0.9, OBJECT.name: 0.7, VIEW.name: 0.9,
    MOOD.name: 0.75,
}  # fmt: skip
"""The probability that a reader names the same source; a pronoun or an unnamed source has less."""

SAID = CueVerb("said")
MAX_TO_CONTENT = 25
"""In tokens: from a cue to its content, to its participle or to its particle."""
_MAX_CLAUSE = 50  # in tokens: from a subject to its verb, from the beginning to a word that excludes a report
MAX_AFFILIATION = 7
"""In tokens: from a name to its verb."""


@dataclass(slots=True)
class Found:
    """An attribution in tokens of one paragraph."""

    rule: Rule
    cue_verb: CueVerb
    source: Source | None
    """None if the holder is that of the attribution before: of a reported mood, of a quotation without a tag."""
    cue: tuple[Range, ...] = ()
    content: list[Range] = field(default_factory=list)
    denied: bool = False
    unsaid: bool = False
    own_view: str = ""
    """The sex of the person whose view it is, if a possessive tells it: "ihrer Ansicht nach"."""


class ClauseReader:
    """Find the verb groups and subjects of a paragraph."""

    def __init__(self, text: Text, surnames: frozenset[str]) -> None:
        self._text, self._lang, self._surnames = text, text.language, surnames
        self.is_present = False
        """The verb of the attribution before is in the present: a preterite after it is a Konjunktiv II."""
        self.before = ""
        """What the attribution in the unit before is made of, if there is one: "quotation" or "clause"."""
        self.sources = SourceReader(text, surnames)

    def _verb_group(self, token: int, cue: CueVerb, unit: Range) -> Range | None:
        """Return the finite verb of a cue and the end of its group; None if the form attributes nothing here."""
        text, lang = self._text, self._lang
        auxiliary = self._auxiliary_before(token, cue, unit)
        start = token if auxiliary is None else auxiliary
        if cue.is_reflexive and not lang.words("reflexives").intersection(text.lower[max(start - 2, unit[0]) : start]):
            return None
        if cue.is_participle and auxiliary is None:
            is_last = token + 1 < unit[1] and lang.nouns_capitalised and text.lower[token + 1] in lang.words("perfect")
            return (token, token + 2) if is_last else None
        finite = start
        if text.lower[finite] in lang.words("report_mood") and finite < token:
            return None  # "sie habe gesagt": reported itself
        if not cue.particle:
            return finite, token + 1
        for at in range(token + 1, min(unit[1], token + MAX_TO_CONTENT)):
            after = at + len(cue.particle)
            if tuple(text.lower[at:after]) == cue.particle and (
                after >= unit[1]
                or not text.is_word(after)
                or text.lower[after] in lang.words("conjunctions")
                or at == token + 1 + (text.lower[token + 1] in lang.pronouns)
                or self._skip(token + 1, at, "adverbs", "negations", "ceasing") == at
            ):
                return finite, after
        return None

    def _auxiliary_before(self, token: int, cue: CueVerb, unit: Range) -> int | None:
        """Return the "hat" of "hat am Montag gesagt", if a cue is its participle."""
        text, lang = self._text, self._lang
        floor = max(unit[0], token - (MAX_TO_CONTENT if lang.nouns_capitalised else MAX_AFFILIATION))
        is_last = token + 1 >= unit[1] or not text.is_word(token + 1)
        for at in range(token - 1, floor - 1, -1):
            lower = text.lower[at]
            is_quoted = text.quotation_of[at] >= 0 and not self._is_quoted_name(at)
            if is_quoted or lower in (":", ";", *STOPS) or (lower == "," and not lang.nouns_capitalised):
                return None
            if lower in lang.words("perfect"):
                inner = self._skip(at + 1, token, "negations", "clitics")
                while inner < token and text.lower[inner] in lang.pronouns:
                    inner = self._skip(inner + 1, token, "negations", "clitics")
                return at if inner >= token or (lang.nouns_capitalised and (is_last or cue.is_participle)) else None
        return None

    def _subject_before(self, verb: int, unit: Range) -> Source | None:
        text = self._text
        start, skipped = unit[0], -2
        for at in range(verb - 1, max(unit[0], verb - _MAX_CLAUSE) - 1, -1):
            is_name = at == verb - 1 and self._is_quoted_name(at)
            if text.lower[at] in (";", ":") or (
                text.quotation_of[at] >= 0 and not is_name and text.quotation_of[at] != skipped
            ):
                start = at + 1
                break
            skipped = text.quotation_of[at] if is_name else skipped
        sources = [
            source
            for place in subject_starts(text, start, verb)
            if (source := self.sources.read(place, verb)) is not None and self._can_speak(source)
        ]
        for source in sources:
            for end in (source.after, source.end):
                has_name = end < verb and text.quotation_of[end] == skipped  # "Die Zeitung „Tagblatt“ schreibt"
                after = text.quotations[skipped][1] if has_name else end
                rest = self._skip(after, verb, "clitics", "negations")
                if rest < verb <= rest + MAX_AFFILIATION and self._is_affiliation(rest, verb):
                    return source
                is_closed = rest == verb - 1 and text.lower[rest] == "," and not source.phrases[0].pronoun
                if rest == verb or is_closed:
                    return source
        return next((source for source in reversed(sources) if self._is_set_off(source.end, verb)), None)

    def _is_quoted_name(self, token: int) -> bool:
        """Return whether a quotation is only a few words, such as the name of a newspaper."""
        quotation = self._text.quotation_of[token]
        return quotation >= 0 and -sub(*self._text.quotations[quotation]) < MAX_AFFILIATION

    def _is_affiliation(self, start: int, end: int) -> bool:
        """Return whether words after a name say where the person belongs: "vom Wetterdienst"."""
        text, lang = self._text, self._lang
        words = range(start, end)
        return text.lower[start] in lang.words("links") and all(
            text.is_word(at) and text.lower[at] not in lang.cues and text.lower[at] not in lang.words("auxiliaries")
            for at in words
        )

    def _is_set_off(self, end: int, verb: int) -> bool:
        """Return whether only a clause between commas separates a subject from its verb."""
        text, lang = self._text, self._lang
        if end >= verb - 1 or text.lower[end] != "," or text.lower[verb - 1] != ",":
            return False
        inner = text.lower[end + 1 : verb - 1]
        if lang.match("relatives", text.lower, end + 1, verb):
            return True
        if len(inner) > 1 and (inner[0] in lang.pronouns or inner[0] in lang.words("no_report")):
            return False  # "Non, je travaille, répondit"
        return not any(word in lang.cues or word in lang.words("auxiliaries") for word in inner)

    def _inverted(self, finite: int, token: int, unit: Range) -> Source | None:
        """Return the subject after a verb that an adverb or a phrase precedes: "Am Montag sagte Berg"."""
        opens = self._lang.match("dependent_clauses", self._text.lower, unit[0])
        follows_comma = self._text.lower[finite - 1 : finite] == [","] and not opens
        if not self._lang.nouns_capitalised or follows_comma or finite == unit[0]:
            return None
        return self._subject_after(finite, token, unit)

    def _subject_after(self, finite: int, token: int, unit: Range) -> Source | None:
        lang = self._lang
        start = self._skip(finite + 1, unit[1])
        stop = token if finite < token and start < token else unit[1]
        if not lang.nouns_capitalised and start >= token:
            start, stop = self._skip(token + 1, unit[1]), unit[1]
        start = self._skip_time(start, stop)
        source = self.sources.read(start, stop)
        return source if source is not None and self._can_speak(source) else None

    def _comparison(self, finite: int, token: int, unit: Range) -> tuple[Source, int, int] | None:
        """Return the source of "wie Berg sagte" or "comme l'a dit Petit", and the range of the clause."""
        text, lang = self._text, self._lang
        for at in range(finite - 1, max(unit[0], finite - MAX_TO_CONTENT) - 1, -1):
            if text.quotation_of[at] >= 0 or text.lower[at] in (":", ";"):
                return None
            length = lang.match("comparisons", text.lower, at)
            if length and (at == unit[0] or text.lower[at - 1] in (",", "–", "-")):
                start = self._skip(at + length, finite)
                start += lang.match("places", text.lower, start, finite)  # "wie aus Kreisen verlautete"
                before = self.sources.read(start, finite) if start < finite else None
                source = before or self._subject_after(finite, token, unit)
                if source is None or not self._can_speak(source) or "," in text.lower[source.after : finite]:
                    return None  # "wie viele Stellen wegfallen, will …"
                end = token + 1 if before else max(token + 1, source.after)
                end -= text.lower[end - 1] == ","
                return source, at, text.find(frozenset({",", "–"}), end, unit[1])
        return None

    def _can_speak(self, source: Source) -> bool:
        return all(phrase.kind != "abstract" for phrase in source.phrases)

    def _skip(self, at: int, stop: int, *more: str) -> int:
        lang, text = self._lang, self._text
        while at < stop and not (text.capitals[at] and lang.nouns_capitalised):
            length = lang.match("adverbs", text.lower, at, stop)
            for key in more:
                length = length or lang.match(key, text.lower, at, stop)
            if not length:
                break
            at += length
        return at

    def _skip_back(self, at: int, floor: int) -> int:
        lang, text = self._lang, self._text
        skipped = lang.words("adverbs") | lang.words("clitics")
        while at > floor and text.quotation_of[at - 1] == text.quotation_of[at] and text.lower[at - 1] in skipped:
            at -= 1
        return at

    def _skip_time(self, at: int, stop: int) -> int:
        """Return the token after a phrase of time or place: "am Montag", "in Berlin"."""
        text, lang = self._text, self._lang
        while at < stop and text.lower[at] in lang.words("prepositions_of_time") and not text.capitals[at]:
            end = at + 1
            while end < min(stop, at + 5) and (
                lang.match("definite", text.lower, end) or text.lower[end] in lang.words("days")
                or text.words[end].isdigit() or text.lower[end] == "."
                or (end == at + 2 and not lang.nouns_capitalised and text.words[end].islower())  # "devant la presse"
            ):  # fmt: skip
                end += 1
            if end == at + 1:
                end += end + 1 < stop and text.capitals[end] and text.lower[at] not in lang.words("definite")
            if end == at + 1:
                break
            at = self._skip(end, stop)
        return at

    def _follows_pause(self, at: int, unit: Range) -> bool:
        text = self._text
        before = at - 1
        return before >= unit[0] and (text.quotation_of[before] >= 0 or text.lower[before] in {",", *DASHES, *STOPS})

    def _trim(self, start: int, end: int) -> Range:
        text = self._text
        while start < end and text.quotation_of[start] < 0 and not text.is_word(start):
            start += 1
        while end > start and text.quotation_of[end - 1] < 0 and not text.is_word(end - 1):
            end -= 1
        return start, end

    def _is_content(self, piece: Range) -> bool:
        text, lang = self._text, self._lang
        at = piece[0]
        if piece[1] <= at or text.quotation_of[at] >= 0:
            return piece[1] > at
        while at < piece[1] and (length := lang.match("leads", text.lower, at, piece[1])):
            at += length
        return piece[1] - at > (text.lower[0] not in DASHES)

    def _quotations_in(self, unit: Range) -> list[int]:
        return [index for index in dict.fromkeys(self._text.quotation_of[unit[0] : unit[1]]) if index >= 0]

    def _opens_clause(self, at: int, unit: Range) -> bool:
        text, lang = self._text, self._lang
        if at >= unit[1] or text.quotation_of[at] >= 0 or not text.is_word(at):
            return False
        lower = text.lower
        if not lang.nouns_capitalised:
            return lang.match("complementisers", lower, at) > 0
        if lower[at] in lang.words("relatives") and at + 1 < unit[1]:
            is_phrase = any(map(text.capitals.__getitem__, range(at + 1, min(unit[1], at + 4))))
            is_clause = is_phrase and not lang.match("function_words", lower, at + 1)
            return is_clause or lower[at + 1] in lang.words("report_mood")
        is_tag = lower[at] in lang.cues and not text.capitals[at]
        return not (is_tag or lang.match("no_content", lower, at) or lang.match("conjunctions", lower, at))

    def _has_infinitive(self, at: int, stop: int) -> bool:
        """Return whether an infinitive with its mark begins at a token: "de fermer le pont"."""
        lang, lower = self._lang, self._text.lower
        if lower[at] not in lang.words("infinitive_marks") | lang.words("negation_marks"):
            return False
        verb = self._skip(at + 1, stop, "clitics", "negations")
        return verb < stop and lower[verb].endswith(tuple(lang.words("infinitive_endings")) or ("\n",))

    def _is_infinitive(self, at: int) -> bool:
        """Return whether a bare infinitive is at a token: "a déclaré ignorer"."""
        lower, lang = self._text.lower, self._lang
        is_other = lang.match("function_words", lower, at) or lang.noun_kind(lower[at]) or self._text.capitals[at]
        return not is_other and lower[at].endswith(tuple(lang.words("bare_infinitive_endings") or ("\n",)))

    def _has_reported_mood(self, unit: Range, before: str) -> bool:
        """Return whether the mood of a verb shows a report; a weak one needs a report before it."""
        text, lang = self._text, self._lang
        moods = lang.words("report_mood")
        endings: tuple[str, ...] = ("\n",)
        if before and (before != "quotation" or not lang.nouns_capitalised):
            moods, endings = moods | lang.words("weak_mood"), tuple(lang.words("weak_mood_endings")) or endings
        elif not moods:
            return False
        outer = [at for at in range(*unit) if text.quotation_of[at] < 0]
        lowers = [text.lower[at] for at in outer]
        if not lang.words("no_report").isdisjoint(lowers[:_MAX_CLAUSE]):
            return False
        if any(
            (lang.has_stem(text.lower[at], moods) or text.lower[at].endswith(endings))
            and not text.capitals[at]
            and text.lower[at - 1] != "als"
            for at in outer
        ):
            return True
        if not before or lang.words("ambiguous_mood").isdisjoint(lowers):
            return False
        if self.is_present and lang.words("past_times").isdisjoint(lowers):
            return True
        following = text.units[bisect_right(text.units, unit) :][:1]  # "Die Kunden blieben weg. Es fehle Geld."
        after = {text.lower[at] for each in following for at in range(*each)}
        return not after.isdisjoint(moods) and after.isdisjoint(lang.cues)

    @staticmethod
    def _names(source: Source) -> bool:
        phrase = source.phrases[0]
        return (
            bool(phrase.name)
            or phrase.pronoun in ("male", "female", "plural", "plural or female")
            or (phrase.kind in ("person", "body") and phrase.has_determiner)
        )

    def _has_described_subject(self, verb: int, unit: Range) -> bool:
        """Return whether a subject with a description precedes a verb: "L'opposition, en revanche, dénonce"."""
        if self._text.quotation_of[verb - 1] >= 0 or self._text.quotation_of[max(verb - 2, 0)] >= 0:
            return False
        source = self._subject_before(verb, unit)
        return source is not None and (source.after > source.end + 1 or self._is_set_off(source.end, verb))
