"""Find what is in dispute in an article, as neutral propositions."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain

from summarizer._patterns import compile_lazily
from summarizer.article import Reading
from summarizer.attribution import Analysis, Attribution
from summarizer.brief import IssueKind
from summarizer.engines.builtin.deduplication import content_words
from summarizer.engines.builtin.disputes import LEGAL_PLANS, PLANS, Dispute, is_clean, topic_of
from summarizer.engines.builtin.lexicon import any_of, read_patterns, word_set
from summarizer.engines.builtin.phrases import (
    CHANGE_NOUNS,
    CHANGES,
    DETERMINERS,
    FINITE,
    VERBS,
    Action,
    NounPhrase,
    Words,
    is_plural,
    read_action,
    read_noun_phrase,
    stem,
    stems_of,
    write_noun_phrase,
)
from summarizer.engines.builtin.stances import SIDES, Sign
from summarizer.engines.builtin.statements import as_sentence

_GIVING, _NOUNS_PASSED = map(word_set, ("giving", "nouns_passed"))
_LEAD_SENTENCES = 3  # of prose
_EARLY = 8  # sentences whose wording is preferred
_MIN_TIMES = 2  # sentences that name a thing in dispute
_MAX_CANDIDATES = 12
_MAX_BEFORE = 5  # words before a noun in its phrase
_LONG = 9  # words of a phrase that is too long for a proposition
_PATTERNS = read_patterns("issues")
_WORDS = _PATTERNS["words"]
_PROPOSAL = compile_lazily(_PATTERNS["proposal"], re.IGNORECASE)
_HEADLINE_DEMAND = compile_lazily(rf"({any_of('demands')} {any_of('demanded')}\b[^?.!,;:“”\"—–]*)", re.IGNORECASE)
_QUOTED = compile_lazily(r"[“\"][^“”\"]*[”\"]?")
_REST = compile_lazily(rf"\s+{any_of('after_proposal')}\b.*$", re.IGNORECASE)
_THING = compile_lazily(rf"\b{any_of('things_after')} {_WORDS}", re.IGNORECASE)
"""The thing that is approved, rejected or quarrelled about: "backs a third runway"."""
_REJECTS = compile_lazily(r"reject|turn|block|refus|thr[eo]w", re.IGNORECASE)
_ENDED = compile_lazily(rf"\b{any_of('ended')} ((?:[\w’'-]+ ?){{1,6}})", re.IGNORECASE)
"""A decision that ends a thing: "scraps plan for third runway". Those who welcome it are against the thing."""
_SHOULD = compile_lazily(r"(?:^|[:.?!,] )[Ss]hould ([^.,;:?!“”\"—–]+)\?")
_OPINION_ASKED = compile_lazily(_PATTERNS["opinion_asked"])
_VALUED = compile_lazily(rf"\b(?:very|so|too|{'|'.join(map(any_of, ('good', 'bad', 'weighty', 'slight')))})\b")
TEMPLATES = {
    form: template
    for name, template in (
        ("nouns_passed", "should be passed"),
        ("nouns_going_ahead", "should go ahead"),
        ("nouns_right", "{is} right"),
        ("nouns_accepted", "should be accepted"),
        ("nouns_built", "should be built"),
        ("nouns_allowed", "should be allowed"),
        ("nouns_supported", "{deserve} support"),
    )
    for noun in word_set(name)
    for form in (noun, re.sub("(?<=[^aeiou])y$", "ie", noun) + "s")
}
_OF_THINGS = {TEMPLATES["bridge"], TEMPLATES["tram"]}
_OF_EXISTING = word_set("existing_verbs") | word_set("staying")
_OPEN = frozenset({"close", "shut", "reopen"})
_TOPICS = frozenset(map(topic_of, TEMPLATES))
_GENERIC = frozenset(map(stem, word_set("generic_nouns")))
_VAGUE = frozenset(form for noun in word_set("vague_nouns") for form in (noun, f"{noun}s"))
"""Nouns that say what is in dispute only with other words: "the rise in fares"."""
_GENERAL_PLANS = PLANS - LEGAL_PLANS
_NO_TOPICS = frozenset(map(stem, word_set("no_topics")))
_NOT_PASSIVE, _NO_ADJECTIVES = word_set("not_passive"), word_set("no_adjectives") | word_set("after_noun")
_NO_PREMODIFIERS = (
    FINITE
    | word_set("evaluative")
    | SIDES.keys()
    | CHANGES.keys()
    | {v for v in VERBS if v[-3:] != "ing" and v != "tax"}
)
_IN_HEADLINE, _IN_LEAD, _ASKED, _ELSEWHERE = 6, 5, 4, 3
"""Ranks of proposals by where they stand; nouns have at most the last."""


def find_disputes(
    reading: Reading, analysis: Analysis, valued: Sequence[tuple[Attribution, Sign]], topics: Sequence[Sequence[str]]
) -> list[Dispute]:
    """Return what may be in dispute, the most prominent first.

    Args:
        reading: The article.
        analysis: Its analysis.
        valued: The explicit valuations of statements.
        topics: The topics of the words of each sentence.
    """
    return _Finder(reading, analysis, topics).find(valued)


class _Finder:
    def __init__(self, reading: Reading, analysis: Analysis, topics: Sequence[Sequence[str]]) -> None:
        self._reading, self._topics = reading, topics
        sentences = reading.sentences
        questions = [sentences[number - 1].text for number in sorted(analysis.questions)]
        prose = [each for each in sentences if each.kind == "prose"]
        lead = [each for each in prose if each.number not in analysis.questions]
        lead = lead[: _LEAD_SENTENCES * (1 + (reading.form == "opinion"))]
        title = [each for each in sentences if each.kind == "title"]
        self._headline = " ".join(each.text for each in title) or (reading.article.title or "")
        self._lead = [each.text for each in lead]
        has_many = reading.form in ("round-up", "live-blog", "interview")
        self._others = [each.text for each in prose] if has_many else []
        if reading.form == "transcript":
            questions += [each.text for each in prose if each.text.endswith("?") or each.number <= _EARLY]
        self._questions = questions
        self._in_title = {topic_of(word.strip(".,:;!?“”\"'’‘")) for word in self._headline.split()}
        self._in_top = self._in_title.union(*(topics[each.number - 1] for each in lead))
        top = " ".join((self._headline, *self._lead))
        self._known = stems_of(top)
        self._times = Counter(chain.from_iterable(map(dict.fromkeys, topics)))
        self._holders = {holder.name for found in analysis.statements for holder in found.holders}
        self._found: dict[str, Dispute] = {}
        self._rejected: set[str] = set()
        self._verbs: defaultdict[str, set[str]] = defaultdict(set)  # what is to be done to each topic

    def find(self, valued: Sequence[tuple[Attribution, Sign]]) -> list[Dispute]:
        self._add_actions()
        self._add_questions()
        things = dict.fromkeys(self._find_things(), 3)  # in order, so that equal topics stay in order
        named = set(things)
        for ended in chain.from_iterable(map(_ENDED.finditer, (self._headline, *self._lead))):
            words = ended[1].lower().split()
            stop = next((at for at, word in enumerate(words) if word in ("on", "of", "for", "to")), len(words))
            is_plan = any(topic_of(word) in _GENERAL_PLANS for word in words[:stop])  # "scraps plan for a runway"
            self._rejected.update(map(topic_of, words if is_plan else words[:stop]))
        wanted = Counter(
            {own: 3 * (own in self._in_title) + 2 * (own in self._in_top) + count for own, count in self._times.items()
             if own in _TOPICS}
        )  # fmt: skip
        wanted.update(things)
        explicit, sides = set(), defaultdict[str, tuple[set[str], set[str]]](lambda: (set(), set()))
        for part, sign in valued:
            phrase = read_noun_phrase(sign.words, _after_sides(sign), sign.stop) if not sign.verb else None
            if phrase is None or not sign.words.raw[phrase.head].islower():
                continue
            own = topic_of(sign.words.raw[phrase.head])
            explicit.add(own)
            self._verbs[own].update(VERBS.get(word, "") for word in sign.words.lower[sign.stop : sign.stop + 4])
            if part.act != "demanded":  # that is a matter of its own: "There should be a dam"
                sides[own][sign.value > 0].update(holder.name for holder in part.holders)
            wanted[own] += 2
        contested = {own for own, (against, in_favour) in sides.items() if against - in_favour and in_favour - against}
        same = self._same_things(bool(named) or any(own in self._in_top for own in wanted if own not in _GENERAL_PLANS))
        frequent = [
            own
            for own, _ in wanted.most_common(3 * _MAX_CANDIDATES)
            if own not in same and (self._times[own] >= _MIN_TIMES or own in explicit & _TOPICS)
        ]
        self._add_nouns(frequent, named, explicit & _TOPICS, contested)
        for own in self._rejected & self._found.keys():
            self._found[own].decision = -1
        found = sorted(self._found.values(), key=lambda dispute: -dispute.rank)
        if found and not found[0].is_pending and found[0].rank >= _ELSEWHERE and found[0].noun in _TOPICS | named:
            found[0].is_pending = True
        return found

    def _add(self, key: str, proposition: str, rank: int, *, change: int = 1, verb: str = "", noun: str = "") -> None:
        """Add a dispute with a clean proposition, unless there is one about the same thing."""
        sentence = as_sentence(proposition)
        if len(key) > 2 and key not in self._found and is_clean(sentence):
            kind: IssueKind = "evaluation" if re.search(r"(?:right|support)\.$", sentence) else "policy"
            known = self._known | stems_of(sentence)
            is_pending = rank > _ELSEWHERE
            self._found[key] = Dispute(sentence, kind, noun or key, change, verb, known, rank, is_pending=is_pending)

    def _same_things(self, has_other: bool) -> set[str]:
        """Return the nouns that only mean the proposals found: "the plan", "the closure"."""
        actions = [dispute for dispute in self._found.values() if dispute.verb]
        changes = {dispute.change for dispute in actions}
        same = {topic_of(noun) for noun in CHANGE_NOUNS if CHANGES[noun] in changes}
        same |= {topic_of(dispute.verb) for dispute in actions}
        return same | (_GENERAL_PLANS if actions or has_other else frozenset())

    def _find_things(self) -> Iterator[str]:
        """Yield the topics that headline and lead say are approved, rejected or quarrelled about."""
        for match in chain.from_iterable(map(_THING.finditer, (self._headline, *self._lead, *self._others))):
            words = Words(match[1])
            phrase = read_noun_phrase(words, 0, len(words.raw)) if words.raw else None
            if phrase is None or not words.raw[phrase.head].islower():
                continue
            own = topic_of(words.raw[phrase.head])
            if _REJECTS.match(match.group()):
                self._rejected.add(own)
            if own not in _GENERAL_PLANS and own not in _NO_TOPICS:
                yield own

    def _add_actions(self) -> None:
        """Add the proposals that texts name: "plan to close the library"."""
        texts = [(self._headline, _IN_HEADLINE), *((text, _IN_LEAD) for text in self._lead)]
        texts += [(_QUOTED.sub("", text), _ELSEWHERE) for text in self._others]
        actions: dict[str, tuple[Action, int, bool]] = {}
        for text, rank in texts:
            starts = [(match[1], " not to " in text[match.start() : match.start(1)]) for match in _find_proposals(text)]
            if rank == _IN_HEADLINE and (demand := _HEADLINE_DEMAND.match(text)):
                starts.append((demand[1][:1].lower() + demand[1][1:].strip(), False))
            for matched, is_contrary in starts:
                words = Words(_REST.sub("", matched))
                action = read_action(words, 0, len(words.raw)) if words.raw else None
                if action and self._is_usable(action, matched, rank, actions):
                    actions[topic_of(action.noun)] = action, rank, is_contrary
        for noun, (action, rank, is_contrary) in actions.items():
            change = CHANGES.get(action.verb, 0)
            self._add(noun, action.proposition, rank, change=change, verb=action.verb)
            if is_contrary and noun in self._found:
                self._found[noun].decision = -1

    def _is_usable(self, action: Action, text: str, rank: int, others: dict[str, tuple[Action, int, bool]]) -> bool:
        if action.verb in SIDES or (rank < _IN_HEADLINE and action.verb in _NOT_PASSIVE):
            return False
        is_holder = action.proposition.partition(" should ")[0] in self._holders  # "take down Clinton"
        is_given = action.verb in _GIVING and action.proposition[0].isupper()
        if action.verb not in VERBS or action.noun in _GENERIC or is_given or is_holder:
            return False
        has_headline = rank == _IN_LEAD and self._headline and len(self._lead) <= _LEAD_SENTENCES
        if has_headline and content_words(text).isdisjoint(content_words(self._headline)):
            return False
        known = others.get(topic_of(action.noun))
        return known is None or (rank == _IN_LEAD and known[1] == _IN_HEADLINE)  # the lead's wording is better

    def _add_questions(self) -> None:
        """Add the propositions that are asked: "Should the lynx come back?"."""
        for text in (self._headline, *self._questions):
            clauses = [match[1] for match in _OPINION_ASKED.finditer(text)]
            for match in _SHOULD.finditer(text):
                words = Words(match[1])
                verbs = (at for at in range(2, len(words.raw)) if words.lower[at] in VERBS)
                at = words.lower.index("be") if "be" in words.lower else next(verbs, 0)
                if at:
                    clauses.append(f"{words.between(0, at)} should {words.between(at, len(words.raw))}")
            for clause in clauses:
                words = Words(clause)
                phrase = read_noun_phrase(words, 0, len(words.raw))
                if phrase is None:
                    continue
                following = (VERBS.get(word, "be") for word in words.lower[phrase.head + 1 :])
                verb = next((word for word in following if word != "be"), "")
                change = {"go": -1, "come": 1, "stay": 1}.get(verb, CHANGES.get(verb, 0))
                noun = topic_of(words.raw[phrase.head])
                key = noun if noun not in self._found else f"{noun} {verb}"
                rank = _IN_HEADLINE if text == self._headline else _ASKED
                self._add(key, clause, rank, change=change, verb=verb, noun=noun)
                if key in self._found:
                    self._found[key].is_answered = True

    def _add_nouns(self, frequent: list[str], named: set[str], explicit: set[str], contested: set[str]) -> None:
        """Add "The ban on phones is right" for nouns that are often named, or that holders support and oppose."""
        wordings = self._find_wordings({*frequent} - (_NO_TOPICS - named), named)
        for own in frequent:
            if own not in wordings or len(self._found) >= _MAX_CANDIDATES:
                continue
            text, is_many, noun = wordings[own]
            rank = 3 * (own in self._in_title | named | explicit) + 2 * (own in self._in_top)
            is_top = own in self._in_top
            is_contested = own in contested
            if not (noun in TEMPLATES or is_contested) or (is_many and not is_top) or _VALUED.search(text):
                continue  # a body or a person is not in dispute, and "the very important rule" is no neutral name
            template = TEMPLATES.get(noun, TEMPLATES["tram"])
            if template in _OF_THINGS and (done := self._verbs.get(own)):
                stay = "should stay" if _OPEN.isdisjoint(done) else "should stay open"
                template = stay if done & _OF_EXISTING else TEMPLATES["bridge"] if "build" in done else template
            if "support" in template and own not in named and not is_contested:
                continue
            verbs = {"is": "are", "deserve": "deserve"} if is_many else {"is": "is", "deserve": "deserves"}
            verb = template.format(**verbs)
            self._add(own, f"{text} {verb}", min(rank + (self._times[own] > _MIN_TIMES), _ELSEWHERE))
            if own in self._found:
                self._found[own].is_prominent = is_top

    def _is_vague(self, own: str, words: Words, phrase: NounPhrase, named: set[str]) -> bool:
        """Return whether a noun without other words says too little: "the rise", "airports"."""
        is_known = own in named or own in self._in_title
        return words.lower[phrase.head] in _VAGUE or (
            is_plural(words, phrase) and phrase.start == phrase.head and not is_known
        )

    def _find_wordings(self, wanted: set[str], named: set[str]) -> dict[str, tuple[str, bool, str]]:
        """Return the best noun phrase for each topic: its words, whether it is a plural, and its noun."""
        best: dict[str, tuple[int, str, bool, str]] = {}
        for sentence, topics in zip(self._reading.sentences, self._topics, strict=True):
            if wanted.isdisjoint(topics):
                continue
            words = Words(sentence.text)
            for at, raw in enumerate(words.raw):
                own = topic_of(raw)
                is_word = raw.islower() or (at == 0 and raw.istitle())
                if own not in wanted or not is_word or (own in _TOPICS and raw.lower() not in TEMPLATES):
                    continue
                phrase = _phrase_around(words, at)
                text = write_noun_phrase(words, phrase) if phrase else None
                if phrase is None or text is None:
                    continue
                length = phrase.end - phrase.start
                is_bare = length - (words.lower[phrase.start] in DETERMINERS) < 2
                is_new = words.lower[phrase.start] in ("a", "an") and own not in _TOPICS | named
                if is_new or (is_bare and self._is_vague(own, words, phrase, named)):
                    continue
                is_early = sentence.kind == "title" or sentence.number < _EARLY
                score = min(length, 6) + 2 * is_early + (words.lower[phrase.start] in ("the", "a", "an"))
                score += 3 * (raw.lower() in _NOUNS_PASSED) - 4 * (length > _LONG)
                if own not in best or score > best[own][0]:
                    best[own] = score, text, is_plural(words, phrase), raw.lower()
        return {own: found[1:] for own, found in best.items()}


def _find_proposals(text: str) -> Iterator[re.Match[str]]:
    """Yield the proposals in a text, also within each other: "must decide whether to renew the grant"."""
    match = _PROPOSAL.search(text)
    while match:
        yield match
        match = _PROPOSAL.search(text, match.start(1))


def _after_sides(sign: Sign) -> int:
    """Return the token of a target after words such as "scrapping"."""
    at, lower = sign.start, sign.words.lower
    while at < sign.stop and lower[at] not in CHANGE_NOUNS and (lower[at] in SIDES or lower[at] in CHANGES):
        at += 1
    return at


def _phrase_around(words: Words, head: int) -> NounPhrase | None:
    """Return the noun phrase with this head."""
    start = head
    while start and head - start < _MAX_BEFORE and _may_precede(words, start - 1):
        start -= 1
        if words.lower[start] in DETERMINERS:
            break
    is_joined = start and words.lower[start] not in DETERMINERS and words.lower[start - 1] in ("and", "or", "-", "&")
    is_joined = is_joined or (words.lower[start].endswith("ing") and start < head)  # "imposing tariffs"
    phrase = read_noun_phrase(words, start, len(words.raw))
    return phrase if phrase and phrase.head == head and not is_joined else None


def _may_precede(words: Words, at: int) -> bool:
    """Return whether a word can be before the head of a neutral noun phrase."""
    word, raw = words.lower[at], words.raw[at]
    if word in DETERMINERS or (raw[0].isupper() and at):
        return True
    if word.endswith("'s") or (word.endswith("s") and not word.endswith(("ss", "us", "is"))):
        return word.endswith("'s")
    is_plain = word[0].isalnum() and word not in _NO_PREMODIFIERS and word not in _NO_ADJECTIVES
    return is_plain and not word.endswith(("ed", "ly"))
