"""Title, byline, date and language of a text."""

import locale

import pytest

from summarizer.article import Article, guess_language, read
from summarizer.article.metadata import parse_date_line

BODY = "The ferry left the harbour at noon. It sank.\n\nNobody drowned."


@pytest.mark.parametrize(
    ("line", "author", "published"),
    [
        ("By Ann Lee", "Ann Lee", None),
        ("BY ANN LEE", "ANN LEE", None),
        ("By Ann Lee and Bo de Vries", "Ann Lee and Bo de Vries", None),
        ("By Ann Lee, Bo Day & Cem Öz", "Ann Lee, Bo Day & Cem Öz", None),
        ("By Ann Lee, Staff Writer", "Ann Lee", None),
        ("By Ann Lee, parliamentary correspondent", "Ann Lee", None),
        ("By Ann Lee in Port Royal", "Ann Lee", None),
        ("By Reuters", "Reuters", None),
        ("By Ann Lee (AFP)", "Ann Lee", None),
        ("By Ann Lee @annlee", "Ann Lee", None),
        ("By Ann Lee | May 2, 2025", "Ann Lee", "2025-05-02"),
        ("Written by Ann Lee — 2 May 2025", "Ann Lee", "2025-05-02"),
        ("May 2, 2025", None, "2025-05-02"),
        ("Published on 2 May 2025, 10:30 AM", None, "2025-05-02"),
    ],
)
def test_byline_and_date_line_become_metadata_and_are_cut(line: str, author: str | None, published: str | None) -> None:
    article = Article.from_text(f"Ferry sinks off the cape\n\n{line}\n\n{BODY}")
    assert (article.title, article.author, article.published) == ("Ferry sinks off the cape", author, published)
    reading = read(article)
    assert [(cut.reason, article.text[slice(*cut.span)]) for cut in reading.cuts] == [
        ("byline" if author else "date", line)
    ]
    assert [sentence.kind for sentence in reading.sentences] == ["title", "prose", "prose", "prose"]


@pytest.mark.parametrize(
    "line",
    [
        "By all accounts it was noon",
        "By Monday",
        "By The Numbers",
        "By Popular Demand",
        "By noon it sank.",
        "By Ann Lee’s count, ninety people",
        "By Christmas Eve 90 people had drowned",
        "By Grand Harbour, 90 ships had gone down",
        "By Ann Lee: Nobody was told",
        "By Port Royal, Ann Lee had lost hope.",
        "By New Year",
        "Dated May 2, 1945",
        "May 2025",
        "31 February 2025",
        "05/02/2025",
        "In May 2, 2025 people sank.",
    ],
)
def test_line_that_resembles_a_byline_or_date_is_kept(line: str) -> None:
    article = Article.from_text(f"Ferry sinks off the cape\n\n{line}\n\n{BODY}")
    assert (article.author, article.published) == (None, None)
    assert read(article).cuts == ()


def test_dates_in_a_diary_are_kept() -> None:
    article = Article.from_text(f"A diary of the harbour\n\n{BODY}\n\n2 May 1945\n\nIt rained.")
    assert article.published is None
    assert read(article).cuts == ()


def test_date_above_the_title_is_recognized() -> None:
    article = Article.from_text(f"2 May 2025\n\nFerry sinks off the cape\n\n{BODY}")
    assert (article.title, article.published) == ("Ferry sinks off the cape", "2025-05-02")


def test_byline_below_the_standfirst_is_recognized() -> None:
    article = Article.from_text(
        f"Ferry sinks off the cape\n\nNinety were on board.\n\nBy Ann Lee\n\n2 May 2025\n\n{BODY}"
    )
    assert (article.author, article.published) == ("Ann Lee", "2025-05-02")


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        f"Ferry sinks off the cape.\n\n{BODY}",
        f"Harbour\n\n{BODY}",
        "The ferry left\n\nat noon, the office said.",
        "Roses are red\nViolets are blue",
        "Ferry sinks off the cape",
        "A line that goes on for longer than a headline can " * 6 + f"end\n\n{BODY}",
    ],
)
def test_text_without_a_clear_title_has_no_title(text: str) -> None:
    assert Article.from_text(text).title is None


@pytest.mark.parametrize("title", ["Ferry sinks off the cape", "Why did it sink?", "“It sank at once”", "渡轮沉没"])
def test_separate_short_first_line_is_the_title(title: str) -> None:
    article = Article.from_text(f"Advertisement\n\n{title}\n\n{BODY}")
    assert article.title == title
    assert read(article).sentences[0][1::2] == (title, "title")


