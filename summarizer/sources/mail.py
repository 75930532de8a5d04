"""Load e-mails."""

import re
from base64 import b64decode
from collections.abc import Iterator
from email import message_from_string
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any, TypeAlias, cast

from summarizer._patterns import compile_lazily
from summarizer._text import one_line, shorten
from summarizer.article import Article
from summarizer.errors import ArticleError
from summarizer.sources.archives import MAX_TEXT
from summarizer.sources.base import Content, Loader
from summarizer.sources.mail_body import MailBody, MailLine, is_cover_note, plain_lines, read_body, strip_prefixes
from summarizer.sources.markup import read_markup
from summarizer.sources.text import load_text

_TOP = 100_000  # bytes in which headers are searched
_HEADER_LINE = compile_lazily(rb"[!-9;-~]+[ \t]*:.*")
_USUAL = frozenset(b"from to cc subject date reply-to sender delivered-to content-type list-id".split())
# The line before each e-mail of a mailbox, and the first header after it.
_MAILBOX = compile_lazily(rb"\r?\n\r?\n(?=From [^\n]{1,200}\d{4}\r?\n[!-9;-~]+:)")
_ONLY_FIRST = "The file holds several e-mails, of which only the first was read."
_TECHNICAL = frozenset(b"received message-id mime-version return-path dkim-signature arc-seal x-mailer".split())
_FAULTS = (MessageError, ValueError, LookupError, TypeError, AttributeError)  # of the standard library's parser
_NO_BASE64 = compile_lazily(r"[^A-Za-z0-9+/]")
_MAX_PARTS = 10_000
_BOUNDARY = compile_lazily(r"^--([\w'()+,./:=? -]{0,69}[\w'()+,./:=?-])[ \t]*\r?\n(?=Content-)", re.MULTILINE)
_MAX_PART = 20_000_000  # bytes of a text, with its markup
_MAX_HEADER = 2_000  # characters
_MAX_DAMAGE = 0.01  # share of characters that could not be decoded
_NAMED_ATTACHMENTS = 5
_PGP_ENCRYPTED = "-----BEGIN PGP MESSAGE-----"
_PGP_SIGNED = compile_lazily(r"\s*-----BEGIN PGP SIGNED MESSAGE-----\r?\n(?:Hash:.*\r?\n)*")
_PGP_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"

_Email: TypeAlias = "Message[Any, Any]"


def load_email(content: Content) -> Article:
    """Load the text of an e-mail, or of the e-mail that it forwards."""
    name = content.name
    try:
        # The newer policies raise various errors for headers that they cannot parse.
        first, *others = _MAILBOX.split(content.data, maxsplit=1) if content.data[:5] == b"From " else [content.data]
        message = BytesParser(policy=compat32).parsebytes(first)
        return _read_email(message, name, [_ONLY_FIRST] if others else [])
    except RecursionError as error:
        raise ArticleError(f"{name} is an e-mail whose parts are nested too deeply.", hint=_AS_TEXT) from error
    except _FAULTS as error:
        raise ArticleError(f"{name} is an e-mail that is damaged.", hint=_AS_TEXT) from error


_AS_TEXT = "Save its text as plain text."
_AS_FILES = "Save the attachments as files."


def is_email(data: bytes) -> bool:
    """Return whether the content begins with the headers of an e-mail.

    One of them must be technical, such as Message-ID: an interview may begin with "From: …" and "Subject: …".
    """
    names = set()
    for number, line in enumerate(data[:_TOP].lstrip(b"\xef\xbb\xbf\r\n").splitlines()):
        if not line.strip():
            break
        if line[:1] in b" \t" or (number == 0 and line.startswith(b"From ")):
            continue
        if not _HEADER_LINE.fullmatch(line):
            return False
        names.add(line.partition(b":")[0].strip().lower())
    return len(names & (_USUAL | _TECHNICAL)) >= 2 and bool(names & _TECHNICAL)


def _read_email(message: _Email, name: str, warnings: list[str]) -> Article:
    attachments: list[str] = []
    while True:
        parts = _Parts(message, name)
        subject = _header(message, "Subject")
        body = read_body(parts.lines, subject)
        attachments += parts.attachments
        warnings += [*parts.warnings, *body.warnings]
        if not parts.nested or not is_cover_note(body.blocks):
            break
        if body.blocks:
            warnings.append("The note above the forwarded e-mail was left out.")
        message, *others = parts.nested
        parts.nested.clear()
        attachments += [_header(other, "Subject") or "an e-mail" for other in others]
    attachments += [_header(nested, "Subject") or "an e-mail" for nested in parts.nested]
    text = "\n\n".join(body.blocks)
    if not text:
        raise _no_text(name, attachments, is_encrypted=parts.is_encrypted)
    if len(text) > MAX_TEXT:
        raise ArticleError(f"{name} has more than {MAX_TEXT:,} characters.", hint="Split it.")
    if attachments:
        warnings.append(_name_attachments(attachments))
    title, author, published = _metadata(message, body)
    return Article.from_text(
        text,
        title=title,
        author=author,
        published=published,
        language=(_header(message, "Content-Language") or "").split(",")[0].strip() or None,
        encoding=parts.encoding,
        warnings=dict.fromkeys(warnings),
    )


