"""Read what a sentence is about that tells of a change of position."""

import re
import sqlite3

from summarizer.brief import Stance
from summarizer.dossier.foreign import read_as
from summarizer.dossier.turn_words import KINDS, TurnWords, find_cue, is_blocked, read_turn_words, with_apostrophes
from summarizer.dossier.types import TURNED
from summarizer.engines import CHANGES, SIDES
from summarizer.store import insert

_PRONOUN = re.compile(r"(?:they|it)\b", re.IGNORECASE)
_NAMED_THING = re.compile(r"\b[Tt]he (?:[a-z-]+ )?[A-Z][\w’-]+(?: [A-Z][\w’-]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?”\"])\s+")
_WHOSE = re.compile(r"\b(?:he|she|it|they)\b|\bown\b", re.IGNORECASE)  # in the words that tell of a change
_START = 40  # characters by which a sentence is found
_MAX_TOLD = 2  # positions of an actor that are about what an article says that he changed position on
_TOLD = 0.6  # confidence that a position is about what its article says that the actor changed position on
_STANCES: tuple[Stance, Stance] = ("agrees", "disagrees")

_TURNS = (
    "SELECT turns.id, turns.brief, turns.quotation, to_stance, context, title, holders.actor, holders.name "
    "FROM article_disputes JOIN current_briefs USING (article) JOIN turns ON turns.brief = current_briefs.brief "
    "JOIN articles ON articles.id = current_briefs.article JOIN holders ON holders.id = turns.holder "
    "WHERE dispute = ? AND turns.kind = 'turn' ORDER BY published, sha256, turns.id"
)
_FREE = (  # the positions without an issue of an actor in a brief, and that which cites a sentence
    "SELECT positions.id FROM positions JOIN position_holders ON position_holders.position = positions.id JOIN holders "
    "ON holders.id = holder LEFT JOIN issues ON issues.id = positions.issue WHERE positions.brief = ?1 AND (actor = ?2 "
    "OR instr(quotation, ?3)) AND issues.dossier_issue IS NULL AND NOT EXISTS (SELECT 1 FROM placements WHERE "
    "placements.position = positions.id AND NOT (stance = 'unclear' AND instr(quotation, ?3))) ORDER BY actor = ?2 "
    "DESC, instr(quotation, ?3) DESC, positions.id"
)


def names_matter(text: str) -> bool:
    """Return whether a sentence that tells of a change goes on after these words, as in "opposition to the toll"."""
    after = words_after_cue(text)
    return after is None or not re.match(r"\s*(?:$|[,.;:!?”\"]|and\b|but\b)", after)


def read_matter(text: str) -> tuple[str, Stance] | None:
    """Return the matter of a reported change, as a proposition or noun phrase, and the new stance.

    "She has dropped her opposition to a rise in fares" is about "A rise in fares", with which she now agrees.
    """
    words, plain = read_turn_words("en"), with_apostrophes(text)
    if not words:
        return None
    for cue, kind, to_stance in KINDS:
        match = find_cue(words.patterns[cue], plain, is_last=kind == "now")
        if not match or is_blocked(plain[: match.start()], words):
            continue
        instead = words.matters["instead"].match(plain) if to_stance and _WHOSE.search(match.group()) else None
        if instead and instead.end() < match.start():  # "will not sell, she said, dropping a plan she had made"
            return _capitalised(instead["clause"]), _STANCES[0]
        found = words.matters["matter"].match(plain, match.end())
        if not found or (to_stance is None and (kind != "now" or found["link"])):
            if kind == "turn" and to_stance is None and (stated := _read_stated(plain, match, words)):
                return stated
            if former := read_former(plain, match.end()) if kind == "turn" else None:
                return _capitalised(former[0]), TURNED[former[1]]
            continue
        is_against = kind == "now" and SIDES.get(match.group().split()[-1].lower(), 1) < 0  # "now opposes"
        stance: Stance = to_stance or ("disagrees" if is_against else "agrees")
        phrase = found["phrase"].strip()
        pronoun = _PRONOUN.match(phrase)
        if pronoun and (former := read_former(plain, match.end())) and former[1] == TURNED[stance]:
            return _capitalised(former[0]), stance
        if pronoun:
            named = _NAMED_THING.findall(plain[: match.start()] + plain[match.start() : found.start("phrase")])
            if not named:
                return None
            phrase = named[-1] + phrase[pronoun.end() :]
        is_whole = len(phrase.split()) > 1 and any(map(str.islower, phrase))
        return (_capitalised(phrase), stance) if is_whole else None
    return None


