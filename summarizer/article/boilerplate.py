"""What stands in an article's text but is no part of it: newsletter pleas, credits, link labels.

A rule is a name and a few patterns, one of which must fit a whole line. Patterns say all that such a
line may hold, from closed lists of words, and names: whatever else a line says makes prose of it, and
in doubt a line stays. docs/reading.md shows what each rule cuts.
"""

import re

LONGEST = 160  # characters; a longer line is prose, whatever it begins with

_SITE = "(?:twitter|x|facebook|instagram|telegram|whatsapp|tiktok|linkedin|youtube|threads|bluesky|google news)"
_SITES = rf"{_SITE}(?:(?:, | and |, and | or ){_SITE}){{0,6}}"
_NAME = r"[@A-ZÀ-ÖØ-Þ0-9©][\w.’'\-]*"
_NAMES = rf"(?-i:{_NAME}(?:[ ,/&|:]+(?:(?:and|via|for|of|the|by|at|in) )*{_NAME}){{0,12}})"
_PICTURE = "photo|image|picture|graphic|illustration|video|photograph"

# Words that make a clause of what would be a mere name or list.
_CLAUSE_WORDS = (
    "i|me|my|you|your|he|him|his|she|her|it|its|we|us|they|them|their|who|whom|whose|which|that|what|when|where|while"
    "|if|as|than|because|and|or|but|nor|so|yet|not|is|are|was|were|be|been|has|have|had|do|does|did|will|would|can"
    "|could|may|might|must|shall|should|of|in|on|at|to|for|from|by|with|about|after|before|behind"
)

# What one is asked to sign up for; after "our" of any kind, else of the kinds that are known, or named.
_KINDS = rf"(?:(?:free|daily|weekly|monthly|morning|evening|e-?mail|breaking|news|top|new|other|(?-i:{_NAME})) ){{0,6}}"
_OURS = rf"(?:all (?:of )?)?our (?:(?!(?:{_CLAUSE_WORDS})\b)[\w’'\-]+ ){{0,5}}"
_WHOSE = rf"(?:{_OURS}|(?:(?:the|this|your|a|[\w’']+[’']s) )?{_KINDS})"
_LETTERS = rf"{_WHOSE}(?:newsletters?|(?:e-?mail|news) alerts?)"
_NEWS = (
    rf"(?:{_WHOSE}(?:latest |best |biggest )?(?:news|stories|headlines|updates|briefing|best)"
    rf"(?: of the (?:day|week|month)| from {_NAMES})?|{_NAMES})"
)
_DELIVERED = r"(?: (?:delivered|sent))?(?: (?:straight|right|direct(?:ly)?))? (?:to|in|into) your (?:e-?mail )?inbox"
_OFTEN = r"(?: (?:(?:every|each) (?:(?:week)?day|morning|evening|week|month)|daily|weekly|today|now|here|for free))"

_ITEM = rf"(?!(?:{_CLAUSE_WORDS})\b)[\w-]+(?: (?!(?:{_CLAUSE_WORDS})\b)[\w-]+){{0,2}}"  # of a list

# What is linked to, if it is written as headlines are: no clause after a comma, no further sentence, no full stop.
_HEADLINE = (
    rf"(?-i:(?=[A-ZÀ-ÖØ-Þ0-9‘])(?:(?!, (?:{_CLAUSE_WORDS}|the|an?)\b|[.!?…;]\s+[A-Z‘])[^“”\"]){{1,110}}(?<![.!…,:;]))"
)
_TITLE_CASE = rf"(?-i:(?:{_NAME},?|[a-z]{{1,3}})(?: (?:{_NAME},?|[a-z]{{1,3}}|[–—&])){{0,20}}(?<![.,]))"
# After "WATCH:" somebody may go on to speak: nothing that begins as a sentence does, or that speaks to anyone.
_NO_SPEECH = (
    r"(?!(?:an?|the|this|that|these|those|there|here|he|she|it|they|his|her|its|their|no|nobody|no-one|none|nothing"
    r"|every\w*|some\w*|any\w*|all|many|most|few|if|when|let|please|do|don['’]t|not|never)\b)"
    r"(?-i:(?!.*\b(?:I|me|my|My|we|We|us|our|Our|you|You|your|Your)\b))"
)

_YEARS = r"[0-9]{4}(?:[-–][0-9]{2,4})?"
_RESERVED = (
    r"all rights reserved(?:\.(?: (?:this (?:material|article|content)|no part|reproduction|republication|use of|"
    r"unauthori[sz]ed)\b[^“”]*)?)?"
)

