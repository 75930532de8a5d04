"""Boilerplate, credits and invisible characters that are cut, and similar prose that is kept."""

import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer._text import INVISIBLE, strip_invisible
from summarizer.article import Article, cleaning, read
from summarizer.article.cleaning import boilerplate_rule, find_invisible
from summarizer.errors import ArticleError
from tests.article.prose import PROSE

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "cuts.md"


CUT = {
    "newsletter": [
        "Sign up now: Get the Harbour Post's newsletters delivered to your inbox",
        "Subscribe to our weekly newsletter.",
        "Register for e-mail alerts",
        "Get our free daily newsletter",
        "Get the best of the week in your inbox.",
        "SUBSCRIBE TO OUR NEWSLETTER",
        "Sign up for our weekly climate newsletter here",
        "Sign up to get the latest news delivered straight to your inbox",
        "Register now for breaking news alerts!",
    ],
    "subscription": ["Subscribe", "Log in", "Already a subscriber? Sign in", "This article is for subscribers only."],
    "advertisement": [
        "Advertisement",
        "ADVERTISEMENT",
        "Story continues below advertisement",
        "Continue reading below",
    ],
    "photo-credit": [
        "PHOTO: REUTERS",
        "Photo: Ann Lee/AFP via Getty Images",
        "Photograph: Bo Day for The Harbour Post",
        "Image credit: Ann Lee",
        "FILE PHOTO: REUTERS/Ann Lee",
        "Photo courtesy: Harbour Museum",
    ],
    "topics": [
        "Follow topic:",
        "Follow topics: Harbours, Ferries",
        "Related topics",
        "Tags: harbour, ferry",
        "Filed under: Business, Shipping",
        "Topics: Climate Change | Shipping",
        "More on this topic",
    ],
    "follow-us": [
        "Follow us on Twitter",
        "Follow @harbourpost on X",
        "Follow us on Facebook and Instagram for more stories.",
        "Follow Ann Lee on Twitter: @annlee",
    ],
    "see-more": ["See more on", "Read more", "See also", "View more from Ann Lee", "Read more about Ann Lee"],
    "link": [
        "READ MORE: Ferry runs aground",
        "Related: What is known of the ferry",
        "WATCH: Ferry leaves harbour",
        "READ MORE: Ferry runs aground, 20 hurt",
        "Related: Ferry Runs Aground, and Nobody Drowns",
        "LISTEN: Why the ferry sank",
        "Related stories",
        "Most read",
        "RELATED ARTICLES:",
    ],
    "share": ["Share", "Share this article", "Share on Facebook", "12 comments", "Comments (3)", "Copy link", "Print"],
    "feedback": [
        "Got a tip? Contact us",
        "Got a news tip? Email newsroom@harbour.example",
        "What do you think? Let us know in the comments.",
        "Do you have a story to share? Get in touch with us.",
        "Have your say",
        "Spotted a mistake? Tell us.",
        "Email us at news@harbour.example",
    ],
    "reading-time": ["5 min read", "Reading time: 7 minutes", "3-minute listen"],
    "copyright": [
        "© 2025 Harbour Post. All rights reserved.",
        "Copyright 2025 The Harbour Post. All rights reserved.",
        "(c) 2025 Harbour Post",
        "© Harbour Post 2019-2025",
        "Copyright © 2025 Harbour Post Ltd. All rights reserved.",
        "Copyright 2025 by Ann Lee",
        "Copyright 2025 Harbour Post. All rights reserved. This material may not be rewritten.",
        "All rights reserved",
    ],
}


@pytest.mark.parametrize(("rule", "line"), [(rule, line) for rule, lines in CUT.items() for line in lines])
def test_rule_cuts_whole_lines(rule: str, line: str) -> None:
    reading = read(Article.from_text(f"The ferry sank at noon.\n\n{line}\n\nNobody drowned."))
    assert [(cut.reason, reading.article.text[slice(*cut.span)]) for cut in reading.cuts] == [(rule, line)]
    assert [sentence.text for sentence in reading.sentences] == ["The ferry sank at noon.", "Nobody drowned."]