def test_given_metadata_take_precedence_and_mark_the_title_line() -> None:
    article = Article.from_text(
        f"HARBOUR NEWS\n\nFerry\xa0sinks\n\n{BODY}", title="Ferry sinks", author="Bo", published="2020"
    )
    assert [sentence.kind for sentence in read(article).sentences][:2] == ["title", "prose"]
    assert (article.title, article.author, article.published) == ("Ferry sinks", "Bo", "2020")


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("2025-05-02", "2025-05-02"),
        ("2025-05-02T10:30:00Z", "2025-05-02"),
        ("2025-05-02T10:30:00.123+02:00", "2025-05-02"),
        ("2025/05/02", "2025-05-02"),
        ("02.05.2025", "2025-05-02"),
        ("2nd May 2025", "2025-05-02"),
        ("Fri, May 2nd, 2025 at 10:30 p.m. EST", "2025-05-02"),
        ("Updated 10:30 AM EST, Fri May 2, 2025", "2025-05-02"),
        ("Sept. 2, 2025", "2025-09-02"),
        ("Published: Dec 14, 2025, 10:30 PM", "2025-12-14"),
        ("14 December 2025 10 pm", "2025-12-14"),
        ("٢ May 2025", None),
        ("2025-13-02", None),
        ("0000-01-01", None),
        ("May 2, 2025 was cold", None),
        ("", None),
    ],
)
def test_common_date_forms_are_parsed(line: str, day: str | None) -> None:
    found = parse_date_line(line)
    assert (found[0] if found else None) == day


def test_dates_do_not_depend_on_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locale, "setlocale", None)  # raises an error when read
    assert parse_date_line("2 May 2025") == ("2025-05-02", False)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The council said that it was for the dam, and that the cost is known.", "en"),
        ("Der Rat ist nicht für den Damm, und die Kosten sind bekannt, sagte eine von ihnen.", "de"),
        ("Le conseil n’est pas pour le barrage, et les coûts sont connus, dit une des élues.", "fr"),
        ("El consejo no está por la presa, y los costes se conocen, dijo una de las que votan.", "es"),
        ("Il consiglio non è per la diga, e i costi sono noti, ha detto una della giunta che vota.", "it"),
        ("De raad is niet voor de dam, en het bedrag van de kosten is bekend, zei een van hen.", "nl"),
        ("Rådet är inte för dammen, och det som den kostar är känt, sade en av dem.", "sv"),
        ("O conselho não é pela barragem, e os custos do projeto são conhecidos, disse uma das vereadoras.", "pt"),
        ("Rada nie jest za tamą, a koszt jest znany, i to od dawna, jak się mówi w mieście.", "pl"),
        ("", "en"),
        ("Die Another Day", "en"),
        ("12 34 56", "en"),
    ],
)
def test_frequent_words_decide_the_language(text: str, code: str) -> None:
    assert guess_language(text) == code


def test_german_ordinal_does_not_end_a_sentence() -> None:
    text = "Der Rat tagt.\n\nAm 14. Juni entscheidet der Rat über die Brücke, und die Stadt ist gespannt."
    assert len(read(Article.from_text(text)).sentences) == 2


def test_given_language_decides_the_sentence_rules() -> None:
    text = "Am 14. Juni entscheidet der Rat über die Brücke, und die Stadt ist gespannt."
    assert len(read(Article.from_text(text, language="en")).sentences) == 2


@pytest.mark.parametrize("language", ["en-GB", "zh-Hant", "tlh", "", "x"])
def test_any_language_tag_is_accepted(language: str) -> None:
    assert len(read(Article.from_text("It rained. It snowed.", language=language)).sentences) == 2


