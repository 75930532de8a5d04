"""Sentences that look like instructions to a language model.

An injected sentence is real text and passes every check of quotations, so that it is reported rather
than cut. The patterns are kinds of wording seen in published prompt injections.
"""

import re

_MODEL = r"(?:(?:AI )?(?:large )?language model|AI (?:model|assistant)|AI|LLM|GPT|ChatGPT|chatbot|summari[sz]er)s?"
_MODEL_CALLED = rf"(?:assistant|{_MODEL})"
_SPOKEN_TO = r"(?=\W*$|[.,:;!?—]| (?:reading|that|who|and|whose|trained|with(?:out)?)\b)"  # not "AI researchers"
_FIRST = r"^\W*(?:(?:please|now|and|then|stop)\W+){0,3}"  # where a sentence that asks for something begins
_ORDERS = "(?:instructions?|prompts?|rules|guidelines|directions)"
_ARTICLE = "(?:article|text|document|page)"
_IGNORE = "(?:ignore|disregard|forget|override)"
_REPLY = (
    r"(?:respond|reply|answer|output) (?:only )?"
    r"(?:(?:with|in) )?(?:(?:valid )?JSON\b|the following\b|nothing\b|(?:the|these) words?\b|\{)"
)

# In news, others are told about, and others are spoken of: "drivers ignore the rules", "as an AI company".
# They are gathered by where they can begin, so that most characters of a sentence are looked at once.
_INSTRUCTION = re.compile(
    rf"{_FIRST}(?:{_IGNORE}\b.{{0,40}}\b(?:{_ORDERS}|everything above|all of the above)(?!\w)|{_REPLY})"
    r"|^\W*(?:(?:system|developer) (?:prompt|message|note)\s*[:\])>]|(?-i:SYSTEM|ASSISTANT)\s*:"
    rf"|dear {_MODEL}\b|{_MODEL_CALLED},\s+{_REPLY}"
    rf"|(?:important )?(?:note|message|attention|instructions?),?(?: (?:to|for))?(?: (?:the|any|all))? "
    rf"{_MODEL}{_SPOKEN_TO})"
    rf"|\b(?:{_IGNORE}\b.{{0,20}}\b(?:previous|prior|above|earlier|preceding|your) .{{0,20}}{_ORDERS}\b"
    r"|(?:print|reveal|repeat|output|show|leak) .{0,20}\byour (?:system |hidden |secret )?(?:prompt|instructions)\b"
    rf"|you are (?:now )?(?:an? )?(?:{_MODEL}{_SPOKEN_TO}|helpful (?:AI )?assistant\b)"
    rf"|as an? {_MODEL},? you\b"
    rf"|(?:when|if) (?:you (?:are )?(?:summari[sz]ing|summari[sz]e|processing|process|analy[sz]ing|analy[sz]e)"
    rf" (?:this|the)|(?:summari[sz]ing|processing|analy[sz]ing) this) {_ARTICLE}\b"
    rf"|(?:must|should|only) {_REPLY})"
    r"|</?(?:system|assistant|user|instructions?|article)>|\[S\d+\]|<\|[a-z_]+\|>|\[/?INST\]",
    re.IGNORECASE,
)


def looks_like_instruction(text: str) -> bool:
    """Whether a sentence looks as if it were meant for a language model rather than a reader."""
    return _INSTRUCTION.search(text) is not None
