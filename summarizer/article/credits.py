"""Credits at the end of a line: of the agency that sent an article, of the picture above a caption."""

import re

AGENCY = (
    "(?:REUTERS|Reuters|AFP|AP|EPA(?:-EFE)?|dpa|DPA|ANSA|TASS|XINHUA|Xinhua|BLOOMBERG|Bloomberg|PA|UPI|EFE|ANP|NTB"
    "|Associated Press|ASSOCIATED PRESS|NYTIMES|THE NEW YORK TIMES)"
)
_REACH = 120  # characters before the end of a line in which a credit is looked for

# After the last sentence, and after nothing else: "the players’ AP" is no credit.
_AGENCY_CREDIT = re.compile(
    rf"(?:(?<=[.!?…])|(?<=[.!?…][”\"’')]))\s+(?P<dash>[-–—]\s*)?\(?{AGENCY}(?:(?:, | and |/){AGENCY})*\)?$"
)
_PHOTOGRAPHER = r"[\w.\- ]{2,40}"
_PICTURE_CREDIT = re.compile(
    rf"(?:(?:\bvia |/|[©(]\s?|Handout )(?:[\w. ]{{1,40}}/)?{AGENCY}(?:/{_PHOTOGRAPHER})?"
    rf"|\b[Hh]andout(?: via {_PHOTOGRAPHER})?"
    rf"|(?:REUTERS|AFP|AP Photo|EPA)/{_PHOTOGRAPHER}"
    rf"|(?:[.!?…][”\"’')]?\s+|\bvia |/)(?:Getty Images|GETTY IMAGES|Shutterstock|Alamy)(?:/{_PHOTOGRAPHER})?"
    rf"|(?:Photo|Photograph|Picture|Image)(?: credit)?(?: by|:) ?[\w.\-/ ]{{2,60}}"
    r"|[Cc]ourtesy of [\w.\- ]{2,60})\)?$"
)


def agency_credit(line: str) -> int | None:
    """Where the agency's name begins, with the space before it, that ends a line after its last sentence."""
    if not line[-2:].strip(")").isalpha():
        return None
    match = _AGENCY_CREDIT.search(line, max(0, len(line) - _REACH))
    if not match or (match["dash"] and line[0] in "“\"'‘«"):  # “It works.” – Reuters: whose words they are
        return None
    return match.start()


def ends_with_credit(line: str) -> bool:
    """Whether ``line`` ends with a picture's credit, as captions do."""
    return line[-1] not in '.?!”"' and bool(_PICTURE_CREDIT.search(line, max(0, len(line) - _REACH)))
