"""What stands in an article's text but is no part of it: newsletter pleas, credits, link labels.

A rule is a name and a pattern that must fit a whole line. Rules are conservative: a line of prose
never fits one. Which line fits which rule is told in docs/reading.md.
"""

import re

_LONGEST = 160  # a longer line is prose, whatever it begins with

_AGENCY = (
    r"(?:REUTERS|Reuters|AFP|AP|EPA(?:-EFE)?|dpa|DPA|ANSA|TASS|XINHUA|Xinhua|BLOOMBERG|Bloomberg|PA|UPI|EFE|ANP|NTB|"
    r"Getty Images|GETTY IMAGES|Associated Press|ASSOCIATED PRESS|NYTIMES|THE NEW YORK TIMES)"
)

# In this order; the first that fits a line names the cut.
_RULES = {
    "newsletter": r"(?i:(?:sign up|subscribe|register)\b[^.!?“”\"]*\b(?:newsletters?|inbox|e-?mail alerts?|news alerts?)\b[^.!?“”\"]*[.!]?|get\b[^.!?“”\"]*\bnewsletters?\b[^.!?“”\"]*[.!]?)",
    "subscription": r"(?i:subscribe(?: now| today| to continue| here)?[.!]?|(?:already (?:a subscriber|have an account)\? )?(?:log|sign) in[.!]?"
    r"|this (?:article|story|content) is for (?:subscribers|members)(?: only)?[.!]?)",
    "advertisement": r"(?i:advertise?ment|advertising|sponsored(?: content| by [\w ]{1,40})?|(?:story|article) continues(?: below)?(?: (?:this |the )?advertise?ment)?|continue reading below)[.:]?",
    "photo-credit": r"(?:(?:FILE )?(?:PHOTO|IMAGE|PICTURE|GRAPHIC|ILLUSTRATION|VIDEO)S?|(?:File )?(?:Photo|Image|Picture|Graphic|Illustration|Video)s?)(?: (?i:credit|by|courtesy))?: ?[^.!?“”]{1,80}",
    "topics": r"(?i:(?:follow(?: this| these)? |more on (?:this |these )?|related |filed under|)(?:topics?|tags?|keywords?)s?:?(?:[ :][^.!?“”]{0,80})?)(?<![.!?])",
    "follow-us": r"(?i:follow (?:us|@\w+|[\w ]{1,30}) on (?:twitter|x|facebook|instagram|telegram|whatsapp|tiktok|linkedin|youtube|google news)\b[^.!?“”]{0,60}[.!]?)",
    "see-more": r"(?i:(?:see|read|view|find|show) (?:more|also)(?:(?: on| about| from| at| in|:|…)[^.!?“”]{0,60})?)",
    "link": r"(?:READ(?: MORE| ALSO| NEXT)?|ALSO READ|RELATED(?: (?:STORY|STORIES|ARTICLES?|COVERAGE))?|MORE FROM [A-Z ]{2,30}|WATCH|LISTEN|DON'T MISS|(?:Read|Also read|Related|Read more|Read next|See also))(?:: ?[^“”]{1,120}|:)"
    r"|(?i:related (?:stories|story|articles?|content|coverage)|recommended(?: for you)?|most read|editors?[’'] picks?|you may (?:also )?like):?",
    "share": r"(?i:share(?: this)?(?: article| story| page)?(?: on [\w ,]{2,40})?|print(?: this)?(?: article| page)?|copy link|save(?: article| for later)?|listen to this article|comments?(?: \(\d+\))?|\d+ (?:comments?|shares?)|skip to (?:main )?content|back to top|gift (?:this )?article)[.:]?",
    "reading-time": r"(?i:(?:estimated )?(?:reading time:? \d{1,3} min(?:ute)?s?|\d{1,3}[ -]min(?:ute)?s?[ -](?:read|listen)))",
    "copyright": r"(?i:(?:copyright ?)?(?:©|\(c\)|(?<=copyright )\d{4})[^“”]{1,150}|all rights reserved\.?)",
}
_LINE = re.compile("|".join(f"(?P<{name.replace('-', '_')}>{pattern})" for name, pattern in _RULES.items()))

_AGENCY_CREDIT = re.compile(rf"(?<=[.!?”\"’'…])\s+(?:[-–—]\s*)?\(?{_AGENCY}(?:(?:, | and |/){_AGENCY})*\)?$")
_CAPTION_CREDIT = re.compile(
    rf"(?:(?:\bvia |/|\bby |[©(]\s?|Handout )(?:[\w. ]{{1,40}}/)?{_AGENCY}(?:/[\w.\- ]{{2,40}})?"
    r"|\b[Hh]andout(?: via [\w ]{2,40})?|(?:REUTERS|AFP|AP Photo|Getty Images|EPA)/[\w.\- ]{2,40}"
    r"|(?:Photo|Photograph|Picture|Image)(?: credit)?(?: by|:) ?[\w.\- /]{2,60}|[Cc]ourtesy of [\w.\- ]{2,60})\)?$"
)


def boilerplate(line: str) -> str | None:
    """The name of the rule that ``line`` fits as a whole, or none where it is prose."""
    if len(line) > _LONGEST:
        return None
    match = _LINE.fullmatch(line)
    return match.lastgroup.replace("_", "-") if match and match.lastgroup else None


def agency_credit(line: str) -> int | None:
    """Where the agency's name begins, with the space before it, that ends a line after its last sentence."""
    if not line[-3:].strip(")").isalpha():
        return None
    match = _AGENCY_CREDIT.search(line, max(0, len(line) - 60))
    return match.start() if match else None


def ends_with_credit(line: str) -> bool:
    """Whether ``line`` ends with a picture's credit, as captions do."""
    return line[-1] not in ".?!”\"" and bool(_CAPTION_CREDIT.search(line, max(0, len(line) - 120)))