class _Parts:
    """The parts of an e-mail: lines of text, names of attachments, and attached e-mails."""

    def __init__(self, message: _Email, name: str) -> None:
        self._name = name
        self.attachments: list[str] = []
        self.nested: list[_Email] = []
        self.warnings: list[str] = []
        self.encoding: str | None = None
        self.is_encrypted = False
        self._count = 0
        self.lines = self._read(message)

    def _read(self, part: _Email) -> list[MailLine]:
        self._count += 1
        if self._count > _MAX_PARTS:
            if self._count == _MAX_PARTS + 1:
                self.warnings.append(f"Parts of the e-mail after the first {_MAX_PARTS:,} were not read.")
            return []
        kind, payload = part.get_content_type(), cast("list[_Email] | str", part.get_payload())
        if kind == "message/rfc822" and isinstance(payload, list):
            self.nested += payload[:1]
        elif isinstance(payload, list):
            return self._read_multipart(kind, payload)
        elif kind.startswith("multipart/"):  # its boundary is wrong or missing
            if found := _BOUNDARY.search(payload):
                start = f'Content-Type: {kind}; boundary="{found[1]}"\n\n'
                repaired = cast("list[_Email] | str", message_from_string(start + payload).get_payload())
                return self._read_multipart(kind, repaired) if isinstance(repaired, list) else []
        elif kind in {"text/plain", "text/html"} and part.get_content_disposition() != "attachment":
            return self._read_text(part)
        elif kind in {"application/pkcs7-mime", "application/x-pkcs7-mime"}:
            self.is_encrypted = True
        elif not kind.startswith(("message/", "multipart/")) and kind not in _SIGNATURES:
            is_shown = kind.startswith("image/") and part.get("Content-ID") is not None
            if not is_shown or part.get_content_disposition() == "attachment":
                self.attachments.append(_file_name(part) or kind)
        return []

    def _read_multipart(self, kind: str, payload: list[_Email]) -> list[MailLine]:
        if kind == "multipart/alternative":
            return self._read_alternatives(payload)
        if kind == "multipart/encrypted":
            self.is_encrypted = True
            return []
        lines: list[MailLine] = []
        for part in payload:
            lines += [*self._read(part), MailLine("")]
        return lines

    def _read_alternatives(self, payload: list[_Email]) -> list[MailLine]:
        """Prefer plain text, unless it has less than half of the words: "Your program cannot show this e-mail"."""
        plain: list[MailLine] = []
        rich: list[MailLine] = []
        for part in payload:
            lines = self._read(part)
            if part.get_content_type() == "text/plain":
                plain = plain or lines
            else:
                rich = rich or lines
        return plain if 2 * _count_words(plain) >= _count_words(rich) else rich

    def _read_text(self, part: _Email) -> list[MailLine]:
        text = self._decode(part)
        if _PGP_ENCRYPTED in text:
            self.is_encrypted = True
            return []
        if part.get_content_type() == "text/html":
            return list(_html_lines(text))
        if signed := _PGP_SIGNED.match(text):
            text = text[signed.end() :].partition(_PGP_SIGNATURE)[0]
        return plain_lines(
            text,
            is_flowed=str(part.get_param("format", "")).lower() == "flowed",
            deletes_space=str(part.get_param("delsp", "")).lower() == "yes",
        )

    def _payload(self, part: _Email) -> bytes | None:
        """Return the bytes of a part; of base64 that is cut off, those that are complete."""
        payload, data = part.get_payload(), part.get_payload(decode=True)
        if not isinstance(data, bytes):
            return None
        is_base64 = str(part.get("Content-Transfer-Encoding", "")).strip().lower() == "base64"
        letters = _NO_BASE64.sub("", str(payload)) if is_base64 else ""
        if len(letters) % 4 == 1 and _NO_BASE64.sub("", data.decode("latin-1")) == letters:  # it was not decoded
            self.warnings.append("The e-mail is incomplete.")
            return b64decode(letters[:-1])
        return data

    def _decode(self, part: _Email) -> str:
        """Decode a part as it declares; otherwise as text of unknown encoding."""
        data = self._payload(part)
        if data is None:
            return ""
        if len(data) > _MAX_PART:
            message = f"{self._name} is an e-mail with a text of more than {_MAX_PART // 1_000_000} MB."
            raise ArticleError(message, hint=_AS_TEXT)
        charset = (part.get_content_charset() or "").strip("\"' ")
        if charset and charset != "us-ascii":
            try:
                text = data.decode(charset, errors="replace")
            except (LookupError, ValueError):  # unknown, or no text encoding
                self.warnings.append(f"The e-mail declares the unknown encoding {shorten(one_line(charset), 40)}.")
            else:
                damaged = text.count("\ufffd")
                if damaged <= _MAX_DAMAGE * len(text) + 1:
                    if damaged:
                        self.warnings.append("Some characters of the e-mail could not be decoded.")
                    self.encoding = self.encoding or charset
                    return text
        if b"\0" in data:  # binary: UTF-16 is always declared
            return ""
        try:
            article = load_text(Content(data, "The e-mail"))
        except ArticleError:  # blank or binary
            return ""
        self.encoding = self.encoding or article.encoding
        self.warnings += article.warnings
        return article.text


