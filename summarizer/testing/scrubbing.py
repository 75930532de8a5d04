"""Secrets kept out of cassettes: what is left out, and what is taken out wherever it stands."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from summarizer.testing.exchange import Answer, Body, Interaction, Question
from summarizer.testing.written import written

REMOVED = "[secret removed]"
"""What stands in a cassette in place of a secret."""

KEPT_HEADERS = ("content-type", "retry-after", "retry-after-ms", "x-request-id")
"""The headers of an answer that a cassette holds; of a request, none."""

_SHORTEST, _SHORTEST_UNNAMED = 6, 8
"""Characters from which on a value is looked for: that of a secret, and one that may be none."""
_NOT_SECRET = frozenset(
    "no-key none empty dummy ollama lm-studio not-needed not_needed unused placeholder recorded "
    "sk-no-key-required application/json".split()
)
"""What people give where a key is wanted and none is needed; words that articles may hold."""
_SENT_BY_CLIENTS = re.compile(
    r"(x-stainless-.*|accept.*|content-.*|user-agent|host|connection|idempotency-key|traceparent|transfer-encoding"
    r"|http-referer|referer|x-title)$",
    re.IGNORECASE,
)
_SECRET_IN_ANSWERS = re.compile(
    r"(?!.*ratelimit).*(cookie|organi[sz]ation|project|api-?key|token|authorization)",  # limits count tokens
    re.IGNORECASE,
)
_SECRET_MEMBERS = re.compile(
    r".*(api[_-]?key|secret|password|authorization|assertion|(access|auth|id|refresh|session|subject)_token)",
    re.IGNORECASE,
)
"""Names under which bodies hold keys: those of gateways, and of servers that give out tokens."""
_FORM = re.compile(r"[\w.-]+=[^\s=&]*(&[\w.-]+=[^\s=&]*)*$")
_HARMLESS_QUERY = frozenset({"api-version", "after", "before", "limit", "order"})
_SECRET_VARIABLES = re.compile(r"OPENAI_(API_KEY|ADMIN_KEY|ORG_ID|PROJECT_ID|CUSTOM_HEADERS)|AZURE_.*")
_SCHEMES = frozenset({"bearer", "basic", "token", "apikey", "api-key"})

_KEY_LIKE = re.compile(
    r"\b(?:sk|pk|rk|sess)-(?=[\w*.-]*[\d*])[\w*.-]{8,}"  # OpenAI's and those after its pattern, masked ones too
    r"|\b(?:org|proj|user)[-_](?=[A-Za-z0-9]*\d)[A-Za-z0-9]{12,}"
    r"|\b[Bb]earer\s+(?=[\w.~+/*=-]*\d)[\w.~+/*=-]{16,}"
    r"|\bBasic\s+(?=[\w+/=]*\d)[\w+/=]{12,}"
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}"  # JSON web tokens
    r"|\bgh[opsur]_\w{30,}|\bhf_[A-Za-z0-9]{20,}|\bAKIA[A-Z0-9]{16}|\bAIza[\w-]{35}|\bgsk_[A-Za-z0-9]{20,}"
)


class Scrubber:
    """Learns the secrets of a session as they go by, and takes them out of what is to be kept."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._secrets: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        for name, value in environ.items():
            if _SECRET_VARIABLES.fullmatch(name):
                self._learn_variable(name, value)

    def learn_from_request(self, url: str, headers: Mapping[str, Any]) -> None:
        """Note what of a request's address and headers may be secret: all that its client does not add itself."""
        parts = urlsplit(url)
        self._learn_userinfo(parts.username, parts.password)
        for name, value in parse_qsl(parts.query):
            if name not in _HARMLESS_QUERY:
                self._learn(value, _SHORTEST_UNNAMED)
        for name, value in headers.items():
            if not _SENT_BY_CLIENTS.match(_str(name)):
                self._learn_header(_str(name), _str(value))

    def learn_from_answer(self, headers: Mapping[str, Any]) -> None:
        """Note the cookies and the ids of organisations and projects in the headers of an answer."""
        for name, values in headers.items():
            if _SECRET_IN_ANSWERS.match(_str(name)):
                for value in values if isinstance(values, list) else [values]:
                    self._learn_header(_str(name), _str(value))

    def learn_from_body(self, body: Body) -> None:
        """Note what stands in a body, JSON or a form, under the name of a key."""
        if isinstance(body, str) and _FORM.match(body):
            body = dict(parse_qsl(body))
        members = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
        for name, value in members:
            if isinstance(value, dict | list):
                self.learn_from_body(value)
            elif isinstance(value, str) and _SECRET_MEMBERS.fullmatch(str(name)):
                self._learn(value)

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
        """``text`` without the secrets known by now, and without what looks like a key."""
        if self._pattern is None and self._secrets:
            self._pattern = written(self._secrets)
        if self._pattern is not None:
            text = self._pattern.sub(REMOVED, text)
        return _KEY_LIKE.sub(REMOVED, text)

    def _body(self, body: Body) -> Body:
        if not isinstance(body, bytes):
            cleaned: Body = self._value(body)
            return cleaned
        return self.clean_text(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.clean_text(value)
        if isinstance(value, dict):
            return {self.clean_text(key): self._value(each) for key, each in value.items()}
        return [self._value(each) for each in value] if isinstance(value, list) else value

    def _learn_variable(self, name: str, value: str) -> None:
        if name.endswith("_ENDPOINT") or "://" in value:
            parts = urlsplit(value)
            self._learn_userinfo(parts.username, parts.password)
            self._learn(parts.hostname or "")
        elif name == "OPENAI_CUSTOM_HEADERS":
            for line in value.splitlines():
                self._learn_header(*(part.strip() for part in (line.partition(":")[0], line.partition(":")[2])))
        else:
            self._learn(value.strip())

    def _learn_header(self, name: str, value: str) -> None:
        named = bool(_SECRET_IN_ANSWERS.match(name))
        least = _SHORTEST if named else _SHORTEST_UNNAMED
        self._learn(value, least)
        if "cookie" in name.lower():
            for part in value.split(";")[: 1 if name.lower() == "set-cookie" else None]:
                self._learn(part.partition("=")[2].strip(), least)
            return
        scheme, _, rest = value.partition(" ")
        if scheme.lower() in _SCHEMES:
            self._learn(rest.strip(), least)
        if scheme.lower() == "basic":
            user, _, password = _decoded(rest).partition(":")
            self._learn_userinfo(user, password)

    def _learn_userinfo(self, user: str | None, password: str | None) -> None:
        for part in (user, password):
            if part:
                self._learn(part)
                self._learn(unquote(part))

    def _learn(self, secret: str, least: int = _SHORTEST) -> None:
        if len(secret) < least or secret.casefold() in _NOT_SECRET or secret in self._secrets:
            return
        self._secrets.add(secret)
        self._pattern = None


def kept_headers(headers: Mapping[str, Any]) -> dict[str, str]:
    """The headers of an answer that a cassette holds, by names in lower case.

    ``content-encoding`` stays where the body could not be unpacked.
    """
    names = {_str(name).lower(): values for name, values in headers.items()}
    return {name: _joined(names[name]) for name in (*KEPT_HEADERS, "content-encoding") if name in names}


def _joined(values: Any) -> str:
    return ", ".join(_str(value) for value in values) if isinstance(values, list) else _str(values)


def _str(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text.strip(), validate=True).decode("utf-8", "replace")
    except (ValueError, binascii.Error):
        return ""
