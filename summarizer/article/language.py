"""Which language an article is likely to be in, where nobody says: by the commonest words of its first lines.

It decides how sentences are split: "14. Juni" is one sentence in German, and two in English.
"""

from collections.abc import Mapping

ENGLISH = "en"
_HEAD = 4_000  # characters that are looked at
_LEAST = 0.08  # part of the words that a language's commonest are at least, if it is that language
_FEWEST = 3  # of these words that it takes
_COMMON: Mapping[str, frozenset[str]] = {
    code: frozenset(words.split())
    for code, words in {
        ENGLISH: "the of and to in a is that for on was said with as it by",
        "de": "der die und das nicht ist ein eine mit den von sich auf dem im zu",
        "fr": "le les des et est une que dans pour qui pas du la un en au",
        "es": "el los las y que una por con para se del la en un no es",
        "it": "il di che e la per un non sono della gli del una con si i",
        "pt": "o os que e do da em um para não uma dos no na com as",
        "nl": "de het een en van dat niet is op zijn met voor te die in aan",
        "sv": "och att det som en på är av för den med inte har till i ett",
        "da": "og at det er en på til af for den med ikke har som i et",
        "pl": "i w na nie się z że do jest to o za od ale po jak",
    }.items()
}


def likely_language(text: str) -> str:
    """The code of the language, such as ``"de"``; English where no other is plainly likelier."""
    words = [word.strip(".,;:!?()„“”\"'«»") for word in text[:_HEAD].lower().split()]
    shares = {code: sum(word in common for word in words) for code, common in _COMMON.items()}
    best = max(shares, key=lambda code: shares[code])
    plainly = shares[best] > shares[ENGLISH] and shares[best] >= max(_FEWEST, _LEAST * len(words))
    return best if plainly else ENGLISH
