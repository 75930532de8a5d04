"""E-mails: headers, bodies, quotations, forwarded e-mails, attachments, and damaged messages."""

import contextlib
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Article, ArticleError, summarize
from summarizer.sources.mail import is_email
from summarizer.sources.mail_body import plain_lines, read_body, strip_prefixes
from tests.article.texts import WORDS
from tests.sources.documents import load
from tests.timing import assert_linear

HEADERS = (
    "From: Ann Lee <ann@example.org>\nTo: desk@example.org\nSubject: {}\n"
    "Date: Tue, 3 Mar 2026 10:15:00 +0100\nMessage-ID: <1@example.org>\n"
)
FORWARDED = "From: Bo Roe <bo@example.org>\nDate: Mon, 2 Mar 2026 09:00:00 +0000\nSubject: {}\nTo: ann@example.org\n"
STATEMENT = "The ferry is safe, Bo Roe said."
EARLIER = "Quoted earlier e-mails were left out."
NOTE = "The note above the forwarded e-mail was left out."


def mail(body: str, subject: str = "The ferry") -> Article:
    return load(HEADERS.format(subject) + "\n" + body, "a.eml")


def message(**headers: str) -> EmailMessage:
    made = EmailMessage()
    for name, value in {"From": "Ann Lee <ann@example.org>", "Subject": "The ferry", **headers}.items():
        made[name.replace("_", "-")] = value
    return made


def multipart(kind: str, *parts: str) -> str:
    boundary = f"b{abs(hash(parts)) % 10**9}"
    body = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return f"Content-Type: multipart/{kind}; boundary={boundary}\n\n{body}--{boundary}--\n"


def text_part(text: str, kind: str = "plain") -> str:
    return f"Content-Type: text/{kind}; charset=utf-8\n\n{text}"


def nested(text: str) -> str:
    return "Content-Type: message/rfc822\n\n" + FORWARDED.format("Statement") + "\n" + text


def test_seed_is_briefed(seeds: Path) -> None:
    article = Article.from_file(seeds / "terminal-press-mail.eml")
    assert (article.title, article.author, article.published) == (
        "Union rejects night shifts at the Averdine container terminal",
        "Marisol Ferran (Harbour Workers’ Union)",
        "2026-04-14T08:05:00+02:00",
    )
    assert article.warnings == ("1 attachment was not read: shift-plan.pdf.",)
    assert "invented sample" not in article.text
    brief = summarize(seeds / "terminal-press-mail.eml", model="builtin")
    assert {"Marisol Ferran", "Tomas Elwick", "Adela Quirk"} <= {holder.name for holder in brief.holders}
    assert article.warnings[0] in brief.coverage.warnings


def test_wrapped_lines_are_joined_and_others_are_blocks() -> None:
    body = (
        "The ferry left the harbour at noon and sank off the cape, the mayor of\n"
        "Averdine said. Nobody drowned.\n\nFor:\n- the mayor, who had demanded that the harbour be closed before\n"
        "  Christmas\n- the union\n"
    )
    assert mail(body).text.split("\n\n") == [
        "The ferry left the harbour at noon and sank off the cape, the mayor of Averdine said. Nobody drowned.",
        "For:",
        "- the mayor, who had demanded that the harbour be closed before Christmas",
        "- the union",
    ]


def test_flowed_lines_are_joined() -> None:
    for delsp, end in (("no", " "), ("yes", "  ")):
        headers = f"MIME-Version: 1.0\nContent-Type: text/plain; format=flowed; delsp={delsp}\n"
        article = load(f"From: a@b\n{headers}\nThe ferry{end}\nsank.\nNobody drowned.\n", "a.eml")
        assert article.text == "The ferry sank.\n\nNobody drowned."


