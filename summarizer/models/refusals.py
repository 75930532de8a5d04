"""What a server finds fault with, read off its own words: the form, a parameter, or the length."""

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from summarizer.models.redaction import plain, redacted

if TYPE_CHECKING:
    import openai

TOO_LONG = "Use a lower chunk_tokens (--chunk-tokens), or a model that reads more at once."
"""What to do about a request that is too long."""
LONGEST_READ = 800
"""Characters of a server's words that are searched."""
ECHO = 24
"""Bytes of letters and digits in a row that a broken server repeats rather than says: a sentence, not the name of
a form."""

_FORM = re.compile(
    r"response_?format|response_schema|json[ _]?schema|json[ _]?object|json[ _]?mode|structured[ _]outputs?|"
    r"guided[ _](?:json|decoding)|grammar|generate json|json_validate"
)
_FORM_LOOSELY = re.compile(rf"{_FORM.pattern}|\bschema|requested parameters")
"""What names the form where the status already says that the request is at fault."""
_NOT_TAKEN = re.compile(
    r"unsupported|not supported|not support\b|unknown|unrecogni[sz]ed|unexpected|\bextra|not permitted|not allowed|"
    r"not (?:a )?valid (?:param|arg|field|key)|invalid (?:param|arg|field|key)|deprecated|cannot find|incompatible|"
    r"only the default|cannot be (?:used|set)|not accept(?:ed)?\b(?!.*\b(?:above|below|over|under|outside|values?)\b)|"
    r"(?:can|may) only be (?:set to )?[\d.]*\d|\bonly [\d.]*\d is (?:allowed|supported|accepted|valid)"
)
_OFFERED = re.compile(
    r"\b(?:expected|did you mean|(?:one|any|some) of|"
    r"(?:known|valid|allowed|available|supported|accepted|permitted) (?:\w+ )?(?:are|is|include)\b|"
    r"(?:known|valid|allowed|available|supported|accepted|permitted) (?:\w+ )?\w+:).*?(?=[.;!?](?:\W|$)|$)"
)
"""What a server says that it does take, to the end of the sentence."""
_PART_ENDS = re.compile(r"[.;!?](?=\s|$)|\}, ?\{|\n")
_VALUE = re.compile(
    r"too (?:large|high|big|long|small|low)|at (?:most|least)|must be|should be|(?:less|greater|more|fewer) than|"
    r"between|out of range|exceed"
)
"""How servers find fault with a number."""
_TOO_LONG = re.compile(
    r"context_length_exceeded|exceed_context_size|context[ _](?:length|window|size)|"  # OpenAI, llama.cpp, Ollama
    r"max(?:imum)? (?:model|prompt|input) length|max_model_len|model token limit|"  # vLLM, xAI, Moonshot
    r"(?:prompt|input)\b.{0,60}\btoo (?:long|large)|request too large|too many (?:input )?tokens|"  # Anthropic, vLLM
    r"exceeds? the (?:maximum|max) number of tokens|tokens \+ `max_new_tokens"  # Gemini, TGI
)
"""How servers say that a request is too long: their codes, and the wordings in their sources and issues."""
AT_FAULT = frozenset({400, 404, 422})
"""The statuses that say that the request, as it is put, is at fault."""
_TOO_LONG_AT = frozenset({400, 422, 429, 500})
"""The statuses under which the wordings count: llama.cpp has used 500, OpenAI 429 for one over a minute's limit."""
_TOO_LARGE_A_MINUTE = re.compile(r"request too large")
_TELLING = re.compile(rf"{_FORM_LOOSELY.pattern}|{_NOT_TAKEN.pattern}|{_TOO_LONG.pattern}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a server did not take a request, as far as it says."""

    status: int
    words: str = field(repr=False)
    """Its answer in lower case; it may hold what was sent, and is not to be shown."""
    param: str = ""
    """The parameter that it says is at fault, in lower case, where it has a field for this."""

    @property
    def about_form(self) -> bool:
        """Whether the form of output is what it does not take."""
        if self.status in AT_FAULT:
            return bool(_FORM_LOOSELY.search(self.words))
        return self.status in (500, 501) and bool(_FORM.search(self.words))

    @property
    def about_length(self) -> bool:
        """Whether the request is too long for the model."""
        if self.status == 429:
            return bool(_TOO_LARGE_A_MINUTE.search(self.words))
        return self.status == 413 or (self.status in _TOO_LONG_AT and bool(_TOO_LONG.search(self.words)))

    def names(self, parameter: str) -> bool:
        """Whether it speaks of ``parameter``."""
        return self.status in AT_FAULT and _speaks_of(parameter, self.words)

    def does_not_take(self, parameter: str) -> bool:
        """Whether it says that it takes no ``parameter``, whatever the value.

        A value out of bounds is the caller's to correct, so that one is not left out for them. What it
        offers in place of another parameter is not at fault.
        """
        if self.status not in AT_FAULT or (self.param and not _speaks_of(parameter, self.param)):
            return False
        return any(_NOT_TAKEN.search(words) for words in self._about(parameter))

    def about_value(self, parameter: str) -> bool:
        """Whether it finds fault with how much ``parameter`` is, not with its being there."""
        return any(_VALUE.search(words) for words in self._about(parameter))

    def _about(self, parameter: str) -> list[str]:
        """The sentences, or entries of a list of faults, that speak of ``parameter``; all, if a field does."""
        if _speaks_of(parameter, self.param):
            return [self.words]
        parts = _PART_ENDS.split(_OFFERED.sub(" ", self.words))
        return [part for part in parts if _speaks_of(parameter, part)]


def refusal(error: "openai.APIStatusError") -> Refusal:
    """What the server says with ``error``; it is for reading only, since it may hold what was sent.

    A server that finds fault with the request means what it says, whatever words an article shares with it. One
    that broke may just as well repeat what it broke at.
    """
    body = error.body if isinstance(error.body, str) else json.dumps(error.body, ensure_ascii=False, default=str)
    body = body[:LONGEST_READ]
    if _TELLING.search(body):  # only where there is something in it: this takes time
        body = plain(body) if error.status_code in AT_FAULT else _without_echoes(error, body)
    words = f"{error.param} {error.code} {error.type} {body}".casefold()
    return Refusal(error.status_code, words, (error.param or "").casefold())


def _without_echoes(error: "openai.APIStatusError", words: str) -> str:
    request = error.request
    return redacted(words, sent=request.content, headers=request.headers, longest=LONGEST_READ, window=ECHO)


def _speaks_of(parameter: str, words: str) -> bool:
    return bool(re.search(rf"\b{re.escape(parameter)}\b", words))


def says_too_long(words: str) -> bool:
    """Whether ``words``, which a server gives in place of a completion, say that the request is too long."""
    return bool(_TOO_LONG.search(words.casefold()))