@pytest.mark.parametrize(
    ("front", "title", "author"),
    [
        (
            "POLITICS LIVE\n\nHarbour strike enters third day\n\nWith Ann Lee (earlier) and Bo Day",
            "Harbour strike enters third day",
            "Ann Lee and Bo Day",
        ),
        ("# Farmers' union **rejects** new water rules", "Farmers' union rejects new water rules", None),
        ("Q&A: The woman who maps the sea\n\nBy Ann Lee", "Q&A: The woman who maps the sea", "Ann Lee"),
        ("Mayor Lee: Bridge must go\n\nTarn: The bridge over the Elm is shut.", "Mayor Lee: Bridge must go", None),
        ("NATIONAL ECHO | Politics\n\nBudget day in ten charts", "Budget day in ten charts", None),
        ("OPINION | ANN LEE\n\nKeep the night train", "Keep the night train", "Ann Lee"),
        (
            "BOOKS & IDEAS\n\nA bad law for good reasons.\n\nby Ann Lee | 11 September 2025 | Filed under: Parks",
            "A bad law for good reasons.",
            "Ann Lee",
        ),
        (
            "Calder Post\nScience & Nature\n\nWho owns the moonlight?\n\nBy Ann Lee",
            "Who owns the moonlight?",
            "Ann Lee",
        ),
        (
            "SCHOOLS\n\nThree clubs leave the league. A fourth may follow.\n\n6 October 2025",
            "Three clubs leave the league. A fourth may follow.",
            None,
        ),
        ("LOCAL NEWS\n\nCouncil drops plan for a second car park…", "Council drops plan for a second car park…", None),
        ("The Long Table Podcast\n\nA bakery run by robots?", "A bakery run by robots?", None),
        (
            "“My ship needs no radar. It needs a crew.”\n\nAnn Lee\n\n2 May 2025",
            "“My ship needs no radar. It needs a crew.”",
            "Ann Lee",
        ),
        ("Ann O’Hara: Subtitles for everyone?\n\nI like my films.", "Subtitles for everyone?", "Ann O’Hara"),
        ("Miners sleep at the gate\n\nAnn Lee in Port Royal\n\n2 May 2025", "Miners sleep at the gate", "Ann Lee"),
        (
            "The bell founder of Vell\n\nEdric Low tells ANN LEE why bronze should ring",
            "The bell founder of Vell",
            "Ann Lee",
        ),
        ("The bell founder of Vell\n\nEdric Low, as told to Ann Lee", "The bell founder of Vell", "Ann Lee"),
        ("The bell founder of Vell\n\nInterview: Ann Lee", "The bell founder of Vell", "Ann Lee"),
        ("The bell founder of Vell\n\nCourt reporter Ann Lee", "The bell founder of Vell", "Ann Lee"),
        ("The bell founder of Vell\n\nOur Business Staff", "The bell founder of Vell", None),
        ("The bell founder of Vell\n\nStaff reporter", "The bell founder of Vell", None),
        (
            "CITY OF TARN\nPress Office\n\nFOR IMMEDIATE RELEASE\n\nCity opens first night clinic",
            "City opens first night clinic",
            None,
        ),
        (
            "REPUBLIC OF TARN\nMINISTRY OF SEAS\n\nNews release | 2 May 2025\n\nMinistry bans nets",
            "Ministry bans nets",
            None,
        ),
    ],
)
def test_headline_and_author_are_told_from_labels_and_letterheads(front: str, title: str, author: str | None) -> None:
    article = Article.from_text(f"{front}\n\n{BODY}")
    assert (article.title, article.author) == (title, author)


def test_author_of_the_last_line_is_read_if_no_other_line_names_that_person() -> None:
    front, footer = "Ferry sinks off the cape\n\n", "\n\nAnn Lee writes about ships for the Post."
    assert Article.from_text(front + BODY + footer).author == "Ann Lee"
    assert Article.from_text(f"{front}{BODY} Ms Lee saw it.{footer}").author is None


@pytest.mark.parametrize("body", ["The mine is unsafe, Mr Hill told us.", "Hill spoke on Monday."])
def test_speaker_before_a_headline_is_no_author(body: str) -> None:
    article = Article.from_text(f"Tom Hill: The mine is unsafe\n\n{body}\n\n{BODY}")
    assert (article.title, article.author) == ("Tom Hill: The mine is unsafe", None)


def test_first_label_of_an_interview_is_no_title() -> None:
    text = "Daniel Frost: You planned this?\n\nMira Kapoor: No. I wanted to be a vet.\n\nDF: And now?\n\nMK: We wait."
    article = Article.from_text(text)
    assert (article.title, article.author) == (None, None)


@pytest.mark.parametrize(
    "headline",
    [
        "Harbour Master Calls Ferry Owners Liars.",
        "Stealth Over Safety: Why Owners Hide Reports.",
        "Harbour Master Calls Ferry Owners Liars",
        "Ferry owners hide reports;\nCouncil Wants Answers",
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_headline_in_title_case_is_the_title(headline: str, gap: str) -> None:
    article = Article.from_text(
        f"{headline}{gap}The ferry left the harbour at noon. It sank, the owners said.\n\nMore."
    )
    ends_in_stop = headline.endswith(".")
    assert article.title == (None if ends_in_stop and gap == "\n" else headline.partition("\n")[0].rstrip(";"))


def test_short_sentence_before_others_is_no_title() -> None:
    assert Article.from_text(f"It rained all night.\n\n{BODY}").title is None
