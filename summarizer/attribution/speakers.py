"""Speakers: whether a source names somebody or some body that can speak, decided by its head noun.

People, bodies, groups and documents can speak. Times, abstract nouns, and pieces of clauses that a rule took for a
noun phrase cannot. The word lists are in ``speakers.toml``.
"""

from collections.abc import Iterable
from itertools import islice

from summarizer.attribution.entities import Entities, Entity
from summarizer.attribution.introductions import is_surely_person
from summarizer.attribution.lexicon import (
    GIVEN_NAMES,
    NATIONALITIES,
    ORGANISATION_NOUNS,
    ORGANISATIONS,
    TIMES,
    TITLES,
    WORDS,
    classify_noun,
    is_person_noun,
    word_set,
)
from summarizer.attribution.names import EntityKind, lookup_form
from summarizer.attribution.noun_phrases import GOVERNING, MAX_ROLE, takes_name
from summarizer.attribution.tokens import Paragraph, Range, Token

_AFTER_HEAD = GOVERNING | {"to", ",", "(", "who", "which", "that", "whose", "familiar", "close", "present", "able"}
_READERS = frozenset({"my", "our", "your"})
_SPEAKING = frozenset({"person", "body", "document"})
_AFTER_VERB = WORDS["phrase_openers"] | word_set("him her them it up out down off back away no better")
"""Words that show that a past form before them is the verb of a clause: "launched a", "stepped up"."""
_MIN_SHOUTED = 3  # in letters: more in capitals are a word of a headline, no acronym
_COMPARISONS = (("the", "more"), ("the", "less"), ("the", "fewer"))
_MAX_PARTITIVES = 3  # how many "of" are followed: "some of the members of the council"


def find_head(paragraph: Paragraph, words: Range) -> int:
    """Return the head noun of a phrase: "spokesman" in "a Treasury spokesman asked about the plan on Tuesday"."""
    tokens, (start, end) = paragraph.tokens, words
    is_adjective = tokens[start].is_determiner and paragraph.lower[start + 1 : start + 2] == ("close",)
    stop = paragraph.find(_AFTER_HEAD, start + 1 + is_adjective, end)  # "a close friend"
    for word in range(start + 1, stop):
        if is_participle(tokens[word]) and classify_noun(lookup_form(tokens[word - 1].text)) in _SPEAKING:
            stop = word
            break
    head = stop - 1
    while head > start and _follows_head(tokens[head]):
        head -= 1
    return head


def is_participle(token: Token) -> bool:
    """Return whether a word has the form of a participle."""
    lower = token.lower
    return "-" not in lower and (lower.endswith(("ed", "ing")) or lower in WORDS["irregular_participles"])


def _follows_head(token: Token) -> bool:
    """Return whether a last word of a phrase is not part of it: "the mayor on Tuesday", "the mayor however"."""
    return token.is_day or not token.text[0].isalnum() or token.is_adverb or token.lower in WORDS["late_adverbs"]


def without_time(paragraph: Paragraph, words: Range) -> Range:
    """Return a phrase without a day or a participle at its end: "the mayor on Tuesday", "a memo released"."""
    (start, end), tokens = words, paragraph.tokens
    while end - 1 > start and (tokens[end - 1].is_day or tokens[end - 1].lower in WORDS["late_adverbs"] | {"to"}):
        end -= 1
    if end < words[1] and end - 1 > start and tokens[end - 1].lower in ("on", "in", "late", "early"):
        end -= 1
    is_reduced = end - start > 1 and is_participle(tokens[end - 1]) and tokens[end - 1].text.islower()
    return start, end - (is_reduced and classify_noun(lookup_form(tokens[end - 2].text)) in _SPEAKING)


