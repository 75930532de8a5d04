"""Links to sentences of pages, opened in the browser: the highlighted words are those of the sentence."""

from collections.abc import Iterator

import pytest

from summarizer import Article, summarize
from summarizer.article import read
from summarizer.render import to_html
from summarizer.spans import Span

from .conftest import Tab
from .target_text import PageServer, read_shown_target, read_target_text, serve_pages, with_style

pytestmark = pytest.mark.slow

FILLER = "<p>" + "The harbour had been quiet all morning, and nobody expected the vote to change that. " * 3 + "</p>"
PAGES = {
    "plain": "<p>The ferry sank at noon. Nobody drowned in the cold water. The owner was on the bridge then.</p>",
    "repeated": "<p>Asked on Monday. The mayor said no.</p><p>Asked again later. The mayor said no.</p>"
    "<p>The mayor said no.</p><p>It was late. The mayor said no. The mayor said no.</p>",
    "inline": "<p>The <b>council</b> of <a href='/x'>Riverton <i>North</i></a> argued for f<b>iv</b>e hours on Monday."
    " “The <em>bridge</em> must go,” said <a href='/y'>Anna Berg</a>.</p>",
    "elements": "<p>The vote on <time>Tuesday evening</time> was late. Ann said <q>never</q> to the"
    " <x-term>toll</x-term>.</p><p>Bob <span hidden>not</span> said <button>no</button> to"
    " <span aria-hidden=true>all</span> of it. He left.</p>"
    "<div>The <label>mayor</label> said that <output>412</output> of the voters came to the harbour.</div>",
    "wrapped": "<p>The council\n    of Riverton argued\n    for five hours. It then\n    voted on a repair.</p>",
    "breaks": "<p>The council argued for five hours.<br>It voted on Monday.<br/><br/>The mayor left<br>at nine.</p>",
    "table": "<p>The results of the vote were these.</p><table><tr><td>North ward voted for a repair.</td>"
    "<td>South ward voted against it.</td></tr><tr><td>East ward did not vote.</td></tr></table>",
    "list": "<p>She named three reasons.</p><ul><li>The bridge is old, and it costs too much.</li>"
    "<li>The road is narrow &mdash; too narrow for trucks.</li></ul>",
    "entities": "<p>It costs 4&nbsp;million &amp; more, i.e. &lt;5&#x20AC;&gt; a head. The Donau&shy;dampf&shy;schiff"
    " sank&hellip; 50% of #seven? Yes+no=maybe; a/b\\c.</p>",
    "hyphens": "<p>The Berlin-based firm, a so-called start-up, said no - and, later, yes. Twenty-one, not twenty-two,"
    " voted. Co-op, re-elect, and 3,5-fold growth followed.</p>",
    "accents": "<p>The resume was short. The résumé was long. Bo said so. Bø said so.</p>",
    "case": "<p style='text-transform: uppercase'>the council argued for hours. Die Straße war leer, sagte sie.</p>",
    "hidden": "<p hidden>The mayor said no to the plan of the council.</p><div style='display: none'>It was late.</div>"
    "<p>It was late. The mayor said no to the plan of the council.</p>",
    "long": "<p>The council said "
    + ", ".join(f"that point {n} of the plan was fine" for n in range(30))
    + ". It voted.</p>",
    "japanese": "<p>市長は水曜日、橋の撤去に反対した。議会は修理に賛成したと述べた。「橋は要らない」と技師は話した。"
    "市長は水曜日、橋の撤去に反対した。</p>",
    "chinese": "<p>市长周三表示反对拆除旧桥。议会则表示支持修理，并说明了理由。“这座桥必须拆除。”工程师说。</p>",
    "thai": "<p>นายกเทศมนตรีคัดค้านแผนการรื้อสะพาน สภาเมืองสนับสนุนการซ่อมแซม วิศวกรกล่าวว่าสะพานต้องรื้อ</p>",
    "arabic": "<p dir=rtl>قال رئيس البلدية إن الخطة غير مقبولة. وأضاف المجلس أن الإصلاح أرخص، كما قال.</p>",
    "hebrew": "<p dir=rtl>ראש העיר אמר שהתוכנית אינה מקובלת. המועצה הוסיפה שתיקון זול יותר.</p>",
    "hindi": "<p>मेयर ने कहा कि योजना स्वीकार्य नहीं है। परिषद ने कहा कि मरम्मत सस्ती है।</p>",
    "korean": "<p>시장은 계획에 반대했다. 의회는 수리에 찬성했다고 말했다.</p>",
    "greek": "<p>Ο δήμαρχος είπε όχι στο σχέδιο. Το συμβούλιο πρόσθεσε ότι η επισκευή είναι φθηνότερη.</p>",
    "russian": "<p>Мэр сказал, что план неприемлем. Совет добавил, что ремонт дешевле, чем новый мост.</p>",
    "emoji": "<p>Great 👩‍🚀 work, said the mayor 🇩🇪. The council 👍🏽 agreed with her on that point.</p>",
}


@pytest.fixture(scope="module")
def server() -> Iterator[PageServer]:
    with serve_pages() as pages:
        yield pages


def article_of(server: PageServer, body: str) -> Article:
    page = f"<!doctype html><html><head><meta charset=utf-8><title>Bridge</title></head><body><article>{body}</article>"
    return Article.from_html(page, server.add(page))


