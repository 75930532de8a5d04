"""What each rule cuts, and the prose beside it that it leaves."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.article import Article, cleaning, read
from summarizer.article.cleaning import boilerplate_rule
from tests.article.prose import PROSE

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "reading.md"
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
def test_a_rule_cuts_its_lines(rule: str, line: str) -> None:
    reading = read(Article.from_text(f"The ferry sank at noon.\n\n{line}\n\nNobody drowned."))
    assert [(cut.reason, reading.article.text[slice(*cut.span)]) for cut in reading.cuts] == [(rule, line)]
    assert [sentence.text for sentence in reading.sentences] == ["The ferry sank at noon.", "Nobody drowned."]


@pytest.mark.parametrize("line", PROSE)
def test_prose_that_begins_as_a_rule_does_is_left(line: str) -> None:
    reading = read(Article.from_text(f"The ferry sank at noon.\n\n{line}\n\nNobody drowned."))
    assert reading.cuts == ()
    assert line in " ".join(sentence.text for sentence in reading.sentences)


def test_every_rule_has_an_example() -> None:
    assert set(CUT) == set(cleaning._RULES)


def test_the_examples_of_the_documentation_are_true() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (.+) \| (.+) \|$", DOCUMENTATION.read_text(encoding="utf-8"), re.MULTILINE)
    documented = {rule: (cut, left) for rule, cut, left in rows if rule in cleaning._RULES}
    assert set(documented) == set(cleaning._RULES)
    for rule, (cut, left) in documented.items():
        assert (boilerplate_rule(cut), boilerplate_rule(left)) == (rule, None)


@given(st.from_regex(cleaning._LINE, fullmatch=True))
def test_no_line_that_a_rule_fits_is_passed_over_for_its_first_letters(line: str) -> None:
    if len(line) <= cleaning._MAX_BOILERPLATE:
        match = cleaning._LINE.fullmatch(line)
        assert match
        assert match.lastgroup
        assert boilerplate_rule(line) == match.lastgroup.replace("_", "-")


@pytest.mark.parametrize("unit", ["harbour, ", "a, "])
def test_a_long_line_is_prose_whatever_it_begins_with(unit: str) -> None:
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
def test_no_line_keeps_the_rules_busy(line: str) -> None:
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
def test_the_agency_at_the_end_is_cut(line: str, credit: str) -> None:
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
def test_an_agency_that_is_part_of_the_words_is_left(line: str) -> None:
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
def test_a_line_that_ends_with_a_picture_credit_is_a_caption(line: str) -> None:
    reading = read(Article.from_text(f"It was noon.\n\n{line}\n\nNobody drowned."))
    assert {sentence.kind for sentence in reading.sentences if sentence.paragraph == 1} == {"caption"}
    assert {sentence.kind for sentence in reading.sentences if sentence.paragraph != 1} == {"prose"}
    assert reading.cuts == ()


@pytest.mark.parametrize(
    "line", ["The deal was first reported by Reuters", "He spoke to the AP and AFP", "He left via Kent"]
)
def test_a_line_that_ends_with_a_name_is_no_caption(line: str) -> None:
    assert {sentence.kind for sentence in read(Article.from_text(f"It was noon.\n\n{line}")).sentences} == {"prose"}


def test_a_line_before_a_photo_credit_is_a_caption_and_a_long_one_is_not() -> None:
    short, long = "The ferry at noon.", "The ferry was full, and nobody knew. " * 20
    reading = read(Article.from_text(f"{short}\n\nPHOTO: REUTERS\n\n{long}\n\nPHOTO: REUTERS\n\nIt sank."))
    assert [sentence.kind for sentence in reading.sentences] == ["caption", *["prose"] * 21]


def test_only_boilerplate_is_an_error_that_names_the_rules() -> None:
    from summarizer.errors import ArticleError

    with pytest.raises(ArticleError, match=r"all of it was cut \(advertisement, share\)") as caught:
        read(Article.from_text("Advertisement\n\nShare this article"))
    assert caught.value.hint == "clean=False (--no-clean) cuts nothing."
    assert len(read(Article.from_text("Advertisement\n\nShare this article"), clean=False).sentences) == 2
