"""Find the lines of a text that are not part of the article: boilerplate, credits, hidden characters.

A boilerplate rule is a name and a few patterns, one of which must match a whole line. The patterns
consist of closed word lists and names, so that a line with any other word stays.
docs/reading.md shows what each rule cuts.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from summarizer._text import INVISIBLE, MAYBE_INVISIBLE, strip_invisible
from summarizer.article.paragraphs import Line, LineRole, split_lines
from summarizer.spans import Span

_MAX_BOILERPLATE = 160  # characters; a longer line is prose
_MAX_CAPTION = 400  # characters of a caption that is recognized only by the credit after it
_PLAIN = bytes([*range(9, 14), *range(32, 127)])  # ASCII without the controls
_SENTENCE_ENDS = frozenset('.?!”"')  # no credit ends with one

_SITE = "(?:twitter|x|facebook|instagram|telegram|whatsapp|tiktok|linkedin|youtube|threads|bluesky|google news)"
_SITES = rf"{_SITE}(?:(?:, | and |, and | or ){_SITE}){{0,6}}"
_NAME = r"[@A-ZÀ-ÖØ-Þ0-9©][\w.’'\-]*"
_NAMES = rf"(?-i:{_NAME}(?:[ ,/&|:]+(?:(?:and|via|for|of|the|by|at|in) )*{_NAME}){{0,12}})"
_PICTURE = "photo|image|picture|graphic|illustration|video|photograph"

# Words that turn a name or a list into a clause.
_CLAUSE_WORDS = (
    "i|me|my|you|your|he|him|his|she|her|it|its|we|us|they|them|their|who|whom|whose|which|that|what|when|where|while"
    "|if|as|than|because|and|or|but|nor|so|yet|not|is|are|was|were|be|been|has|have|had|do|does|did|will|would|can"
    "|could|may|might|must|shall|should|of|in|on|at|to|for|from|by|with|about|after|before|behind"
)

# What readers can sign up for: anything after "our", otherwise known kinds and names.
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

# The label of a link, written like a headline: no clause after a comma, no second sentence, no full stop.
_HEADLINE = (
    rf"(?-i:(?=[A-ZÀ-ÖØ-Þ0-9‘])(?:(?!, (?:{_CLAUSE_WORDS}|the|an?)\b|[.!?…;]\s+[A-Z‘])[^“”\"]){{1,110}}(?<![.!…,:;]))"
)
_TITLE_CASE = rf"(?-i:(?:{_NAME},?|[a-z]{{1,3}})(?: (?:{_NAME},?|[a-z]{{1,3}}|[–—&])){{0,20}}(?<![.,]))"
# "WATCH:" may precede direct speech. Excludes beginnings of sentences and words of address.
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

# The first rule that matches a line names the cut. Case counts only within (?-i:…).
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

# The first three letters exclude most lines, at a fiftieth of the cost of the patterns.
_FIRST_WORDS = (
    "already also advertisement all article back comment continue copy copyright don't don’t editors estimated file "
    "filed find follow get gift graphic illustration image keywords listen log more most photo picture print read "
    "reading recommended register related save see share show sign skip sponsored story subscribe tagged tags this "
    "topics video view watch you"
)
_BEGINNINGS = frozenset(word[:3] for word in _FIRST_WORDS.split())
_FIRST_CHARACTERS = frozenset("0123456789©(")

_AGENCY = (
    "(?:REUTERS|Reuters|AFP|AP|EPA(?:-EFE)?|dpa|DPA|ANSA|TASS|XINHUA|Xinhua|BLOOMBERG|Bloomberg|PA|UPI|EFE|ANP|NTB"
    "|Associated Press|ASSOCIATED PRESS|NYTIMES|THE NEW YORK TIMES)"
)
_CREDIT_REACH = 120  # characters from the end of a line in which credits are searched

# After the last sentence, and after nothing else: "the players’ AP" is no credit.
_AGENCY_CREDIT = re.compile(
    rf"(?:(?<=[.!?…])|(?<=[.!?…][”\"’')]))\s+(?P<dash>[-–—]\s*)?\(?{_AGENCY}(?:(?:, | and |/){_AGENCY})*\)?$"
)
_PHOTOGRAPHER = r"[\w.\- ]{2,40}"
_PICTURE_CREDIT = re.compile(
    rf"(?:(?:\bvia |/|[©(]\s?|Handout )(?:[\w. ]{{1,40}}/)?{_AGENCY}(?:/{_PHOTOGRAPHER})?"
    rf"|\b[Hh]andout(?: via {_PHOTOGRAPHER})?"
    rf"|(?:REUTERS|AFP|AP Photo|EPA)/{_PHOTOGRAPHER}"
    rf"|(?:[.!?…][”\"’')]?\s+|\bvia |/)(?:Getty Images|GETTY IMAGES|Shutterstock|Alamy)(?:/{_PHOTOGRAPHER})?"
    rf"|(?:Photo|Photograph|Picture|Image)(?: credit)?(?: by|:) ?[\w.\-/ ]{{2,60}}"
    r"|[Cc]ourtesy of [\w.\- ]{2,60})\)?$"
)


class Cut(NamedTuple):
    """A part of the text that is not read."""

    span: Span
    reason: str
    """The name of the rule, as in ``docs/reading.md``: ``"newsletter"``, …"""


def clean_lines(text: str, roles: Mapping[int, LineRole], hidden: list[Span], cuts: list[Cut]) -> Iterator[Line]:
    """Yield the lines to read, and add the others to ``cuts``.

    The front matter has ``roles`` by the offset of a line. Rules match the visible text, without ``hidden``.
    """
    remaining = iter(hidden)
    gap = next(remaining, None)
    pending: Line | None = None  # waits for the next line: a credit there makes it a caption
    after_cut = False
    for line in split_lines(text):
        start, end, shown, starts_block, _ = line
        if gap and gap.start < end:
            shown = strip_invisible(shown).strip()
            gap = next((span for span in remaining if span.start >= end), None)
        role = roles.get(start)
        reason = role or (boilerplate_rule(shown) if shown else "invisible")
        if reason and reason != "title":
            cuts.append(Cut(Span(start, end), reason))
            if reason == "photo-credit" and pending and pending.kind == "prose":
                is_short = pending.end - pending.start <= _MAX_CAPTION
                pending = pending._replace(kind="caption") if is_short else pending
            after_cut = True
            continue
        if pending:
            yield pending
        if shown is line.text and not role and not after_cut and shown[-1] in _SENTENCE_ENDS:  # nearly always
            pending = line
        else:
            changed = line._replace(text=shown, starts_block=starts_block or after_cut)
            pending = with_kind(changed, role) if role else _without_credit(text, changed, cuts)
            after_cut = pending.end < end
    if pending:
        yield pending


def find_invisible(text: str) -> list[Span]:
    """Return the runs of invisible characters in ``text``, in order."""
    special = set(text.encode().translate(None, _PLAIN).decode())  # cheaper than a search of the whole text
    rare = "".join(filter(MAYBE_INVISIBLE.match, special))
    if not rare:  # nearly always
        return []
    first, last = min(map(text.find, rare)), max(map(text.rfind, rare))
    runs = re.compile(f"[{re.escape(rare)}]+").finditer(text, first, last + 1)
    return [Span(*run.span()) for near in runs for run in INVISIBLE.finditer(text, near.start(), near.end() + 1)]


def boilerplate_rule(line: str) -> str | None:
    """Return the name of the rule that matches the whole ``line``, or None for prose."""
    if len(line) > _MAX_BOILERPLATE or (line[:3].casefold() not in _BEGINNINGS and line[0] not in _FIRST_CHARACTERS):
        return None
    match = _LINE.fullmatch(line)
    return match.lastgroup.replace("_", "-") if match and match.lastgroup else None


def _without_credit(text: str, line: Line, cuts: list[Cut]) -> Line:
    """Cut the name of an agency from the end of ``line``."""
    original = text[line.start : line.end]
    credit = None
    if original[-2:].strip(")").isalpha():
        credit = _AGENCY_CREDIT.search(original, max(0, len(original) - _CREDIT_REACH))
    if not credit or (credit["dash"] and original[0] in "“\"'‘«"):  # “It works.” – Reuters: the speaker
        return with_kind(line, None)
    end = line.start + credit.start()
    cuts.append(Cut(Span(end, line.end), "agency-credit"))
    return line._replace(end=end, text=strip_invisible(text[line.start : end]).strip())


def with_kind(line: Line, role: LineRole | None) -> Line:
    """Mark a title or a caption, which ends with the credit of a picture."""
    if role == "title":
        return line._replace(kind="title")
    ends_like_sentence = line.text[-1] in _SENTENCE_ENDS
    if not ends_like_sentence and _PICTURE_CREDIT.search(line.text, max(0, len(line.text) - _CREDIT_REACH)):
        return line._replace(kind="caption")
    return line