def without_clause(paragraph: Paragraph, words: Range) -> Range:
    """Return the subject of a clause that was read as a phrase: "the club" in "the club filed complaints".

    A noun before it is not part of it: "Gale officials" in "the place Gale officials call home".
    """
    start, end = words
    stop = paragraph.find((",", "who", "which", "that"), start + 1, end)
    is_definite = paragraph.tokens[start].is_determiner or paragraph.lower[start] == "one"
    for word in range(start + 2, stop if is_definite else 0):
        if paragraph.tokens[word].is_capitalised and paragraph.tokens[word - 1].text.islower():
            start = word if paragraph.lower[word - 1].removesuffix("s") in WORDS["before_clause"] else start
            break
    for word in range(start + 1, stop - 1):
        token, before, after = paragraph.tokens[word], paragraph.tokens[word - 1], paragraph.lower[word + 1]
        is_past = token.lower.endswith("ed") or token.lower in WORDS["irregular_pasts"]
        is_subject_before = not (before.is_determiner or before.is_preposition or before.is_adverb)
        has_object = after in _AFTER_VERB or after[0] in "$£€" or paragraph.tokens[word + 1].owns
        has_object = has_object or token.lower in WORDS["moves"]
        is_noun = before.text.islower() or before.lower in WORDS["pro_nouns"]
        if word + 2 == end and is_noun and token.lower.endswith("ed"):  # "the clubs issued statements"
            has_object = has_object or "unknown" not in (classify_noun(after), classify_noun(before.lower))
        is_saying = before.is_capitalised and token.lower in ("said", "wrote", "tweeted")
        if token.text.islower() and (is_saying or (is_past and is_subject_before and has_object)):
            return start, word
    return start, end


_NO_NAMES = word_set("tv super vp")


def can_name_speaker(paragraph: Paragraph, entity: Entity, start: int, *, is_sure: bool, is_in_title: bool) -> bool:
    """Return whether a name can be a speaker's: not a place after a name, an event or a headline."""
    words = [lookup_form(word) for word in entity.name.split()]
    if len(words) == 1 and (words[0] in _NO_NAMES or words[0][1:2] == "-"):
        return is_surely_person(entity)  # "TV", "R-Ohio"
    if len(words) > 1 and words[-1] in WORDS["last_of_event"]:
        return words[0] in GIVEN_NAMES or bool(entity.role)
    if " ".join(words) in WORDS["places"] and (entity.name.endswith(".") or not is_sure):
        return False  # "Va.", "Utah will prefer"
    if " ".join(words) in WORDS["places"] and start > 1 and paragraph.tokens[start - 2].is_capitalised:
        return paragraph.lower[start - 1] not in (",", "of")  # "Reno, Nevada"
    is_alone = len(entity.mentions) == 1 and not is_in_title
    return not (is_alone and len(words) > 1 and words[0] not in GIVEN_NAMES and paragraph.has_title_case)


def can_speak(paragraph: Paragraph, words: Range, *, is_sure: bool) -> bool:
    """Return whether a phrase without a name of its own names a possible speaker.

    Args:
        paragraph: The paragraph of the phrase.
        words: The phrase, without appositions.
        is_sure: The words around it show a speaker, as a tag does. An unknown noun is then one, too.
    """
    start, words = words[0], _skip_partitives(paragraph, words)
    head = find_head(paragraph, words)
    first, token = paragraph.tokens[words[0]], paragraph.tokens[head]
    noun = lookup_form(token.text)
    is_later = paragraph.lower[head + 1 : head + 2] in (("later",), ("earlier",), ("ago",))  # "minutes later"
    if is_later or _is_fragment(paragraph, (words[0], head + 1)) or noun in WORDS["quantities"]:
        return False
    if _is_of_headline(paragraph, words):
        return False
    if "to" in paragraph.lower[max(0, start - 1) : start] and paragraph.lower[start - 2] != "according":
        return first.is_determiner  # "to block the plan"
    is_connective = words[1] - start == 1 and first.lower in WORDS["connectives"]  # "Moreover"
    is_none = first.is_mark or paragraph.lower[start] == "no"  # "-worthy headlines"
    if is_connective or is_none or _has_other_sense(paragraph, words, head, start):
        return False
    if noun == "story" and head and paragraph.lower[head - 1] != "cover":
        return classify_noun(paragraph.lower[head - 1]) != "none"  # "the truck story"
    if noun in WORDS["pro_nouns"] or (noun == "those" and (is_sure or words[0] != start)):
        return True
    kind = classify_noun(noun)
    if kind != "unknown" and not (kind == "none" and is_sure and first.is_determiner and first.lower not in _READERS):
        return kind != "none"
    return _may_be_speaker(paragraph, words, head, is_sure=is_sure)


