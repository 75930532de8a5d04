"""The small words of English: the closed classes that the rules go by.

In lower case, with straight apostrophes, as in ``Passage.lower``.
"""


def word_set(listed: str) -> frozenset[str]:
    """The words of a list that is written as one string, which reads better than many."""
    return frozenset(listed.split())


PRONOUNS = word_set("he she it they we i you someone somebody everyone everybody nobody one")
"""Pronouns that can be a subject."""
OBJECT_PRONOUNS = word_set("him her them me us himself herself themselves itself")
RELATIVES = frozenset({"who", "which", "that", "whom", "what"})
POSSESSIVES = word_set("his her its their my our your whose")
DETERMINERS = (
    word_set(
        "the a an this that these those some any no every each all both many several few most more another other "
        "such half one two three four five six seven eight nine ten dozens hundreds thousands"
    )
    | POSSESSIVES
)
PREPOSITIONS = word_set(
    "of in on at for from with by about against over into as through during after before between among under "
    "toward towards within without since until till via amid despite upon outside inside behind near like "
    "including around across per besides alongside following regarding throughout"
)
AUXILIARIES = word_set(
    "has have had is are was were be been being am do does did isn't aren't wasn't weren't hasn't haven't "
    "hadn't doesn't don't didn't he's she's it's they've they're we've we're i've i'm you've you're"
)
BE = word_set("is are was were be been being am isn't aren't wasn't weren't he's she's it's they're we're i'm you're")
MODALS = word_set(
    "will would can could may might must shall should won't wouldn't can't cannot couldn't shouldn't mustn't "
    "he'll she'll they'll we'll i'll he'd she'd they'd we'd i'd it'll"
)
CONTRACTED = word_set(
    "he's she's it's they've they're we've we're i've i'm you've you're he'll she'll they'll we'll i'll he'd "
    "she'd they'd we'd i'd it'll"
)
"""Subject and auxiliary in one word."""
ADVERBS = word_set(
    "also later then now still often never not even once again just already recently previously repeatedly too "
    "earlier always ever further soon today yesterday instead himself herself itself themselves both all only "
    "long first twice sometimes since so quickly simply actually initially reportedly well rather almost"
)
"""What can stand between a subject and its verb, besides the words in -ly."""
SUBORDINATORS = word_set(
    "because if when while although though unless whether where why how whereas once since until after before "
    "as so than lest wherever whenever"
)
COORDINATORS = frozenset({"and", "but", "or", "yet", "nor"})
QUESTIONS = word_set("whether if how why what who when where which whose")
DAYS = word_set(
    "monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow tonight jan feb mar apr "
    "jun jul aug sep sept oct nov dec january february march april june july august september october november "
    "december"
)
PERIODS = word_set("last this earlier next late early")
"""Words that begin a time: "last week", "this month"."""
TIMES = word_set(
    "week month year weekend morning afternoon evening night day hour moment summer winter spring autumn fall "
    "monday tuesday wednesday thursday friday saturday sunday decade weeks months years days ago"
)
PAUSES = frozenset({",", ";", ":", "—", "–", "-", "--", "(", ")", "[", "]", "…", "...", "|", "/"})
STOPS = frozenset({".", "?", "!"})
OPENING = frozenset({"“", '"', "''", "«", "„", "``", "‘", "'"})
CLOSING = frozenset({"”", '"', "''", "»", "’", "'"})
MARKS = PAUSES | STOPS | OPENING | CLOSING
VERBS = word_set(
    "went made took got came ran won lost gave left held met sent spent led kept fell rose drew grew stood "
    "broke became brought bought built caught chose fought paid sold taught wore beat cut let set goes makes "
    "takes gets comes runs wins loses gives leaves holds meets sends spends leads keeps falls rises draws grows "
    "stands breaks becomes brings builds remains seems used needs wants knew knows thinks began begins"
)
"""Common verbs that are no cues, and that end a noun phrase all the same."""


def is_adverb(word: str) -> bool:
    """Whether a word in lower case can stand between a subject and its verb."""
    return word in ADVERBS or (word.endswith("ly") and len(word) > 4)
