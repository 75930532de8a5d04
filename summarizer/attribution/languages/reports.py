"""The reported speech of an article in another language: apply the rules, and resolve the holders."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple

from summarizer._types import Certainty, Speech
from summarizer.article import Reading, find_asking, find_interviewers, find_labels
from summarizer.attribution.entities import Entities, Entity
from summarizer.attribution.languages.clauses import CLAUSE_TAG, CONFIDENCE, MOOD, QUOTATION_ALONE, SAID, VIEW, Found
from summarizer.attribution.languages.holders import Holder, Holders
from summarizer.attribution.languages.language import Language, find_language
from summarizer.attribution.languages.rules import UnitReader
from summarizer.attribution.languages.sources import Phrase, Source, SourceReader
from summarizer.attribution.languages.text import DASHES, Range, Text, find_full_names, restore_order
from summarizer.attribution.rules import SPEAKER_LABEL
from summarizer.spans import Span

_OTHER = {"name_particles": "de del della da di do dos van von der den la le"}
"""The words of a language without a folder."""
_PRONOUN_CONFIDENCE = 0.85
"""The share of a rule's confidence that is left for a pronoun or a description instead of a name."""
_TURN_CONFIDENCE = 0.97
_MAX_TIME = 6  # in tokens: "13:55 Uhr:" before a post
_MIN_QUOTED = 4  # in words: a shorter quotation is a title or a term, unless somebody says it
_MAX_HEDGE_DISTANCE = 40  # in tokens: the part of a content that is read for hedges


Report = dict[str, Any]
"""The fields of an `Attribution`."""


class Reports(NamedTuple):
    """What an article in another language reports."""

    reports: list[Report]
    entities: Entities
    quotations: list[tuple[Span, ...]]
    asked: frozenset[int]
    """The numbers of the sentences in an interviewer's turns."""


def find_reports(reading: Reading) -> Reports | None:
    """Return the reported speech, the entities and the quotations of an article; None if it is in English.

    In a language without a folder, only quotations beside a name are found.
    """
    code = reading.language
    return None if code == "en" else _ArticleReader(reading, find_language(code) or Language(_OTHER)).read()


def restore_statement_order(reading: Reading, words: str, rule: str) -> str:
    """Return the words of a statement with its verb in second place, in a language that puts it there."""
    language = find_language(reading.language) if rule in (VIEW.name, CLAUSE_TAG.name) else None
    return restore_order(words, language) if language else words


def name_language(reading: Reading) -> str | None:
    """Return the English name of an article's language, or None if it has no folder."""
    language = find_language(reading.language)
    return language.name if language else None


class _Turn(NamedTuple):
    """An answer in an interview, or a turn of a transcript."""

    start: int
    """The first token after the label."""
    question: int | None
    """The number of the sentence that it answers."""
    speaker: tuple[int, Phrase | None]
    """The paragraph with the speaker's label, and the name there; without one, the interviewee speaks."""