def read_former(text: str, end: int) -> tuple[str, Stance] | None:
    """Return what somebody was for or against before the words that tell of a change, and that side.

    "Hill, who twice defended the merger, reversed herself", "for years an opponent of the dam, has come round".
    """
    words = read_turn_words("en")
    for name, stance in zip(("supported", "opposed"), _STANCES, strict=True):
        found = words.matters[name].search(with_apostrophes(text)) if words else None
        if found and found.start() < end and len(found["phrase"].split()) > 1:
            return found["phrase"], stance
    return None


def read_matter_near(quotation: str, context: str, headline: str, name: str) -> tuple[str, Stance] | None:
    """Return what a change is about that a sentence tells without its matter, and the new stance.

    That is what the person announces beside it, or what the headline says: "Hill drops fight against hall".
    """
    if not (words := read_turn_words("en")):
        return None
    own = {word for word in name.split() if word[0].isupper()}
    before, _, after = context.partition(quotation)
    sentences = [*_SENTENCE_END.split(with_apostrophes(after).strip()), with_apostrophes(before)]
    for number, sentence in enumerate(sentences):
        found = words.matters["announcing"].search(sentence)
        is_pronoun = found and found["who"] and not number  # directly after the sentence
        if found and (is_pronoun or own & set(sentence[: found.start("clause")].split())):
            return _capitalised(found["clause"]), _STANCES[0]
    title = with_apostrophes(headline)
    if found := words.matters["headline"].search(title):
        return _capitalised(found["clause"]), _STANCES[0]
    for key, stance in zip(("headline_for", "headline_against"), _STANCES, strict=True):
        if found := words.matters[key].search(title):
            return _capitalised(found["phrase"]), stance
    return None


def _capitalised(phrase: str) -> str:
    return (phrase[0].upper() + phrase[1:]).strip()


def _read_stated(text: str, cue: re.Match[str], words: TurnWords) -> tuple[str, Stance] | None:
    """Return what a sentence says besides that somebody changed sides, as a proposition, and the new stance.

    "I was wrong: the toll should come", "was wrong, and now wanted the quay dredged", "I said the quay was safe, and I
    take it back". A pronoun stands for what somebody was wrong about.
    """
    about = words.matters["about"].match(text, cue.end())
    named, clause, stance = about["phrase"] if about else "", "", _STANCES[0]
    if found := words.matters["wanting"].search(text, cue.end()):
        clause = f"{found['phrase']}should {'' if found['to'] else 'be '}{found['done']}"
    elif found := words.matters["stating"].search(text, cue.end()):
        clause = found["clause"]
    elif found := words.matters["once"].search(text[: cue.start()]):
        clause, stance = found["clause"], _STANCES[1]
    elif named and (found := words.matters["ordering"].search(text, cue.end())):
        clause, stance = named, _STANCES[CHANGES.get(found["verb"].lower(), 1) < 0]
    if pronoun := _PRONOUN.match(clause):
        clause = named and named + clause[pronoun.end() :]
    return (_capitalised(clause), stance) if clause else None


def words_after_cue(text: str) -> str | None:
    """Return what follows the English words of a sentence that tell of a change, or None without such words."""
    words, plain = read_turn_words("en"), with_apostrophes(read_as(text).text)
    found = [words.patterns[cue].search(plain) for cue, *_ in KINDS] if words else []
    match = next(filter(None, found), None)
    return plain[match.end() :] if match else None


def read_turns(connection: sqlite3.Connection, dispute: int) -> list[sqlite3.Row]:
    """Return the sentences of a dispute that tell of changes, oldest first, without the issues found for them."""
    turns = connection.execute(_TURNS, (dispute,)).fetchall()
    forget = "UPDATE turns SET dossier_issue = NULL, stance = NULL, told = NULL WHERE id = ?"
    connection.executemany(forget, [(turn["id"],) for turn in turns])
    return turns


def link_turn(connection: sqlite3.Connection, turn: sqlite3.Row, issue: str, stance: Stance) -> None:
    """Link a sentence that tells of a change with an issue, and the actor's positions in its brief that have none."""
    free = connection.execute(_FREE, (turn["brief"], turn["actor"], turn["quotation"][:_START])).fetchall()
    for (position,) in free[:_MAX_TOLD]:
        connection.execute("DELETE FROM placements WHERE position = ?", (position,))
        values = {"position": position, "dossier_issue": issue, "stance": stance, "confidence": _TOLD}
        insert(connection, "placements", values)
    link = "UPDATE turns SET told = ?, dossier_issue = ?, stance = ? WHERE id = ?"
    side = None if stance == "unclear" else stance
    connection.execute(link, (free[0]["id"] if free else None, issue, side, turn["id"]))