@pytest.mark.parametrize("line", PROSE)
def test_prose_that_begins_like_boilerplate_is_kept(line: str) -> None:
    reading = read(Article.from_text(f"The ferry sank at noon.\n\n{line}\n\nNobody drowned."))
    assert reading.cuts == ()
    assert line in " ".join(sentence.text for sentence in reading.sentences)


def test_every_rule_has_an_example() -> None:
    assert set(CUT) == set(cleaning._RULES)


def test_documented_examples_match_the_rules() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (.+) \| (.+) \|$", DOCUMENTATION.read_text(encoding="utf-8"), re.MULTILINE)
    documented = {rule: (cut, left) for rule, cut, left in rows if rule in cleaning._RULES}
    assert set(documented) == set(cleaning._RULES)
    for rule, (cut, left) in documented.items():
        assert (boilerplate_rule(cut), boilerplate_rule(left)) == (rule, None)


@given(st.from_regex(re.compile("|".join(cleaning._PATTERNS.values()), re.IGNORECASE), fullmatch=True))
def test_letters_exclude_no_line_that_a_rule_matches(line: str) -> None:
    if len(line) <= cleaning._MAX_BOILERPLATE:
        matching = [rule for rule, (pattern, _) in cleaning._RULES.items() if pattern.fullmatch(line)]
        assert boilerplate_rule(line) == matching[0]


@pytest.mark.parametrize("unit", ["harbour, ", "a, "])
def test_line_over_the_limit_is_prose(unit: str) -> None:
    tags = "Follow topics: " + unit * 11
    assert boilerplate_rule(tags + "ferry") == "topics"
    assert boilerplate_rule(tags + "f" * (160 - len(tags))) == "topics"
    assert boilerplate_rule(tags + "f" * (161 - len(tags))) is None


@pytest.mark.parametrize(
    "line",
    [
        "Photo: " + "A ," * 50,
        "Follow " + "a " * 60 + "on x",
        "PHOTO: " + "A, " * 49 + "!",
        "Tags: " + "a, " * 50,
        "Get our " + "a " * 70,
        "Sign up for " + "News " * 29,
        "WATCH: " + "A, b " * 29 + ".",
        "© " + "A " * 75 + "!",
    ],
)
def test_rules_do_not_backtrack_without_end(line: str) -> None:
    boilerplate_rule(line)  # a pattern that backtracks would not come back within a lifetime


@pytest.mark.parametrize(
    ("line", "credit"),
    [
        ("The ferry sank. REUTERS", " REUTERS"),
        ("“Nobody drowned.” AFP", " AFP"),
        ("The ferry sank. – AP", " – AP"),
        ("The ferry sank. (Reuters)", " (Reuters)"),
        ("The ferry sank. AFP, REUTERS", " AFP, REUTERS"),
    ],
)
def test_agency_after_the_last_sentence_is_cut(line: str, credit: str) -> None:
    reading = read(Article.from_text(f"It was noon.\n\n{line}"))
    assert [(cut.reason, reading.article.text[slice(*cut.span)]) for cut in reading.cuts] == [("agency-credit", credit)]
    assert reading.sentences[-1].text == line.removesuffix(credit)


@pytest.mark.parametrize(
    "line",
    [
        "He works for the AP",
        "It was the players’ PA",
        "They told Reuters",
        "“It works.” – Reuters",
        "The ferry belongs to EFE.",
    ],
)
def test_agency_within_a_sentence_is_kept(line: str) -> None:
    reading = read(Article.from_text(f"It was noon.\n\n{line}"))
    assert reading.cuts == ()


@pytest.mark.parametrize(
    "line",
    [
        "The ferry in June. Harbour Office/Handout via REUTERS",
        "The ferry in June. REUTERS/Ann Lee",
        "The ferry in June (Photo: Ann Lee)",
        "The ferry in June. Getty Images",
        "The ferry in June. Courtesy of the Harbour Museum",
    ],
)
def test_line_with_a_picture_credit_at_its_end_is_a_caption(line: str) -> None:
    reading = read(Article.from_text(f"It was noon.\n\n{line}\n\nNobody drowned."))
    assert {sentence.kind for sentence in reading.sentences if sentence.paragraph == 1} == {"caption"}
    assert {sentence.kind for sentence in reading.sentences if sentence.paragraph != 1} == {"prose"}
    assert reading.cuts == ()


