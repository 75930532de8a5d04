"""What stands in an article's text but is no part of it: newsletter pleas, credits, link labels.

A rule is a name and a few patterns, one of which must fit a whole line. Rules are conservative: a
line of prose never fits one. docs/reading.md shows what each cuts.
"""

import re

LONGEST = 160  # characters; a longer line is prose, whatever it begins with

_PHRASE = r"[^.!?“”\"]"  # of one phrase: no sentence ends in it, nothing is quoted
_REPORTED = rf"(?!{_PHRASE}*\b(?:said|says?|told|tells?|added|wrote|writes|argued?s?|asked|warned)\b)"
_SITE = "(?:twitter|x|facebook|instagram|telegram|whatsapp|tiktok|linkedin|youtube|threads|bluesky|google news)"
_NAME = r"[@A-Z0-9©][\w.’'\-]*"
_NAMES = rf"(?-i:{_NAME}(?:[ ,/&|:]+(?:(?:and|via|for|of|the|by|at|in) )*{_NAME}){{0,12}})"
_PICTURE = "photo|image|picture|graphic|illustration|video|photograph"

# In this order; the first that fits a line names the cut. Case does not count but within (?-i:…).
_RULES = {
    "newsletter": (
        (
            rf"{_REPORTED}(?:sign up|subscribe|register)\b{_PHRASE}*\b"
            rf"(?:newsletters?|inbox|e-?mail alerts?|news alerts?)\b{_PHRASE}*[.!]?"
        ),
        rf"{_REPORTED}get (?:our|the|this|your|free|[\w’']+[’']s)\b{_PHRASE}*\bnewsletters?(?: {_PHRASE}*)?[.!]?",
        rf"{_REPORTED}get {_PHRASE}*\b(?:in|to) your inbox{_PHRASE}{{0,30}}[.!]?",
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
            rf"(?:follow(?: this| these)? topics?|related (?:topics|tags)|topics|tags|keywords"
            rf"|filed under|tagged(?: with)?): {_PHRASE}{{1,80}}"
        ),
    ),
    "follow-us": (
        (
            rf"follow (?:us|@\w+|[\w ]{{1,30}}) on {_SITE}(?:(?:, | and |, and | or ){_SITE}){{0,4}}"
            rf"(?: ?:? ?@\w+| for (?:more|the latest|updates|news)\b{_PHRASE}{{0,40}}| here)?[.!]?"
        ),
    ),
    "see-more": (rf"(?:see|read|view|find|show) (?:more|also)(?:(?: on| about| from| at| in|…){_PHRASE}{{0,60}})?",),
    "link": (
        (
            r"(?-i:READ(?: MORE| ALSO| NEXT)?|ALSO READ|RELATED(?: (?:STORY|STORIES|ARTICLES?|COVERAGE))?|DON['’]T MISS"
            r"|MORE FROM [A-Z ]{2,30}|WATCH|LISTEN|Read(?: more| also| next)?|Also read|Related|See (?:also|more))"
            r":(?: ?[^“”]{1,120}(?<![.]))?"
        ),
        r"related (?:stories|story|articles?|content|coverage):?",
        r"(?:recommended(?: for you)?|most read|editors?[’'] picks?|you may (?:also )?like):?",
    ),
    "share": (
        rf"share(?: this)?(?: article| story| page)?(?: on {_SITE}(?:(?:, | and |, and | or ){_SITE}){{0,6}})?[.:]?",
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
        r"(?:copyright ?)?©[^“”]{1,150}",
        r"(?:copyright )?\(c\) ?[0-9]{4}\b[^“”]{0,150}",
        r"copyright [0-9]{4},? (?-i:by [A-Z]|The [A-Z]|[A-Z][a-z]*[A-Z.]|[A-Z]\w+(?: [A-Z]\w+){0,4}[.,])[^“”]{0,150}",
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
