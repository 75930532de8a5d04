"""Secrets kept out of cassettes: what is left out, and what is taken out wherever it stands."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from summarizer.testing.exchange import Answer, Body, Interaction, Question
from summarizer.testing.secrecy import (
    HARMLESS_QUERY,
    ID_MEMBERS,
    KEY_LIKE,
    KEY_MEMBERS,
    SECRET_IN_ANSWERS,
    SECRET_IN_REQUESTS,
    SECRET_VARIABLES,
    SENT_BY_CLIENTS,
    is_placeholder,
    looks_random,
    may_be_word,
)
from summarizer.testing.written import written

REMOVED = "[secret removed]"
"""What stands in a cassette in place of a secret."""

KEPT_HEADERS = ("content-type", "retry-after", "retry-after-ms", "x-request-id")
"""The headers of an answer that a cassette holds; of a request, none."""

_SHORTEST, _SHORTEST_UNNAMED = 6, 8
"""Characters from which on a value is looked for: that of a secret, and one that may be none."""
_FORM = re.compile(r"[\w.-]+=[^\s=&]*(&[\w.-]+=[^\s=&]*)*$")
_SCHEMES = frozenset({"bearer", "basic", "token", "apikey", "api-key"})


class Scrubber:
    """Learns the secrets of a session as they go by, and takes them out of what is to be kept.

    A value that articles may hold as well, such as a project that is called "bridge", is taken out of addresses and
    headers, and of bodies only where it stands under the name of a secret.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._secrets: dict[str, str] = {}
        self._words: dict[str, str] = {}
        """As the secrets, each with what it was: but for addresses and headers alone."""
        self._patterns: dict[bool, re.Pattern[str] | None] = {}
        for name, value in environ.items():
            if SECRET_VARIABLES.fullmatch(name):
                self._learn_variable(name, value)

    def learn_from_request(self, url: str, headers: Mapping[str, Any]) -> None:
        """Note what of a request's address and headers may be secret.

        That is what stands under the name of a secret, and of what else its client does not add itself, what looks
        like a key.
        """
        parts = urlsplit(url)
        self._learn_userinfo(parts.username, parts.password)
        for name, value in parse_qsl(parts.query):
            if name not in HARMLESS_QUERY:
                self._learn(value, f"the parameter {name} of an address", _SHORTEST_UNNAMED)
        for name, value in headers.items():
            if not SENT_BY_CLIENTS.match(_str(name)):
                self._learn_header(_str(name), _str(value))

    def learn_from_answer(self, headers: Mapping[str, Any]) -> None:
        """Note the cookies and the ids of organisations and projects in the headers of an answer."""
        for name, values in headers.items():
            if SECRET_IN_ANSWERS.match(_str(name)):
                for value in values if isinstance(values, list) else [values]:
                    self._learn_header(_str(name), _str(value))

    def learn_from_body(self, body: Body) -> None:
        """Note what stands in a body, JSON or a form, under the name of a secret."""
        if isinstance(body, str) and _FORM.match(body):
            for field, given in parse_qsl(body):
                if _is_secret_member(field, given):
                    self._learn_always(given, f"the field {field} of a form")
        members = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
        for name, value in members:
            if isinstance(value, dict | list):
                self.learn_from_body(value)
            elif _is_secret_member(name, value):
                self._learn(value, f"the member {name} of a body")

    def taken_out(self, interaction: Interaction) -> set[str]:
        """What the secrets in the texts of messages were when they were seen, such as "the header api-key"."""
        text = "\n".join(_message_texts(interaction))
        if self._in_bodies(text) == text:
            return set()
        found = {name for secret, name in self._secrets.items() if written([secret]).search(text)}
        return found | ({"what looks like a key"} if KEY_LIKE.search(text) else set())

    def clean(self, interaction: Interaction) -> Interaction:
        """``interaction`` without the secrets known by now."""
        answer = interaction.answer
        headers = {name: self.clean_text(value) for name, value in answer.headers.items()}
        return Interaction(
            self.clean_question(interaction.question), Answer(answer.status, headers, self._body(answer.body))
        )

    def clean_question(self, question: Question) -> Question:
        """``question`` without the secrets known by now."""
        return replace(
            question,
            endpoint=self.clean_text(question.endpoint),
            body=self._body(question.body),
            query={name: self.clean_text(value) for name, value in question.query.items()},
        )

    def clean_text(self, text: str) -> str:
        """An address, a header or a name without the secrets known by now, and without what looks like a key."""
        return self._without(text, words=True)

    def _in_bodies(self, text: str) -> str:
        return self._without(text, words=False)

    def _without(self, text: str, *, words: bool) -> str:
        if words not in self._patterns:
            known = [*self._secrets, *(self._words if words else ())]
            self._patterns[words] = written(known) if known else None
        pattern = self._patterns[words]
        return KEY_LIKE.sub(REMOVED, pattern.sub(REMOVED, text) if pattern is not None else text)

    def _body(self, body: Body) -> Body:
        if not isinstance(body, bytes):
            cleaned: Body = self._value(body)
            return cleaned
        return self._in_bodies(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._in_bodies(value)
        if isinstance(value, dict):
            return {
                self._in_bodies(name): REMOVED if _is_secret_member(name, each) else self._value(each)
                for name, each in value.items()
            }
        return [self._value(each) for each in value] if isinstance(value, list) else value

    def _learn_variable(self, name: str, value: str) -> None:
        if name.endswith("_ENDPOINT") or "://" in value:
            parts = urlsplit(value)
            self._learn_userinfo(parts.username, parts.password)
            self._learn(parts.hostname or "", f"the variable {name}")
        elif name == "OPENAI_CUSTOM_HEADERS":
            for line in value.splitlines():
                self._learn_header(*(part.strip() for part in (line.partition(":")[0], line.partition(":")[2])))
        else:
            self._learn(value.strip(), f"the variable {name}")

    def _learn_header(self, name: str, value: str) -> None:
        what = f"the header {name.lower()}"
        if "cookie" in name.lower():
            for part in value.split(";")[: 1 if name.lower() == "set-cookie" else None]:
                self._learn(part.partition("=")[2].strip(), what)
        scheme, _, rest = value.partition(" ")
        has_scheme = scheme.lower() in _SCHEMES
        if has_scheme or SECRET_IN_REQUESTS.match(name):
            self._learn(value, what)
            self._learn(rest.strip() if has_scheme else "", what)
        elif looks_random(value):
            self._learn(value, what, _SHORTEST_UNNAMED)
        if scheme.lower() == "basic":
            user, _, password = _decoded(rest).partition(":")
            self._learn_userinfo(user, password)

    def _learn_userinfo(self, user: str | None, password: str | None) -> None:
        for part in filter(None, (user, password)):
            self._learn_always(part, "the user or the password of an address")
            self._learn_always(unquote(part), "the user or the password of an address")

    def _learn(self, secret: str, what: str, least: int = _SHORTEST) -> None:
        if may_be_word(secret):
            self._learn_always(secret, what, least, self._words)
        else:
            self._learn_always(secret, what, least)

    def _learn_always(
        self, secret: str, what: str, least: int = _SHORTEST, known: dict[str, str] | None = None
    ) -> None:
        known = self._secrets if known is None else known
        if len(secret) >= least and not is_placeholder(secret) and secret not in known:
            known[secret] = what
            self._patterns.clear()


def kept_headers(headers: Mapping[str, Any]) -> dict[str, str]:
    """The headers of an answer that a cassette holds, by names in lower case.

    ``content-encoding`` stays where the body could not be unpacked.
    """
    names = {_str(name).lower(): values for name, values in headers.items()}
    return {name: _joined(names[name]) for name in (*KEPT_HEADERS, "content-encoding") if name in names}


def _message_texts(interaction: Interaction) -> Iterator[str]:
    """What was said to a model, and what it said."""
    asked, answered = interaction.question.body, interaction.answer.body
    messages = asked.get("messages") if isinstance(asked, dict) else None
    choices = answered.get("choices") if isinstance(answered, dict) else None
    told = [each.get("message") for each in choices if isinstance(each, dict)] if isinstance(choices, list) else []
    for message in (messages if isinstance(messages, list) else []) + told:
        content = message.get("content") if isinstance(message, dict) else None
        parts = content if isinstance(content, list) else [{"text": content}]
        yield from (part["text"] for part in parts if isinstance(part, dict) and isinstance(part.get("text"), str))


def _is_secret_member(name: Any, value: Any) -> bool:
    """Whether a member of a body holds a key, a cookie, or the id of an organisation or a project."""
    if not isinstance(value, str) or len(value) < _SHORTEST or is_placeholder(value):
        return False
    is_id = ID_MEMBERS.fullmatch(str(name)) is not None and not re.search(r"\s", value)
    return is_id or KEY_MEMBERS.fullmatch(str(name)) is not None


def _joined(values: Any) -> str:
    return ", ".join(_str(value) for value in values) if isinstance(values, list) else _str(values)


def _str(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text.strip(), validate=True).decode("utf-8", "replace")
    except (ValueError, binascii.Error):
        return ""