_SIGNATURES = frozenset(("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"))


def _html_lines(markup: str) -> Iterator[MailLine]:
    for block in read_markup(markup, keep_lines=True).blocks:
        for line in block.text.split("\n"):
            yield MailLine(line, block.quotes)
        yield MailLine("")


def _count_words(lines: list[MailLine]) -> int:
    return sum(len(line.text.split()) for line in lines)


def _metadata(message: _Email, body: MailBody) -> tuple[str | None, str | None, str | None]:
    """Return title, author and date: those of the forwarded e-mail, if it is the whole text."""
    subject = body.headers.get("subject") or _header(message, "Subject") or ""
    sender = body.headers.get("from")
    author = (_bare_name(sender) if sender else None) or _author(message)
    published = _iso_date(body.headers.get("date")) or _iso_date(_header(message, "Date"))
    return shorten(strip_prefixes(one_line(subject)), 300) or None, author, published


def _bare_name(sender: str) -> str | None:
    """Return the name in "Ann Lee <ann@example.org>", or the address if it has none."""
    name = re.sub(r"\s*(?:<[^<>]*>|\[mailto:[^\[\]]*\]).*", "", sender[:_MAX_HEADER]).strip("\"'* ")
    return one_line(name or sender.strip("<>* ")) or None


def _author(message: _Email) -> str | None:
    raw = _raw_header(message, "From")
    names = [one_line(_decode_words(name)).strip("\"' ") or address for name, address in getaddresses([raw])]
    found = ", ".join([name for name in names if name])
    return shorten(found, 300) if found else _bare_name(_decode_words(raw))


def _iso_date(value: str | None) -> str | None:
    try:
        return parsedate_to_datetime(value).isoformat() if value else None
    except (ValueError, TypeError, IndexError, OverflowError):  # what the standard library raises for other forms
        return None


def _header(message: _Email, name: str) -> str | None:
    """Return the first header with a name, decoded; None if it is missing or blank."""
    return one_line(_decode_words(_raw_header(message, name))) or None


def _raw_header(message: _Email, name: str) -> str:
    """Return a header with its encoded words; bytes beyond ASCII, which are not allowed, are UTF-8 or cp1252."""
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            data = str(value)[:_MAX_HEADER].encode("ascii", "surrogateescape")
            try:
                return data.decode()
            except UnicodeDecodeError:
                return data.decode("cp1252", errors="replace")
    return ""


def _decode_words(value: str) -> str:
    """Decode the encoded words of a header (RFC 2047)."""
    if "=?" not in value:
        return value
    try:
        return str(make_header(decode_header(value)))
    except _FAULTS:  # a damaged word, or an unknown encoding
        return value


def _file_name(part: _Email) -> str:
    try:
        return shorten(one_line(_decode_words(part.get_filename() or "")), 80)
    except _FAULTS:
        return ""


def _name_attachments(names: list[str]) -> str:
    shown = ", ".join([shorten(name, 80) for name in names[:_NAMED_ATTACHMENTS]])
    more = f" and {len(names) - _NAMED_ATTACHMENTS:,} more" if len(names) > _NAMED_ATTACHMENTS else ""
    count = "1 attachment was" if len(names) == 1 else f"{len(names):,} attachments were"
    return f"{count} not read: {shown}{more}."


def _no_text(name: str, attachments: list[str], *, is_encrypted: bool) -> ArticleError:
    if is_encrypted:
        return ArticleError(f"{name} is an encrypted e-mail.", hint="Save its text as plain text.")
    if attachments:
        return ArticleError(f"{name} is an e-mail without text. {_name_attachments(attachments)}", hint=_AS_FILES)
    return ArticleError(f"{name} is an e-mail without text.")


EMAIL = Loader("an e-mail", load_email, suffixes=(".eml",), media_types=("message/rfc822",), recognizes=is_email)