@pytest.mark.parametrize(
    "line", ["The deal was first reported by Reuters", "He spoke to the AP and AFP", "He left via Kent"]
)
def test_line_with_a_name_at_its_end_is_prose(line: str) -> None:
    assert {sentence.kind for sentence in read(Article.from_text(f"It was noon.\n\n{line}")).sentences} == {"prose"}


def test_short_line_before_a_photo_credit_is_a_caption() -> None:
    short, long = "The ferry at noon.", "The ferry was full, and nobody knew. " * 20
    reading = read(Article.from_text(f"{short}\n\nPHOTO: REUTERS\n\n{long}\n\nPHOTO: REUTERS\n\nIt sank."))
    assert [sentence.kind for sentence in reading.sentences] == ["caption", *["prose"] * 21]


def test_error_names_the_rules_if_everything_is_cut() -> None:
    with pytest.raises(ArticleError, match=r"all of it was cut \(advertisement, share\)") as caught:
        read(Article.from_text("Advertisement\n\nShare this article"))
    assert caught.value.hint == "clean=False cuts nothing."
    assert len(read(Article.from_text("Advertisement\n\nShare this article"), clean=False).sentences) == 2


@pytest.mark.parametrize(
    "hidden", ["\u200b", "\u200e", "\u202e", "\ufeff", "\u00ad", "\x07", "\u2060", "\U000e0041", "\u200d"]
)
def test_invisible_character_is_cut_from_its_word(hidden: str) -> None:
    reading = read(Article.from_text(f"The fer{hidden}ry sank."))
    assert reading.sentences[0].text == "The ferry sank."
    assert reading.sentences[0].spans == ((0, 7), (8, 16))
    assert [(cut.span, cut.reason) for cut in reading.cuts] == [((7, 8), "invisible")]


def test_null_byte_is_cut() -> None:
    reading = read(Article.from_text("The fer\x00ry sank."))
    assert [sentence.text for sentence in reading.sentences] == ["The ferry sank."]
    assert [cut.reason for cut in reading.cuts] == ["invisible"]


def test_invisible_text_is_rejected() -> None:
    with pytest.raises(ArticleError, match=r"all of it was cut \(invisible\)"):
        read(Article.from_text("\u200b\u200d\ufeff\n\x00"))


@pytest.mark.parametrize("joined", ["👩‍👩‍👧", "می‌خواهم", "क्‍ष", "葛\U000e0100"])
def test_joiners_between_letters_are_kept(joined: str) -> None:
    assert find_invisible(f"{joined} sank.") == []


@given(st.text(st.sampled_from("ab é葛\u200b\u200c\u200d\u202e\ufeff\U000e0100\U000e0041\x00\n"), max_size=40))
def test_invisible_runs_are_those_of_the_pattern(text: str) -> None:
    gaps = find_invisible(text)
    hidden = {offset for start, end in gaps for offset in range(start, end)}
    assert hidden == {offset for found in INVISIBLE.finditer(text) for offset in range(*found.span())}
    assert "".join(character for offset, character in enumerate(text) if offset not in hidden) == strip_invisible(text)
    assert all(before.end < after.start for before, after in itertools.pairwise(gaps))


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Residents gather at the old bridge on Monday.", "caption"),
        ("The “Iron Lady”, as the bridge is known.", "caption"),
        ("“We will fight the closure in court,” Tom Reed insisted.", "prose"),
        ("Tom Reed said the closure would be fought in court.", "prose"),
        ("According to Tom Reed, the closure will be fought in court.", "prose"),
        ('Tom Reed was blunt: "We will fight this in court."', "prose"),
    ],
)
@pytest.mark.parametrize("credit", ["Photograph: Ann Lee/The Guardian", "Photo: AP", "PHOTO: REUTERS"])
def test_a_line_before_a_credit_is_a_caption_unless_it_reports_speech(line: str, kind: str, credit: str) -> None:
    sentences = read(Article.from_text(f"The council met on Monday.\n\n{line}\n\n{credit}\n\nThe end.")).sentences
    assert [sentence.kind for sentence in sentences if sentence.text == line] == [kind]