def _skip_partitives(paragraph: Paragraph, words: Range) -> Range:
    """Return the part of a phrase after words for an amount: "the council" in "some of the council"."""
    for _ in range(_MAX_PARTITIVES):
        head = find_head(paragraph, words)
        noun = lookup_form(paragraph.tokens[head].text)
        is_partitive = noun in WORDS["partitives"] or noun.removesuffix("s") in WORDS["partitives"]
        is_partitive = is_partitive and not (noun == "number" and paragraph.lower[words[0]] == "the")
        if not (is_partitive and paragraph.lower[head + 1 : head + 2] == ("of",) and head + 2 < words[1]):
            break
        words = head + 2, words[1]
    return words


def _is_of_headline(paragraph: Paragraph, words: Range) -> bool:
    """Return whether the capitals of a phrase are those of a headline: "TEAM KEEPS TITLE", "Berg Under Pressure"."""
    capitals = [token for token in paragraph.tokens[words[0] : words[1]] if token.is_capitalised]
    if sum(len(token.text) > _MIN_SHOUTED and token.text.isupper() for token in capitals) > 1:
        return True
    is_small_word = (token.is_preposition or token.is_adverb for token in islice(capitals, 1, None))
    return paragraph.has_title_case and any(is_small_word)


def _has_other_sense(paragraph: Paragraph, words: Range, head: int, start: int) -> bool:
    """Return whether the head noun, which can name a speaker, means something else here."""
    token, first, lower = paragraph.tokens[head], paragraph.tokens[words[0]], paragraph.lower
    noun, is_small = lookup_form(token.text), token.text.islower()
    match noun:
        case "minutes":
            return lower[head - 1] == "few"
        case "most":
            return lower[head - 1] == "the"
        case "side":
            return first.lower in ("a", "an", "this")  # "a different side"
        case "show":
            return lower[head + 1 : head + 3] == ("of", "hands")
        case "tv":
            return True
        case "news":
            return is_small
    if noun in WORDS["own_figures"]:
        return first.lower in ("his", "her", "its", "their")  # "his body mass index"
    is_after_as = start > 0 and lower[start - 1] == "as"  # "her tenure as secretary of state"
    return is_after_as and noun in TITLES and is_small and not first.is_determiner


def _may_be_speaker(paragraph: Paragraph, words: Range, head: int, *, is_sure: bool) -> bool:
    """Return whether a noun of an unknown class can name a speaker, by its form and the words around it."""
    token, first = paragraph.tokens[head], paragraph.tokens[words[0]]
    noun = lookup_form(token.text)
    is_time = token.is_day or noun in TIMES
    if is_time or not noun[0].isalpha() or token.is_adverb or token.is_pronoun or token.is_determiner:
        return False
    is_name = token.is_capitalised and not paragraph.begins_sentence(head) and paragraph.kind != "title"
    is_alone = head == words[0] and not noun.endswith("s")
    is_capital_expected = paragraph.begins_sentence(words[0]) and (is_alone or not token.is_capitalised)  # "Hit reply"
    is_described = first.is_determiner or noun.endswith("s") or (first.is_capitalised and not is_capital_expected)
    is_verb = noun.endswith(("ed", "ing")) and token.text.islower()
    return is_name or (is_sure and is_described and not is_verb)


