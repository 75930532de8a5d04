"""The text of a page's article has no clutter, and keeps what only looks like it."""

import pytest

from summarizer import Article

LEAD = "The ferry sank at noon, the mayor of Lanyon said on Tuesday, and nobody drowned in the accident."
SECOND = (
    "“We will raise it,” Anna Berg told the council. The repair would cost four million, and the harbour is closed."
)
THIRD = "The council meets again on Monday. It has to decide who pays for the ferry, and whether another one is bought."
FOURTH = "Fishermen complained that they had not been heard. They have asked for a hearing before the end of the month."
TEXT = "\n\n".join([LEAD, SECOND, THIRD, FOURTH])


def read(before: str = "", middle: str = "", after: str = "", *, title: str = "Ferry sinks off Lanyon") -> Article:
    return Article.from_html(
        f"<html lang=en><head><title>{title}</title></head><body><nav><a href=/>Home</a></nav><main><article>{before}"
        f"<div class=body><p>{LEAD}</p><p>{SECOND}</p>{middle}<p>{THIRD}</p><p>{FOURTH}</p>{after}</div>"
        "</article></main>"
        "<footer>© 2024 The Lanyon Post</footer></body></html>"
    )


@pytest.mark.parametrize(
    "middle",
    [
        "<figure><img src=a><figcaption>The ferry before the accident. Photo: Bo Day</figcaption></figure>",
        "<div class='wp-caption'><img src=a><p class='wp-caption-text'>The ferry before the accident.</p></div>",
        "<div class='related-articles'><h3>Related</h3><ul><li><a href=a>Harbour reopens</a></li></ul></div>",
        "<p><strong>READ MORE: </strong><a href=a>Harbour reopens after storm</a></p>",
        "<p><a href=a>Harbour reopens after storm</a></p>",
        "<div class=newsletter-signup><p>Sign up for our newsletter. You get it every day.</p></div>",
        "<p>Sign up for our morning newsletter here.</p>",
        "<aside><p>Lanyon has 4,000 inhabitants. It lies by the sea.</p></aside>",
        "<div class=ad-slot>Advertisement</div>",
        "<p>Advertisement</p>",
        "<ul class=share><li>Facebook</li><li>Twitter</li></ul>",
        "<blockquote class=twitter-tweet><p>Terrible news from the harbour today.</p></blockquote>",
        "<div class=pull-quote>“We will raise it,” Anna Berg told the council.</div>",
        "<div>“We will raise it,” Anna Berg told the council.</div>",
        "<script>var a = 'It sank.';</script><style>p {}</style><noscript>Turn on scripts.</noscript>",
        "<p>* * *</p>",
        "<p>Lesen Sie auch: <a href=a>Hafen wieder offen</a></p>",
        "<p>Lire aussi : <a href=a>Le port rouvre</a></p>",
        "<div hidden><p>You have read all free articles. Subscribe to read on.</p></div>",
    ],
)
def test_clutter_within_the_text_is_left_out(middle: str) -> None:
    assert read(middle=middle).text == TEXT


@pytest.mark.parametrize(
    "after",
    [
        "<div class=author-bio><p>Ann Lee is a reporter in Lanyon. She writes about harbours and ships.</p></div>",
        "<p>Follow us on Twitter and Facebook for more news.</p>",
        "<p>This article was originally published in The Lanyon Post.</p>",
        "<p>(Reporting by Ann Lee; Editing by Bo Day)</p>",
        "<p>© 2024 The Lanyon Post. All rights reserved.</p>",
        "<div class=tags><a href=a>Ferry</a> <a href=b>Lanyon</a></div>",
        "<h3>More from The Lanyon Post</h3>",
        "<p><em>Ann Lee covers the harbour. Reach her at ann@lanyonpost.example.</em></p>",
        "<section id=comments><p>I saw it from the pier, and it was terrible. I hope they raise it.</p></section>",
        "<h2>About the company</h2><p>The company owns ferries in nine countries.</p>",
    ],
)
def test_clutter_after_the_text_is_left_out(after: str) -> None:
    assert read(after=after).text == TEXT


@pytest.mark.parametrize(
    "before",
    [
        "<h1>Ferry sinks off Lanyon</h1>",
        "<header><h1>Ferry sinks off Lanyon</h1><p class=byline>By Ann Lee</p><time>2 May 2024, 10:30</time></header>",
        "<h1>Ferry sinks off Lanyon</h1><p>By Ann Lee</p><p>2 May 2024</p>",
        "<h1>Ferry sinks off Lanyon</h1><p>Published <time>2 May 2024</time></p><p>Updated 3 May 2024, 10:30</p>",
        "<h1>Ferry sinks off Lanyon</h1><dl><dt>Date:</dt><dd>May 2024</dd><dt>Source:</dt><dd>Office</dd></dl>",
        "<div><a href=/>Home</a> › <a href=/news>News</a></div><h1>Ferry sinks off Lanyon</h1>",
        "<h1>Ferry sinks off Lanyon</h1><p class=standfirst>Nobody drowned, but the harbour is closed.</p>",
    ],
)
def test_text_does_not_repeat_the_metadata(before: str) -> None:
    assert read(before=before).text == TEXT