@pytest.mark.parametrize(
    ("sender", "author"),
    [
        ("Ann Lee <ann@example.org>", "Ann Lee"),
        ('"Lee, Ann" <ann@example.org>', "Lee, Ann"),
        ("ann@example.org", "ann@example.org"),
        ("<ann@example.org>", "ann@example.org"),
        ("=?utf-8?q?J=C3=B6rg_M=C3=BCller?= <j@example.org>", "Jörg Müller"),
        ("=?iso-8859-1?b?SvZyZw==?= =?utf-8?q?_M=C3=BCller?= <j@example.org>", "Jörg Müller"),
        ("Jörg <j@example.org>", "Jörg"),
        ("Ann <a@example.org>, Bo <b@example.org>", "Ann, Bo"),
        ("=?bogus?q?x?= <a@example.org>", "=?bogus?q?x?="),
        ("=?øtf-8?q?x?= <a@example.org>", "=?øtf-8?q?x?="),
        ("=?utf-8?b?x?= <a@example.org>", "=?utf-8?b?x?="),
    ],
)
def test_author_is_the_name_or_the_address_of_the_sender(sender: str, author: str) -> None:
    assert load(f"From: {sender}\nMessage-ID: <1>\n\nIt sank.", "a.eml").author == author


@pytest.mark.parametrize(
    ("day", "published"),
    [
        ("Tue, 3 Mar 2026 10:15:00 +0100", "2026-03-03T10:15:00+01:00"),
        ("3 Mar 2026 10:15 GMT", "2026-03-03T10:15:00+00:00"),
        ("Tue, 3 Mar 2026 10:15:00 -0000", "2026-03-03T10:15:00"),
        ("yesterday", None),
        ("Tue, 99 Mar 2026 10:15:00 +0100", None),
        ("", None),
    ],
)
def test_date_has_its_zone(day: str, published: str | None) -> None:
    assert load(f"From: a@b\nMessage-ID: <1>\nDate: {day}\n\nIt sank.", "a.eml").published == published


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("Re: The ferry", "The ferry"),
        ("AW: WG: [EXTERNAL] Fwd: RE[2]: The ferry", "The ferry"),
        ("Report: the ferry", "Report: the ferry"),
        ("Reform", "Reform"),
        ("", ""),
    ],
)
def test_prefixes_of_subjects_are_removed(subject: str, title: str) -> None:
    assert strip_prefixes(subject) == title


@pytest.mark.parametrize(
    "attribution",
    [
        "On Mon, 2 Mar 2026 at 09:00, Bo Roe <bo@example.org> wrote:",
        "On Mon, 2 Mar 2026 at 09:00, Bo Roe <bo@example.org>\nwrote:",
        "Am 02.03.26 um 09:00 schrieb Bo Roe:",
        "Le lun. 2 mars 2026 à 09:00, Bo Roe a écrit :",
        "El lun, 2 mar 2026 a las 9:00, Bo Roe (<bo@example.org>) escribió:",
        "Il giorno lun 2 mar 2026 alle ore 09:00 Bo Roe ha scritto:",
        "Op ma 2 mrt 2026 om 09:00 schreef Bo Roe <bo@example.org>:",
        "pon., 2 mar 2026 o 09:00 Bo Roe <bo@example.org> napisał(a):",
        "Bo Roe wrote:",
    ],
)
def test_earlier_mail_below_an_answer_is_left_out_with_a_warning(attribution: str) -> None:
    article = mail(
        f"The ministry rejects it.\n\n{attribution}\n\n> Is the ferry safe?\n> We doubt it.\n", "Re: The ferry"
    )
    assert (article.text, article.warnings) == ("The ministry rejects it.", (EARLIER,))


def test_answers_between_quotations_are_kept() -> None:
    assert mail("> Is it safe?\n\nYes.\n\n> Why?\n\nWe checked it.\n", "Re: x").text == "Yes.\n\nWe checked it."


def test_sentence_that_ends_with_wrote_is_kept_without_a_quotation() -> None:
    assert mail("On Monday the minister wrote:\n\nThe ferry is safe.").text == (
        "On Monday the minister wrote:\n\nThe ferry is safe."
    )