def _is_fragment(paragraph: Paragraph, words: Range) -> bool:
    """Return whether words are a piece of a clause: "relayed the exchange", "the room remained"."""
    (start, end), tokens = words, paragraph.tokens
    first = tokens[start]
    if paragraph.lower[start : start + 2] in _COMPARISONS:
        return True  # "the more voters"
    if first.lower in ("more", "less") and not tokens[end - 1].lower.endswith("s"):
        return True  # "more sympathetic"
    if first.is_preposition:
        return first.lower not in ("over", "around", "about", "under") or end - start < 3
    is_gerund = first.lower.endswith("ing") and is_participle(first) and first.lower not in WORDS["no_participles"]
    if is_gerund and end - start > 1 and first.lower not in WORDS["describing"]:
        return True
    for word in range(start, end):
        token = tokens[word]
        if token.is_verb:
            return True
        is_past = token.lower.endswith("ed") or token.lower in WORDS["irregular_pasts"]
        is_name = first.is_capitalised and not first.is_determiner and word > start and tokens[word - 1].is_capitalised
        if is_name and is_past and token.text.islower() and word + 1 < end:
            return True  # "Hill hit back"
        before = tokens[word - 1] if start < word < end - 1 else None
        if before is None or before.is_preposition or before.is_coordinator or before.is_determiner:
            continue
        if token.lower in WORDS["phrase_openers"] and before.lower not in WORDS["before_article"]:
            return True
        is_past = token.lower.endswith("ed") and classify_noun(lookup_form(before.text)) == "none"
        if token.is_finite or (is_past and not before.is_adverb):
            return True
        is_verb_form = token.text.islower() and token.lower.endswith("s") and token.lower[-2:] not in ("ss", "us", "'s")
        if is_verb_form and before.is_capitalised and classify_noun(token.lower) == "unknown":
            return not paragraph.tokens[word + 1].is_preposition  # "Hill heckles Reed"
    return False


def may_say(paragraph: Paragraph, words: Range) -> bool:
    """Return whether the noun of a phrase is no singular thing: "the record" in "praised the record and said"."""
    noun = lookup_form(paragraph.tokens[find_head(paragraph, words)].text)
    return noun.endswith("s") or classify_noun(noun) != "none"


def kind_of_phrase(paragraph: Paragraph, words: Range) -> EntityKind:
    """Return the kind of a source without a name, by its head noun."""
    lower, start = paragraph.lower, words[0]
    end = paragraph.find(GOVERNING, start + 1, words[1])
    end -= lower[end - 1] == "close" and end - 1 > start
    last = paragraph.tokens[words[1] - 1]
    is_of_body = paragraph.tokens[end - 1].is_capitalised and last.text.islower() and is_person_noun(last.lower)
    head = lookup_form(last.text if is_of_body else paragraph.tokens[end - 1].text)
    kind, is_body = classify_noun(head), head in ORGANISATION_NOUNS or head in ORGANISATIONS
    if head == "figures" and end - 2 >= start and lookup_form(lower[end - 2]) in WORDS["before_figures"]:
        return "group"
    if kind == "document" and not is_body:
        return "document"
    is_group = head in WORDS["partitives"] or head in WORDS["professions"] or head.endswith("s")
    if is_body or (kind == "body" and not is_group):
        return "organisation"
    is_plural = (head.endswith("s") and not head.endswith("ss")) or head in ("people", "men", "women", "police")
    if is_plural or lower[start] in WORDS["plural_openers"]:
        return "unnamed" if head in WORDS["unnamed"] and not paragraph.tokens[start].is_determiner else "group"
    return "unnamed"


def disagrees(paragraph: Paragraph, source: Range, cue: Range) -> bool:
    """Return whether a verb in the singular follows a plural: it is a noun, as in "animal rights advocates"."""
    verb, last = source[1], paragraph.tokens[source[1] - 1]
    if cue != (verb, verb + 1) or not last.lower.endswith("s") or not last.text.islower():
        return False
    if find_head(paragraph, source) != verb - 1:
        return False
    is_singular = last.lower.endswith(("ss", "ics", "us", "is", "series")) or last.lower in ("news", "headquarters")
    word = paragraph.tokens[verb].cue
    return word is not None and word.forms == {"s"} and not (last.is_pronoun or is_singular)