@pytest.mark.parametrize(
    ("middle", "kept"),
    [
        ("<h2>A hearing is asked for</h2>", "A hearing is asked for"),
        (
            "<blockquote><p>It was the worst day of my life, he wrote.</p></blockquote>",
            "It was the worst day of my life",
        ),
        ("<ul><li>Four boats were lost</li><li>Two piers are closed</li></ul>", "Four boats were lost"),
        (
            "<p>He said <a href=a>the ferry was old</a>, and that it leaked.</p>",
            "the ferry was old, and that it leaked.",
        ),
        ("<p>No.</p>", "No."),
        ("<p>(c) In preparing the plan, the office shall hear the towns.</p>", "(c) In preparing the plan"),
        ("<h2>Copyright is no answer</h2>", "Copyright is no answer"),
        ("<h2>Ferry Sinks off Lanyon</h2>", "Ferry Sinks off Lanyon"),
        ("<div class=subheadline><h2>A hearing is asked for</h2></div>", "A hearing is asked for"),
        ("<ul><li>The harbour office is to close by 2028</li><li>Fees double</li></ul>", "is to close by 2028"),
        ("<p>“Read more books,” he told her, and left.</p>", "“Read more books,” he told her"),
        (
            "<p>They signed up for the newsletter of the union, as all of them had done before the accident.</p>",
            "They signed",
        ),
        ("<table><tr><th>Boat</th><th>Age</th></tr><tr><td>Berg</td><td>12</td></tr></table>", "Berg 12"),
    ],
)
def test_parts_of_the_text_are_kept_in_their_place(middle: str, kept: str) -> None:
    text = read(middle=middle).text
    assert kept in text
    assert text.index(SECOND) < text.index(kept) < text.index(THIRD)


@pytest.mark.parametrize("line", ["<h2>The harbour closes</h2>", "<h2><time>12:30</time> The harbour closes</h2>"])
def test_heading_before_the_text_is_kept(line: str) -> None:
    assert "The harbour closes" in read(before=f"<h1>Ferry sinks off Lanyon</h1>{line}").text


def test_title_within_the_text_cuts_nothing_above() -> None:
    title = "Ferry sinks off Lanyon at noon"
    middle = f"<p>A programme on the ferry, “{title}”, is shown on Monday in all cinemas of the county.</p>"
    assert read(middle=middle, title=title).text.startswith(LEAD)


@pytest.mark.parametrize(
    "name", ["has-sidebar share-enabled", "post-with-related", "newsletter-article", "ad-free banner"]
)
def test_name_of_clutter_around_the_whole_text_drops_nothing(name: str) -> None:
    body = f"<div class='{name}'><p>{LEAD}</p><p>{SECOND}</p><p>{THIRD}</p><p>{FOURTH}</p></div>"
    assert Article.from_html(f"<html><body>{body}</body></html>").text == TEXT


def test_parts_whose_classes_vary_are_read() -> None:
    parts = [
        f"<div class='Text Text--icon-link'><p>{LEAD}</p></div>",
        f"<div class=Text><p>{SECOND}</p><p>{THIRD}</p></div>",
    ]
    page = (
        f"<html><body><article>{'<div>Advertisement</div>'.join(parts)}<div class=Text><p>{FOURTH}</p></div></article>"
    )
    assert Article.from_html(page).text == TEXT


def test_cards_of_other_articles_are_not_taken_for_the_article() -> None:
    body = "".join(f"<div>{paragraph}</div>" for paragraph in (LEAD, SECOND, THIRD, FOURTH))
    cards = "".join(
        f"<div class=card><h3><a href={n}>Tram {n} derails in Alder</a></h3>"
        f"<p>Tram {n} derailed at noon. Nobody was hurt, the police said.</p></div>"
        for n in range(30)
    )
    title = "Ferry sinks off Lanyon at noon"
    page = f"<title>{title}</title><body><h1>{title}</h1>{body}<section class=related>{cards}</section>"
    assert Article.from_html(page).text == TEXT


def test_posts_of_a_live_blog_are_read_in_the_order_of_the_page() -> None:
    posts = [LEAD, SECOND, THIRD, FOURTH]
    markup = "".join(
        f"<article class=post><h2>Entry {n}</h2><div class=text><p>{p}</p></div></article>" for n, p in enumerate(posts)
    )
    text = Article.from_html(
        f"<html><body><main class=live-blog><h1>Ferry sinks</h1>{markup}</main></body></html>"
    ).text
    assert [text.find(post) >= 0 for post in posts] == [True] * 4
    assert sorted(posts, key=text.find) == posts


def test_next_article_of_an_endless_page_is_left_out() -> None:
    story = "<article class=story><h1>{}</h1><div class=body>{}</div></article>"
    first = story.format("Ferry sinks", "".join(f"<p>{paragraph}</p>" for paragraph in TEXT.split("\n\n")))
    following = story.format("Tram derails", "<p>A tram derailed in Alder. No one was hurt.</p>")
    article = Article.from_html(f"<html><head><title>Ferry sinks</title></head><body>{first}{following}</body></html>")
    assert article.text == TEXT