OUTLOOK = "From: Bo Roe <bo@example.org>\nSent: Monday, 2 March 2026 09:00\nTo: Ann Lee\nSubject: {}\n\n"
GERMAN = "Von: Bo Roe <bo@example.org>\nGesendet: Montag, 2. März 2026 09:00\nAn: Ann Lee\nBetreff: {}\n\n"


@pytest.mark.parametrize(
    "start",
    [
        *(OUTLOOK, "________________________________\n" + OUTLOOK, "-----Original Message-----\n" + OUTLOOK),
        *(GERMAN, "-----Ursprüngliche Nachricht-----\n" + GERMAN),
    ],
)
def test_subject_tells_an_answer_from_a_forwarded_mail(start: str) -> None:
    below = start.format("The statement") + STATEMENT
    answer = mail("The ministry rejects it.\n\n" + below, "Re: The statement")
    assert (answer.text, answer.author, answer.warnings) == ("The ministry rejects it.", "Ann Lee", (EARLIER,))
    forwarded = mail("FYI\n\n" + below, "Fwd: The statement")
    assert (forwarded.text, forwarded.author, forwarded.title) == (STATEMENT, "Bo Roe", "The statement")
    bare = mail(below, "The statement")
    assert (bare.text, bare.author) == (STATEMENT, "Bo Roe")


@pytest.mark.parametrize(
    "marker",
    [
        "---------- Forwarded message ---------",
        "Begin forwarded message:",
        "-------- Forwarded Message --------",
        "-------- Weitergeleitete Nachricht --------",
        "---------- Message transféré ---------",
        "---------- Mensaje reenviado ---------",
    ],
)
def test_forwarded_mail_is_kept(marker: str) -> None:
    note = "FYI, see below.\n\nBest, Ann"
    article = mail(f"{note}\n\n{marker}\n{FORWARDED.format('Statement')}\n{STATEMENT}", "Fwd: Statement")
    assert (article.text, article.title, article.author, article.published, article.warnings) == (
        STATEMENT,
        "Statement",
        "Bo Roe",
        "2026-03-02T09:00:00+00:00",
        (NOTE,),
    )


def test_note_with_content_stays_before_the_forwarded_mail() -> None:
    article = mail(f"We reject this.\n\nBegin forwarded message:\n\n{FORWARDED.format('Statement')}\n{STATEMENT}")
    assert (article.text, article.author, article.warnings) == (f"We reject this.\n\n{STATEMENT}", "Ann Lee", ())


def test_quotation_in_a_forwarded_mail_is_left_out() -> None:
    lines = f"{FORWARDED.format('Statement')}\n{STATEMENT}\n> Is it safe?".split("\n")
    article = mail("Begin forwarded message:\n\n" + "\n".join(f"> {line}" for line in lines))
    assert (article.text, article.author, article.warnings) == (STATEMENT, "Bo Roe", (EARLIER,))


def test_mail_that_is_only_a_quotation_is_read() -> None:
    assert mail(f"FYI\n\n> {STATEMENT}\n> Nobody drowned.").text == f"{STATEMENT}\n\nNobody drowned."


def test_interview_in_a_mail_is_no_forwarded_mail() -> None:
    body = "From: where do you come?\n\nTo: nobody in particular, Berg said."
    assert mail(body).text == body


@pytest.mark.parametrize("mark", ["-- ", "--"])
def test_signature_is_left_out(mark: str) -> None:
    assert mail(f"It sank.\n\n{mark}\nAnn Lee\nPress office\n").text == "It sank."


def test_plain_text_is_preferred_unless_it_says_nothing() -> None:
    html = text_part("<p>The ferry <b>sank</b> at noon.</p><p>Nobody drowned, the mayor Bo Roe said.</p>", "html")
    expected = "The ferry sank at noon.\n\nNobody drowned, the mayor Bo Roe said."
    for plain in ("Your program cannot show this.", ""):
        article = load(HEADERS.format("x") + multipart("alternative", text_part(plain), html), "a.eml")
        assert article.text == expected
    plain = "The ferry sank at noon, Bo Roe says."
    assert load(HEADERS.format("x") + multipart("alternative", text_part(plain), html), "a.eml").text == plain