_MAX_APPOSITION = 20  # in tokens


def apposition_start(paragraph: Paragraph, end: int) -> int:
    """Return where the apposition begins that reaches up to ``end``, or 0: no verb is in it."""
    for word in range(end - 1, max(1, end - _MAX_APPOSITION), -1):
        token = paragraph.tokens[word]
        if token.lower == ",":
            return word + 1 if paragraph.tokens[word - 1].is_capitalised else 0
        if token.is_verb or token.is_mark or token.is_relative:
            return 0
    return 0


def has_capitals_only(holders: Iterable[Entity], prose: str) -> bool:
    """Return whether a title's holder is a run of capitalised words that the prose does not name."""
    runs = (words for holder in holders if len(words := holder.name.split()) > 1 and words[-1] not in prose)
    return any(all(word[0].isupper() for word in words) for words in runs)


_MAX_MENTIONS = 40  # how many names of a paragraph are compared


def find_affiliation(paragraph: Paragraph, words: Range, entities: Entities) -> str | None:
    """Return the body that a source without a name belongs to: "the Treasury" in "a spokesman for the Treasury"."""
    (start, end), lower = words, paragraph.lower
    head = find_head(paragraph, words)
    if classify_noun(lookup_form(lower[head])) != "person":
        return None
    if lower[head + 1 : head + 2] and head + 2 < end and lower[head + 1] in WORDS["affiliating"]:
        stop = paragraph.find(WORDS["affiliating"] - {"of", "for"} | {"in", "on", "about"}, head + 2, end)
        return paragraph.quote((head + 2, stop)) if _names_body(paragraph, (head + 2, stop), entities) else None
    first = head
    while first > start and paragraph.tokens[first - 1].is_capitalised:
        first -= 1
    if head - first == 1 and lower[first] in NATIONALITIES:
        return None
    first += first == start and paragraph.tokens[first].is_determiner
    is_body = first < head and _names_body(paragraph, (first, head), entities)
    return paragraph.quote((first, head)).removesuffix("'s").removesuffix("’s") if is_body else None


def _names_body(paragraph: Paragraph, words: Range, entities: Entities) -> bool:
    """Return whether a phrase names a body: by its noun, or as a named entity that is not a person."""
    name = paragraph.quote(words).removesuffix("'s").removesuffix("’s")
    if name.lower() in WORDS["places"] | {"gop", "state"}:
        return False
    if entity := entities.find(name):
        return entity.kind in ("organisation", "government")
    return classify_noun(lookup_form(paragraph.lower[find_head(paragraph, words)])) == "body"


def find_last_body(paragraph: Paragraph, word: int, entities: Entities) -> str | None:
    """Return the only body named before a word in its paragraph, else in the one before: for "a spokeswoman"."""
    for index in range(paragraph.index, max(-1, paragraph.index - 2), -1):
        bodies = {
            entities[mention.entity].name
            for mention in entities.mentions[index][-_MAX_MENTIONS:]
            if (index, mention.words[0]) < (paragraph.index, word) and entities[mention.entity].kind == "organisation"
        }
        if bodies:
            return bodies.pop() if len(bodies) == 1 else None
    return None


def described_end(paragraph: Paragraph, words: Range, name: Range) -> int:
    """Return where the words end that a name only describes: "a friend" in "a friend of Mr Hill", or 0."""
    end, head = name[0] - 1, find_head(paragraph, words)
    if head + 1 < end and is_participle(paragraph.tokens[head + 1]):
        return head + 1  # "the man accused of killing Mr Hill"
    if end > words[0] and takes_name(paragraph, end):
        return end
    while end > max(words[0], name[0] - MAX_ROLE) and paragraph.lower[end] not in GOVERNING:
        end -= 1
    if end <= words[0] or paragraph.lower[end] not in GOVERNING:
        return 0
    while end - 1 > words[0] and paragraph.lower[end - 1] in WORDS["close_to"]:
        end -= 1
    return end