class _ArticleReader:
    def __init__(self, reading: Reading, language: Language) -> None:
        self._reading, self._lang = reading, language
        self._article_text = reading.article.text
        self._holders = Holders(self._article_text, language)
        self._surnames: frozenset[str] = frozenset()
        self._made: list[tuple[Found, Text, list[Holder]]] = []

    def read(self) -> Reports:
        prose = [sentence for sentence in self._reading.sentences if sentence.kind == "prose"]
        texts = [Text(self._lang, list(group)) for _, group in groupby(prose, key=lambda each: each.paragraph)]
        self._holders.full_names = find_full_names(texts, self._lang)
        self._surnames = frozenset(self._holders.full_names)
        pending: list[Holder] = []
        has_before = False
        turns = self._find_turns(texts) if self._reading.form in ("interview", "transcript") else {}
        interviewee = self._find_interviewee(texts[: min(turns)]) if turns else None
        for index, text in enumerate(texts):
            if index not in turns:
                pending, has_before = self._read_paragraph(text, pending, has_before)
            elif turn := turns[index]:
                at, name = turn.speaker
                holder = self._holders.resolve_name(name, texts[at]) if name else interviewee
                if holder is None:
                    continue
                source = Source((name,), *name.words, name.words[1]) if name and at == index else None
                found = Found(SPEAKER_LABEL, SAID, source, content=[(turn.start, len(text.words))])
                self._made.append((found, text, [holder]))
        entities, all_entities = self._holders.collect()
        reports = [
            self._report(found, text, tuple(entities[id(holder)] for holder in holders))
            for found, text, holders in self._made
        ]
        answered = {texts[index].sentences[0].number: turn.question for index, turn in turns.items() if turn}
        for report in reports:
            report["answers"] = answered.get(report["sentences"][0]) if report["rule"] is SPEAKER_LABEL else None
        asked = frozenset(each.number for index, turn in turns.items() if not turn for each in texts[index].sentences)
        said = {span for report in reports if report["rule"].content == "quotation" for span in report["content"]}
        quotations = [
            spans
            for text in texts
            for words in text.quotations
            if (spans := tuple(span for _, span in text.spans(self._article_text, words)))
            and (sum(map(text.is_word, range(*words))) >= _MIN_QUOTED or not said.isdisjoint(spans))
        ]
        return Reports(sorted(reports, key=lambda report: report["content"][0]), all_entities, quotations, asked)

    def _find_turns(self, texts: Sequence[Text]) -> dict[int, "_Turn | None"]:
        """Return the answers of an interview, and None for the turns that ask, by paragraph."""
        lines = [text.text for text in texts]
        labels = find_labels(lines)
        interviewers = find_interviewers(lines, labels)
        asking = {index for index, label in labels.items() if label.key in interviewers}
        asking = asking if labels else set(find_asking(lines))
        turns: dict[int, _Turn | None] = {}
        question: int | None = None
        speaker: tuple[int, Phrase | None] = -1, None
        for index in range(min([*labels, *asking], default=len(texts)), len(texts)):
            label, text, start = labels.get(index), texts[index], 0
            if label:
                begin, end, start = (bisect_left(text.starts, at) for at in (label.start, label.end, label.content))
                while begin < end - 1 and text.lower[begin] in self._lang.titles:
                    begin += 1
                is_named = label.kind == "name"
                speaker = (index, Phrase((begin, end), name=(begin, end), kind="person") if is_named else None)
            if index in asking or (speaker[0] in asking and labels):
                turns[index] = None
                question = next((each.number for each in reversed(text.sentences) if each.text[-1] == "?"), question)
            elif start < len(text.words):
                turns[index] = _Turn(start, question, speaker)
        return turns

    def _find_interviewee(self, introduction: Sequence[Text]) -> Holder | None:
        """Return the one person whom the headline or the introduction names."""
        titles = [Text(self._lang, [each]) for each in self._reading.sentences if each.kind == "title"]
        names = list(find_full_names([*titles, *introduction], self._lang).values())
        given = [name for name in names if name.split(maxsplit=1)[0].lower() in self._lang.given_names] or names
        return self._holders.add_person(given[0]) if len(given) == 1 else None

    def _read_paragraph(self, text: Text, pending: list[Holder], has_before: bool) -> tuple[list[Holder], bool]:
        """Read the units; return who is introduced at its end, and whether it has an attribution."""
        reader = UnitReader(text, self._surnames)
        sources = reader.sources
        speaker = list(self._made[-1][2]) if has_before else []
        is_new, last_count = True, -1
        subject: list[Holder] = []
        named: list[Holder] = []
        waiting: list[Found] = []  # a quotation whose speaker may be the subject of the next sentence
        for unit in text.units:
            count = len(self._made)
            people = self._find_people(unit, text, sources)
            follows = "" if is_new or count == last_count else self._made[-1][0].rule.content
            last_count = count
            here = reader.read(unit, is_pending=bool(pending), before=follows)
            self._pass_subject(unit, here, text, sources)
            for found in here:
                is_more = found.rule is QUOTATION_ALONE and not is_new and not subject
                if is_more and self._made[-1][0].rule.content == "quotation":
                    self._made[-1][0].content += found.content
                    continue
                holders = self._hold(found, text, speaker, pending, subject, named, sources, is_new=is_new)
                if holders is None:
                    waiting = [found] if found.rule is QUOTATION_ALONE and len(here) == 1 else []
                    continue
                self._made.append((found, text, holders))
                if (holders and found.rule is not VIEW) or not speaker:
                    speaker = holders
                is_new = False
            pending = []
            if text.lower[unit[1] - 1] == ":" and (source := reader.introduction((unit[0], unit[1] - 1))):
                pending = self._holders.resolve(source, text)
            subject, named = [], []
            if count == len(self._made):
                subject, named = self._read_subject(unit, text, sources, people, waiting)
        return pending, not is_new

    def _read_subject(
        self, unit: Range, text: Text, sources: SourceReader, people: list[Holder], waiting: list[Found]
    ) -> tuple[list[Holder], list[Holder]]:
        """Return the subject of a unit without an attribution, and the only person that it names.

        A certain subject says the quotations that are ``waiting`` for a speaker.
        """
        source = sources.read(unit[0], unit[1])
        has_cue = any(word in self._lang.cues for word in text.lower[unit[0] : unit[1]])
        first = source.phrases[0] if source else Phrase((0, 0))
        is_person = first.name or first.pronoun in ("male", "female") or first.kind == "person"
        if source and ((has_cue and first.kind == "body") or (is_person and self._is_sure(first, text))):
            subject = self._holders.resolve(source, text)
            self._made += [(found, text, subject) for found in waiting if first.name and unit != text.units[0]]
            waiting.clear()
            return subject, []
        if len(people) == 1:
            self._holders.salient += people
            return (people if has_cue else []), people
        follows_cue = source and self._lang.cues.get("".join(text.lower[source.after : source.after + 1]))
        if source and self._lang.nouns_capitalised and follows_cue:
            return self._holders.resolve(source, text), []  # "Kettler widersprach"
        if source and first.is_definite and first.kind == "body":
            self._holders.resolve(source, text)
        return [], []

    def _hold(  # noqa: PLR0917  # whom a quotation without a tag can belong to
        self, found: Found, text: Text, speaker: list[Holder], pending: list[Holder], subject: list[Holder],
        named: list[Holder], sources: SourceReader, *, is_new: bool,
    ) -> list[Holder] | None:  # fmt: skip
        """Return the holders of an attribution, or None if it is nobody's."""
        if found.source is not None:
            holders = self._holders.resolve(found.source, text, subject or named)
            is_pronoun = found.source.phrases[0].pronoun in ("male", "female", "plural")
            if not holders and is_pronoun and found.rule is CLAUSE_TAG:
                source = sources.read(found.content[0][0], found.source.start)  # "Le groupe fermera, a-t-il annoncé"
                holders = self._holders.resolve(source, text) if source and source.phrases[0].kind == "body" else []
            return holders
        if found.own_view:
            holder = self._holders.find_salient(found.own_view)
            is_last = found.own_view == "last"  # "Demnach fehlt Geld"
            return (subject or named or self._holders.salient[-1:] if is_last else [holder] if holder else []) or None
        if pending and found.rule is QUOTATION_ALONE:
            return pending
        if found.rule is MOOD:
            return subject or speaker or None
        if subject or named or not is_new:
            return subject or named or speaker or None
        is_whole = len(text.quotations) == 1 and text.quotations[0] == (0, len(text.words))
        if not (is_whole and self._made and speaker):
            return None
        last, other, _ = self._made[-1]
        ends_in_quotation = last.content[-1:] == other.quotations[-1:] and last.content[-1][1] >= len(other.words) - 1
        return speaker if ends_in_quotation else None

    def _pass_subject(self, unit: Range, here: Sequence[Found], text: Text, sources: SourceReader) -> None:
        """Let later pronouns of a sentence mean the person at its beginning."""
        topic = self._lang.match("topics", text.lower, *unit)
        source = (sources.read_after_article if topic else sources.read)(unit[0] + topic, unit[1])
        first = source.phrases[0] if source else Phrase((0, 0))
        is_known = first.kind in ("person", "body") if topic else first.name is not None and self._is_sure(first, text)
        sources_here = [found.source for found in here if found.source]
        has_tag = any(found.rule is CLAUSE_TAG and found.source.phrases[0].pronoun for found in here if found.source)
        is_new = not has_tag and all(each.start != source.start for each in sources_here) if source else False
        if source and is_new and (is_known or (topic and first.name)):
            self._holders.resolve(source, text)

    def _is_sure(self, phrase: Phrase, text: Text) -> bool:
        """Return whether a name at the beginning of a sentence is one, and not only a word with a capital."""
        if phrase.name is None or phrase.role:
            return True
        is_full = phrase.name[1] - phrase.name[0] > 1
        word = text.lower[phrase.name[0]]
        is_known = word in self._lang.given_names or (not is_full and word in self._holders.full_names)
        return is_known or (is_full and not self._lang.nouns_capitalised)

    def _find_people(self, unit: Range, text: Text, sources: SourceReader) -> list[Holder]:
        """Return the people whom a unit names in full, and keep their roles: "Hier sprach der Angeklagte, Tom Lind"."""
        found: dict[int, Holder] = {}
        for token in range(*unit):
            is_given = text.lower[token] in self._lang.given_names
            after_comma = token > unit[0] and text.lower[token - 1] == ","
            is_name = text.capitals[token] and text.quotation_of[token] < 0
            if is_name and (is_given or (after_comma and not self._lang.nouns_capitalised)):
                source = sources.read(token, unit[1])
                noun = token - 1 - after_comma
                has_role = is_given and noun >= unit[0] and self._lang.noun_kind(text.lower[noun]) == "person"
                is_full = source is not None and source.phrases[0].words[1] > token + 1
                if source and source.phrases[0].name and (has_role or is_full):
                    holder = self._holders.resolve_name(source.phrases[0], text)
                    holder.role = holder.role or (text.words[noun] if has_role else "")
                    found |= {id(holder): holder} if is_full else {}
        return list(found.values())

    def _report(self, found: Found, text: Text, holders: tuple[Entity, ...]) -> Report:
        if self._reading.form == "live-blog" and found.content[0][0] == 0 and text.words[0][0].isdigit():
            time = [at for at in range(min(_MAX_TIME, len(text.words) - 1)) if text.words[at] in {":", *DASHES}]
            found.content[0] = (time[-1] + 1 if time else 0, found.content[0][1])
        content = [each for piece in found.content for each in text.spans(self._article_text, piece)]
        cue = [each for words in found.cue for each in text.spans(self._article_text, words)]
        source = text.spans(self._article_text, (found.source.start, found.source.end)) if found.source else []
        phrases = found.source.phrases if found.source else ()
        named = any(phrase.name or phrase.kind == "body" for phrase in phrases)
        confidence = CONFIDENCE.get(found.rule.name, _TURN_CONFIDENCE) * (1 if named else _PRONOUN_CONFIDENCE)
        return Report(
            source=tuple(span for _, span in source),
            cue=tuple(span for _, span in cue),
            content=tuple(span for _, span in content),
            sentences=tuple(sorted({number for number, _ in content})),
            holders=holders,
            speech="direct" if found.rule.is_turn else _find_speech(text, found.content),
            certainty=self._certainty(found, text),
            act=found.cue_verb.act,
            polarity=found.cue_verb.polarity,
            rule=found.rule,
            confidence=round(confidence, 3),
            denied=found.denied,
            unsaid=found.unsaid,
        )

    def _certainty(self, found: Found, text: Text) -> Certainty:
        start, end = found.content[0]
        near = range(start + 1, min(end, start + _MAX_HEDGE_DISTANCE))
        words = {text.lower[at] for at in near}
        has_condition = any(self._lang.match("conditions", text.lower, at) for at in near)  # "s'il", not "s'oppose"
        if found.cue_verb.certainty == "asserted" and has_condition:
            return "conditional"
        is_hedged = found.cue_verb.certainty == "asserted" and not words.isdisjoint(self._lang.words("hedges"))
        return "hedged" if is_hedged else found.cue_verb.certainty


def _find_speech(text: Text, content: Sequence[Range]) -> Speech:
    if text.lower[0] in DASHES and not text.quotations:
        return "direct"
    quoted = {text.quotation_of[at] >= 0 for start, end in content for at in range(start, end) if text.is_word(at)}
    return "direct" if quoted == {True} else "mixed" if True in quoted else "indirect"