def test_quotation_and_signature_of_html_are_left_out() -> None:
    quoted = "<div class='gmail_attr'>On Mon, Bo wrote:<br></div><blockquote class='gmail_quote'>old</blockquote>"
    html = f"<div>It sank.<br><br>-- <br>Ann</div><div style='display:none'>preview</div>{quoted}"
    article = load(HEADERS.format("Re: x") + text_part(html, "html"), "a.eml")
    assert (article.text, article.warnings) == ("It sank.", (EARLIER,))


def test_forwarded_mail_in_html_is_kept() -> None:
    html = (
        "FYI<div class='gmail_quote'><div class='gmail_attr'>---------- Forwarded message ---------<br>From: "
        "<b>Bo Roe</b> &lt;bo@example.org&gt;<br>Date: Mon, 2 Mar 2026<br>Subject: Statement<br></div>"
        f"<p>{STATEMENT}</p></div>"
    )
    article = load(HEADERS.format("Fwd: Statement") + text_part(html, "html"), "a.eml")
    assert (article.text, article.author, article.title) == (STATEMENT, "Bo Roe", "Statement")


@pytest.mark.parametrize("outer", ["", "FYI", "Zur Kenntnis\n\nGruß, Ann"])
def test_attached_mail_is_read_if_the_outer_one_says_nothing(outer: str) -> None:
    parts = [text_part(outer), nested(STATEMENT)] if outer else [nested(STATEMENT)]
    article = load(HEADERS.format("Fwd: x") + multipart("mixed", *parts), "a.eml")
    assert (article.text, article.author, article.title) == (STATEMENT, "Bo Roe", "Statement")


def test_attached_mail_is_an_attachment_otherwise() -> None:
    article = load(HEADERS.format("x") + multipart("mixed", text_part("It sank."), nested(STATEMENT)), "a.eml")
    assert (article.text, article.warnings) == ("It sank.", ("1 attachment was not read: Statement.",))


def test_attachments_are_named() -> None:
    made = message()
    made.set_content("It sank.")
    for name in ("a.pdf", "Grüße.docx", "c.pdf", "d.pdf", "e.pdf", "f.pdf"):
        made.add_attachment(b"x", maintype="application", subtype="pdf", filename=name)
    made.add_attachment("It swam.", filename="notes.txt")
    article = load(made.as_bytes(), "a.eml")
    assert article.text == "It sank."
    assert article.warnings == ("7 attachments were not read: a.pdf, Grüße.docx, c.pdf, d.pdf, e.pdf and 2 more.",)


def test_pictures_of_the_layout_are_no_attachments() -> None:
    made = message()
    made.set_content("<p>It sank.</p><img src='cid:logo'>", subtype="html")
    made.add_related(b"x", maintype="image", subtype="png", cid="<logo>")
    assert load(made.as_bytes(), "a.eml").warnings == ()


@pytest.mark.parametrize(
    ("headers", "body", "text"),
    [
        ("Content-Type: text/plain; charset=iso-8859-2", "Łódź tonie.".encode("iso-8859-2"), "Łódź tonie."),
        ("Content-Type: text/plain; charset=nonsense", "Fähre".encode(), "Fähre"),
        ("Content-Type: text/plain; charset=hex", "Fähre".encode(), "Fähre"),
        ("Content-Type: text/plain; charset=us-ascii", "Fähre".encode(), "Fähre"),
        ("Content-Type: text/plain; charset=utf-8", "Die Fähre ist weg, sagte er.".encode("cp1252"), None),
        ("Content-Type: nonsense", b"It sank.", "It sank."),
        ("Content-Transfer-Encoding: base64", b"SXQgc2Fuay4=", "It sank."),
        ("Content-Transfer-Encoding: base64", b"SXQgc2Fuay4", "It sank."),
        ("Content-Transfer-Encoding: base64", b"SXQg!c2Fu\n\nay4=", "It sank."),
        ("Content-Transfer-Encoding: base64", b"SXQgc2Fuay4gS", "It sank."),
        ("Content-Transfer-Encoding: quoted-printable", b"It =\nsank=2E =ZZ", "It sank. =ZZ"),
        ("Content-Transfer-Encoding: nonsense", b"It sank.", "It sank."),
    ],
)
def test_faulty_encodings_are_read_as_well_as_possible(headers: str, body: bytes, text: str | None) -> None:
    article = load(b"From: a@b\nMIME-Version: 1.0\n" + headers.encode() + b"\n\n" + body, "a.eml")
    assert article.text == text if text else "sagte er" in article.text