# In this order; the first that fits a line names the cut. Case does not count but within (?-i:…).
_RULES = {
    "newsletter": (
        (
            r"(?:(?:sign up|subscribe|register)(?: now| today| here| free)?(?: for| to|: get| to (?:get|receive))|get) "
            rf"(?:{_LETTERS}(?:{_DELIVERED})?|{_NEWS}{_DELIVERED}){_OFTEN}?[.!]?"
        ),
    ),
    "subscription": (
        r"subscribe(?: now| today| to continue| here)?[.!]?",
        r"(?:already (?:a subscriber|have an account)\? )?(?:log|sign) in[.!]?",
        r"this (?:article|story|content) is for (?:subscribers|members)(?: only)?[.!]?",
    ),
    "advertisement": (
        r"advertise?ment[.:]?",
        r"sponsored content[.:]?",
        r"(?:story|article) continues(?: below)?(?: (?:this |the )?advertise?ment)?[.:]?",
        r"continue reading below[.:]?",
    ),
    "photo-credit": (
        (
            rf"(?-i:(?:FILE )?(?:{_PICTURE.upper()})S?|(?:File )?(?:{_PICTURE.title()})s?)(?: credits?| by| courtesy)?"
            rf": ?(?:courtesy of )?{_NAMES}\.?"
        ),
    ),
    "topics": (
        r"(?:follow(?: this| these)? |more on (?:this |these )|related )(?:topics?|tags?|keywords?):?",
        (
            r"(?:follow(?: this| these)? topics?|related (?:topics|tags)|topics|tags|keywords"
            rf"|filed under|tagged(?: with)?): (?:{_NAMES}(?<!\.)|[\w-]+|{_ITEM}(?:(?:, | \| |; ){_ITEM}){{1,12}})"
        ),
    ),
    "follow-us": (
        (
            rf"follow (?:us|me|him|her|them|@\w+|our \w+|(?:the )?{_NAMES}) on {_SITES}(?: ?:? ?@\w+| here"
            r"| for (?:more|(?:all )?the latest|updates|news)(?: (?:news|stories|updates|headlines)){0,2})?[.!]?"
        ),
    ),
    "see-more": (
        r"(?:(?:see|read|view|find|show) more|(?:see|read) also)(?: on| about| from| at| in|…)?",
        (
            r"(?:see|read|view|find|show) more (?:(?:stories |articles |news )?"
            rf"(?:from|about) {_NAMES}|(?:on|about) this (?:topic|story)|on {_SITE})(?<!\.)"
        ),
    ),
    "link": (
        (
            r"(?-i:READ (?:MORE|ALSO|NEXT)|ALSO READ|RELATED (?:STORY|STORIES|ARTICLES?|COVERAGE)|DON['’]T MISS"
            rf"|MORE FROM [A-Z ]{{2,30}}|Read (?:more|also|next)|Also read|See (?:also|more)):(?: ?{_HEADLINE})?"
        ),
        rf"(?-i:READ|RELATED|WATCH|LISTEN|Read|Related):(?: ?{_NO_SPEECH}(?:(?!.*,){_HEADLINE}|{_TITLE_CASE}))?",
        r"related (?:stories|story|articles?|content|coverage):?",
        r"(?:recommended(?: for you)?|most read|editors?[’'] picks?|you may (?:also )?like):?",
    ),
    "share": (
        rf"share(?: this)?(?: article| story| page)?(?: on {_SITES})?[.:]?",
        r"print(?: this)?(?: article| page)?[.:]?",
        r"copy link|save(?: article| for later)?|listen to this article|gift (?:this )?article",
        r"comments?(?: \([0-9]+\))?|[0-9]+ (?:comments?|shares?)",
        r"skip to (?:main )?content|back to top",
    ),
    "reading-time": (
        r"(?:estimated )?reading time:? [0-9]{1,3} min(?:ute)?s?",
        r"[0-9]{1,3}[ -]min(?:ute)?s?[ -](?:read|listen)",
    ),
    "copyright": (
        rf"(?:copyright ?)?© ?(?:copyright )?(?:{_YEARS},? )?(?:by )?{_NAMES}\.?(?:,? {_RESERVED})?",
        rf"(?:copyright )?\(c\) ?{_YEARS},? (?:by )?{_NAMES}\.?(?:,? {_RESERVED})?",
        rf"copyright {_YEARS},? (?:by )?{_NAMES}\.?,? {_RESERVED}",
        rf"copyright {_YEARS},? (?:by {_NAMES}|{_NAMES}(?-i:(?<=Inc|Ltd|LLC|PLC)|(?<=Inc\.|Ltd\.)))\.?",
        r"all rights reserved\.?",
    ),
}
_LINE = re.compile(
    "|".join(f"(?P<{name.replace('-', '_')}>{'|'.join(patterns)})" for name, patterns in _RULES.items()), re.IGNORECASE
)

# Three letters tell that no rule can fit, for a fiftieth of what the patterns cost.
_FIRST_WORDS = (
    "already also advertisement all article back comment continue copy copyright don't don’t editors estimated file "
    "filed find follow get gift graphic illustration image keywords listen log more most photo picture print read "
    "reading recommended register related save see share show sign skip sponsored story subscribe tagged tags this "
    "topics video view watch you"
)
_BEGINNINGS = frozenset(word[:3] for word in _FIRST_WORDS.split())
_FIRST_CHARACTERS = frozenset("0123456789©(")


def boilerplate(line: str) -> str | None:
    """The name of the rule that ``line`` fits as a whole, or none where it is prose."""
    if len(line) > LONGEST or (line[:3].casefold() not in _BEGINNINGS and line[0] not in _FIRST_CHARACTERS):
        return None
    match = _LINE.fullmatch(line)
    return match.lastgroup.replace("_", "-") if match and match.lastgroup else None