def squeeze(text: str) -> str:
    return "".join(text.split()).replace("\u00ad", "")


def core(text: str) -> str:
    """Return the text without marks at its ends, which a range of words may leave out."""
    letters = [index for index, character in enumerate(text) if character.isalnum()]
    return text[letters[0] : letters[-1] + 1] if letters else ""


@pytest.mark.parametrize("name", PAGES)
def test_link_highlights_its_sentence(tab: Tab, server: PageServer, name: str) -> None:
    article = article_of(server, f"<h1>Council splits</h1>{FILLER * 4}{PAGES[name]}{FILLER * 4}")
    tab.emulate((1000, 900))
    start, end = article.text.rindex(FILLER[3:30], 0, len(article.text) // 2), article.text.rindex(FILLER[3:30])
    checked = 0
    for sentence in read(article, clean=False).sentences:
        span = Span(sentence.spans[0].start, sentence.spans[-1].end)
        if FILLER[20:40] in sentence.text or not start <= span.start < end:
            continue
        link = article.link(span)
        assert link
        assert core(read_target_text(tab.driver, link)) == core(squeeze(article.text[slice(*span)]))
        checked += 1
    assert checked >= 2 or name in {"case", "chinese", "thai"}


@pytest.mark.parametrize(
    "words", ["ty of the plan", "hat point 13 of", "fine. It vot", "point 29 of the plan was fine. It voted."]
)
def test_link_highlights_whole_words(tab: Tab, server: PageServer, words: str) -> None:
    article = article_of(server, PAGES["long"].replace("point 3 ", "property of the plan, point 3 ") + FILLER)
    start = article.text.index(words)
    link = article.link(Span(start, start + len(words)))
    assert link
    highlighted = read_target_text(tab.driver, link)
    assert squeeze(words) in highlighted
    assert len(highlighted) - len(squeeze(words)) < 10


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<p>The mayor said no.Then she left the hall.</p>", "The mayor said no."),
        ("<p>The mayor said no.Then she left the hall.</p>", "Then she left the hall."),
        ("<blockquote>The mayor said no.<cite>Anna Berg</cite></blockquote>", "The mayor said no."),
        ("<p>The mayor<!-- a --> of Riverton said<!-- b --> no to it.</p>", "The mayor of Riverton said no to it."),
        ("<p><span>The may</span><span>or sa</span>id no.</p>", "The mayor said no."),
        ("<pre>The mayor of Riverton\nsaid no to it.</pre>", "The mayor of Riverton said no to it."),
        ("<p style='white-space: pre-line'>The mayor\nsaid no to it.</p>", "The mayor said no to it."),
        ("<p>The mayor said <span style='display: inline-block'>no</span> to it.</p>", "The mayor said no to it."),
        ("<p>議会は修理に賛成した。市長は橋の撤去に反対した。</p>", "橋の撤去"),
    ],
)
def test_range_within_a_line_is_highlighted_alone(tab: Tab, server: PageServer, body: str, words: str) -> None:
    article = article_of(server, FILLER * 3 + body + FILLER * 3)
    start = article.text.index(words)
    link = article.link(Span(start, start + len(words)))
    assert link
    assert core(read_target_text(tab.driver, link)) == core(squeeze(words))


def test_link_to_the_second_of_two_equal_paragraphs_highlights_the_second(tab: Tab, server: PageServer) -> None:
    body = (
        f"<p>He spoke.</p><p>The mayor said no.</p>{FILLER * 30}<p>She spoke.</p><p>The mayor said no.</p>{FILLER * 30}"
    )
    article = article_of(server, body)
    start = article.text.rindex("The mayor said no.")
    link = article.link(Span(start, start + 18))
    assert link
    tab.emulate((1000, 400))
    assert read_target_text(tab.driver, link) == "Themayorsaidno."
    assert tab.run("return scrollY") > 500


SOURCE = (
    f"<!doctype html><html><head><meta charset=utf-8></head><body><article>{FILLER * 4}"
    f"<p>“The bridge must go,” said Anna Berg, the engineer.</p>{FILLER * 9}</article></body></html>"
)


def click_source(tab: Tab, article: Article) -> str:
    """Click the link of the first position in the page of a brief, and return the highlighted words."""
    tab.open(to_html(summarize(article, model="builtin"), article))
    link = tab.one(".card .origin")
    assert str(link.get_attribute("aria-label")).startswith("open in source")
    link.click()
    tab.until("return !document.querySelector('.card')")
    return core(read_shown_target(tab.driver))


def test_page_of_a_brief_opens_the_source_at_the_quotation(tab: Tab, server: PageServer) -> None:
    article = Article.from_html(SOURCE, server.add(SOURCE))
    assert click_source(tab, article) == "Thebridgemustgo,”saidAnnaBerg,theengineer"


def test_page_of_a_brief_opens_a_local_page_at_the_quotation(tab: Tab) -> None:
    (tab.folder / "saved page.html").write_bytes(with_style(SOURCE))
    article = Article.from_html(SOURCE).with_metadata(source="saved page.html")
    assert click_source(tab, article) == "Thebridgemustgo,”saidAnnaBerg,theengineer"