def test_base64_that_is_cut_off_is_a_warning() -> None:
    mail = b"From: a@b\nMIME-Version: 1.0\nContent-Transfer-Encoding: base64\n\nSXQgc2Fu\nay4gS"
    assert load(mail, "a.eml").warnings == ("The e-mail is incomplete.",)


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ("\n", "is an e-mail without text"),
        ("\n-- \nAnn", "is an e-mail without text"),
        (multipart("encrypted", "Content-Type: application/pgp-encrypted\n\nVersion: 1"), "is an encrypted e-mail"),
        ("Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nMIIB", "is an encrypted e-mail"),
        ("\n-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n", "is an encrypted e-mail"),
        (multipart("mixed", 'Content-Type: application/pdf; name="a.pdf"\n\nx'), r"text\. 1 attachment .* a\.pdf"),
    ],
)
def test_mail_without_text_is_one_error(rest: str, said: str) -> None:
    with pytest.raises(ArticleError, match=said):
        load(HEADERS.format("x") + rest, "a.eml")


def test_signed_mail_is_read() -> None:
    signature = "Content-Type: application/pgp-signature\n\nx"
    assert load(HEADERS.format("x") + multipart("signed", text_part("It sank."), signature), "a.eml").warnings == ()
    inline = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nIt sank.\n-----BEGIN PGP SIGNATURE-----\nx\n"
    assert mail(inline).text == "It sank."


def test_line_of_a_phone_is_left_out() -> None:
    assert mail("It sank.\n\nSent from my iPhone").text == "It sank."
    assert mail("It sank.\n\nSent from the harbour was only a boat.").text.endswith("only a boat.")


def test_first_mail_of_a_mailbox_is_read_with_a_warning() -> None:
    one = "From ann@example.org Tue Mar  3 10:15:00 2026\n" + HEADERS.format("x") + "\n{}\n\n"
    article = load(one.format("It sank.\n\n>From noon it rained.") + one.format("It swam."), "a.mbox")
    assert article.text == "It sank.\n\nFrom noon it rained."
    assert article.warnings == ("The file holds several e-mails, of which only the first was read.",)


def test_mail_without_headers_is_its_text() -> None:
    assert load("\nIt sank, Ann said.", "a.eml").text == "It sank, Ann said."


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (HEADERS.format("x") + "\nIt sank.", True),
        ("Return-Path: <a@b>\nReceived: from x\n\tby y\nX-A:b\n\nIt sank.", True),
        ("From bo@example.org Mon Mar  2 09:00:00 2026\nFrom: a@b\nMIME-Version: 1.0\n\nIt sank.", True),
        (HEADERS.format("x").replace("\n", "\r\n") + "\r\nIt sank.", True),
        ("From: the mayor\nTo: the people\nSubject: the ferry\n\nIt sank.", False),
        ("From: where do you come?\nBerg: From Averdine.\n", False),
        ("Date: 2 March\nIt sank off the cape.\nMessage-ID: 1\n", False),
        ("MIME-Version: 1.0\n\nIt sank.", False),
        ("Received: a letter\n\nIt sank.", False),
        ("It sank.", False),
        ("", False),
    ],
)
def test_only_technical_headers_make_an_email(data: str, expected: bool) -> None:
    assert is_email(data.encode()) is expected


def test_interview_is_text_and_mail_is_mail_under_any_name() -> None:
    interview = "From: the mayor\nTo: the people\nSubject: the ferry\n\nIt sank."
    assert load(interview, "a.txt").text == interview
    assert load(HEADERS.format("x") + "\nIt sank.", "a.txt").text == "It sank."


words = st.lists(st.sampled_from([w for w in WORDS if w.isalnum()]), min_size=1, max_size=30).map(" ".join)


@given(st.lists(words, min_size=1, max_size=5), st.booleans())
def test_text_in_is_text_out(paragraphs: list[str], as_html: bool) -> None:
    made: Any = message()
    if as_html:
        made.set_content("".join(f"<p>{text}</p>" for text in paragraphs), subtype="html")
    else:
        made.set_content("\n\n".join(paragraphs))
    assert load(made.as_bytes(), "a.eml").text == "\n\n".join(paragraphs)


@given(st.text(max_size=200))
def test_any_body_is_read(text: str) -> None:
    body = read_body(plain_lines(text), "Re: x")
    assert all(block.strip() and "\n" not in block for block in body.blocks)


def test_truncated_mail_is_an_article_or_one_error(seeds: Path) -> None:
    data = (seeds / "terminal-press-mail.eml").read_bytes()
    for end in range(1, len(data), 61):
        with contextlib.suppress(ArticleError):  # and nothing else
            assert load(data[:end], "a.eml").text


@pytest.mark.parametrize("kind", ["multipart", "rfc822"])
@pytest.mark.parametrize("levels", [50, 3_000])
def test_nested_parts_end_in_an_article_or_one_error(kind: str, levels: int) -> None:
    if kind == "multipart":
        parts = (f"Content-Type: multipart/mixed; boundary=b{number}\n\n--b{number}\n" for number in range(levels))
        data = HEADERS.format("x") + "".join(parts) + "\nIt sank."
    else:
        data = (HEADERS.format("x") + "Content-Type: message/rfc822\n\n") * levels + "\nIt sank."
    if levels == 50:
        assert load(data, "a.eml").text == "It sank."
    else:
        with pytest.raises(ArticleError, match=r"a\.eml is an e-mail whose parts are nested too deeply"):
            load(data, "a.eml")


@pytest.mark.parametrize("boundary", ["", "; boundary=wrong"])
def test_wrong_boundary_is_repaired(boundary: str) -> None:
    body = "--right\nContent-Type: text/plain\n\nIt sank.\n--right--\n"
    headers = HEADERS.format("x") + f"Content-Type: multipart/mixed{boundary}\n\n"
    assert load(headers + body, "a.eml").text == "It sank."
    with pytest.raises(ArticleError, match="is an e-mail without text"):
        load(headers + "--right\n", "a.eml")


def test_number_of_parts_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.sources.mail._MAX_PARTS", 50)
    data = HEADERS.format("x") + multipart("mixed", *["\nx"] * 100)
    article = load(data, "a.eml")
    assert article.warnings == ("Parts of the e-mail after the first 50 were not read.",)


@pytest.mark.slow
@pytest.mark.parametrize(
    "line", ["From: x\n", "> ", "On a wrote\n> x\n", "-- \n", "x\n", "Begin forwarded message:\n\n> From: x\n"]
)
def test_hostile_bodies_take_linear_time(line: str) -> None:
    assert_linear(lambda size: partial(read_body, plain_lines(line * size), "Re: x"), 1_000)


def test_long_mail_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.sources.mail.MAX_TEXT", 20)
    with pytest.raises(ArticleError, match="more than 20 characters"):
        mail("It sank off the cape, the mayor said.")
    monkeypatch.setattr("summarizer.sources.mail._MAX_PART", 20)
    with pytest.raises(ArticleError, match="a text of more than 0 MB"):
        mail("<p></p>" * 20)
