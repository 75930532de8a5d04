"""Pages that are no article are recognized, and ordinary articles are not taken for them."""

from typing import Any

import pytest

from summarizer.errors import ArticleError
from summarizer.sources.html.metadata import read_metadata
from summarizer.sources.html.page import Page
from summarizer.sources.html.page_checks import check_page
from tests.sources.html.pages import BODY, json_ld, news, page

URL = "https://www.aldercourier.example/politics/2025/council-bridge"
H1 = "<h1>Council agrees on new bridge</h1>"
SHORT = " ".join(BODY.split()[:60])
DATED = "<meta property='og:type' content='article'><meta property='article:published_time' content='2025-05-02'>"


def check(head: str = "", body: str = "", text: str = "", url: str | None = URL, lang: str = "en") -> list[str]:
    """Check a page; a text that is not given is all of the body's paragraphs."""
    tree = page(head, body, lang=lang)
    text = text or "\n".join(paragraph.text_content() for paragraph in tree.iter("p", "li", "h2", "h3"))
    elements = Page(tree)
    return check_page(elements, read_metadata(elements, url), text)


def paragraphs(text: str, size: int = 40) -> str:
    words = text.split()
    return "".join(f"<p>{' '.join(words[start : start + size])}</p>" for start in range(0, len(words), size))


def no_article(*arguments: Any, **options: Any) -> str:
    with pytest.raises(ArticleError) as raised:
        check(*arguments, **options)
    assert raised.value.hint
    return raised.value.message


ARTICLE = f"{H1}{paragraphs(BODY)}"


# Error pages


@pytest.mark.parametrize(
    ("title", "h1", "text"),
    [
        ("404", "", ""),
        ("404 Not Found", "404 Not Found", "nginx"),
        ("Page not found | Alder Courier", "Page not found", "Try the search, or go to the home page."),
        ("Error 404 (Not Found)!!1", "", "That’s an error."),
        ("Alder Courier", "Oops! That page can’t be found.", "It looks like nothing was found at this location."),
        ("Alder Courier", "Sorry, we can't find that page", "The page you are looking for may have moved."),
        ("Alder Courier", "", "The page you requested does not exist any more. Go to the home page."),
        ("Seite nicht gefunden – Alder Bote", "404 – Seite nicht gefunden", "Bitte nutzen Sie die Suche."),
        ("Alder Bote", "Hoppla!", "Die gesuchte Seite gibt es leider nicht mehr."),
        ("Page introuvable - Le Courrier", "Erreur 404", "La page que vous recherchez n’existe plus."),
        ("Página no encontrada | El Diario", "404", "La página que buscas no existe."),
        ("Pagina non trovata", "Errore 404", "La pagina che stai cercando non esiste."),
        ("Página não encontrada", "", "A página que procura não existe."),
        ("Pagina niet gevonden", "", "De pagina die u zoekt bestaat niet."),
        ("Nie znaleziono strony - Kurier", "Błąd 404", "Strona, której szukasz, nie istnieje."),
        ("Sidan hittades inte", "", ""),
        ("500 Internal Server Error", "", "The server has a problem."),
        ("502 Bad Gateway", "502 Bad Gateway", "cloud"),
        ("503 Service Temporarily Unavailable", "", ""),
        ("Something went wrong", "", "Try again later."),
        ("410 Gone", "", ""),
        ("Alder Courier", "We’re sorry", "This article has been removed."),
        ("Le Courrier", "Cet article n'est plus en ligne", "Retour à l'accueil"),
        ("Alder Bote", "Ups!", "Diese Seite gibt es nicht mehr."),
        ("Alder", "", "Il sito è in manutenzione. Torniamo subito."),
        ("Alder", "Lo sentimos", "El contenido que buscas ya no está disponible."),
        ("alder.example", "", "This domain may be for sale."),
        ("お探しのページは見つかりません", "", "トップページから改めてお探しください。"),
        ("找不到页面", "404", ""),
    ],
)
def test_error_pages_are_no_articles(title: str, h1: str, text: str) -> None:
    body = f"{f'<h1>{h1}</h1>' if h1 else ''}<p>{text}</p>"
    assert "error page" in no_article(f"<title>{title}</title>", body)


def test_an_error_page_with_popular_stories_is_no_article() -> None:
    teasers = "".join(f"<li><h3><a href='/{n}'>Story {n} of the day is here</a></h3></li>" for n in range(12))
    body = f"<h1>Page not found</h1><p>Read our popular stories.</p><ul>{teasers}</ul>"
    assert "error page" in no_article("<title>Page not found | Alder Courier</title>", body)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Access Denied", "You don't have permission to access this page on this server. Reference #18.2f"),
        ("403 Forbidden", "nginx"),
        ("Alder Courier", "This content is not available in your region."),
        (
            "451: Unavailable due to legal reasons",
            "We recognize you are visiting from the EEA. Access cannot be granted.",
        ),
        ("Zugriff verweigert", ""),
        ("Bu içerik bölgenizde kullanılamıyor", "Ülkeden erişilememektedir."),
        ("Alder TV", "Dieses Video ist in Ihrem Land leider nicht verfügbar."),
        ("Alder TV", "Ten materiał jest niedostępny w twoim kraju."),
        ("Alder TV", "Deze video is niet beschikbaar in uw regio."),
        ("Accès refusé", ""),
        ("Acceso denegado", ""),
        ("Odmowa dostępu", ""),
        ("429 Too Many Requests", ""),
    ],
)
def test_refusals_are_no_articles(title: str, text: str) -> None:
    assert "denied" in no_article(f"<title>{title}</title>", f"<p>{text}</p>")


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Just a moment...", "<p>Checking your browser before accessing aldercourier.example.</p>"),
        ("Attention Required! | Cloudflare", "<p>Please complete the security check to access the site.</p>"),
        ("aldercourier.example", "<p>Verify you are human by completing the action below.</p>"),
        ("aldercourier.example", "<div id='px-captcha'></div><p>Press &amp; hold</p>"),
        ("aldercourier.example", "<iframe src='https://geo.captcha-delivery.com/captcha/?x=1'></iframe>"),
        ("Pardon Our Interruption", "<p>Something about your browser made us think you were a bot.</p>"),
        ("Robot Check", "<form class='g-recaptcha'></form>"),
        ("Alder Bote", "<p>Bitte bestätigen Sie, dass Sie kein Roboter sind.</p>"),
        ("Le Courrier", "<p>Vérifiez que vous êtes humain pour continuer.</p>"),
        ("Kurier", "<p>Potwierdź, że nie jesteś robotem.</p>"),
        ("Un instant…", "<p>Vérification de votre navigateur</p>"),
        ("Nur einen Moment…", "<p>Überprüfung, ob die Verbindung sicher ist</p>"),
        ("Security Checkpoint", "<p>We're verifying your browser</p>"),
    ],
)
def test_checks_for_robots_are_no_articles(title: str, body: str) -> None:
    assert "robots" in no_article(f"<title>{title}</title>", body)


@pytest.mark.parametrize(
    ("head", "h1"),
    [
        ("", "404: a film about lost pages"),
        (DATED, "404 jobs lost at the plant"),
        (DATED, "Access denied"),
        (DATED, "Page not found: museum loses manuscript"),
        ("", "Error in the budget costs the council 500 million"),
        ("", "Sorry, the page on bridges was not found, says mayor"),
        (DATED, "Are you a robot?"),
        ("", "Gone with the flood: the bridge of Alder"),
    ],
)
def test_articles_about_errors_are_articles(head: str, h1: str) -> None:
    for text in (SHORT, BODY):
        assert check(f"<title>{h1} | Alder Courier</title>{head}", f"<h1>{h1}</h1>{paragraphs(text)}") == []


# Consent

CONSENT = {
    "en": "We and our 188 partners store and access information on your device. You can withdraw your consent at any "
    "time. Accept all. Manage preferences.",
    "de": "Besuchen Sie uns wie gewohnt mit Werbung und Tracking. Ihre Zustimmung können Sie jederzeit widerrufen. "
    "Wir und unsere bis zu 188 Partner verarbeiten personenbezogene Daten. Akzeptieren und weiter.",
    "fr": "Avec votre consentement, nous et nos 188 partenaires utilisons des cookies. "
    "Continuer sans accepter. Tout accepter.",
    "es": "Con su consentimiento, nosotros y nuestros 188 socios usamos cookies. "
    "Aceptar y continuar. Rechazar y suscribirse.",
    "it": "Noi e i nostri 188 partner utilizziamo cookie. Il tuo consenso è libero. "
    "Accetta e continua. Rifiuta e abbonati.",
    "pt": "Nós e os nossos 188 parceiros usamos cookies. A sua privacidade é importante. "
    "Aceitar todos. Rejeitar todos.",
    "nl": "Wij en onze 188 partners gebruiken cookies. Met uw toestemming tonen wij advertenties. Alles accepteren.",
    "pl": "My i nasi partnerzy używamy plików cookie. Szanujemy Twoją prywatność. Akceptuję i przechodzę do serwisu.",
}
ABOUT_COOKIES = {
    "en": "The court ruled that sites must ask for consent before they set cookies. Advertising partners had argued "
    "that a banner with a single button was enough. Privacy groups welcomed the ruling. The company said that it would "
    "change its banner. Users will be able to reject all cookies with one click, the judges said. The law applies "
    "from May, and fines may reach four per cent of turnover. Publishers fear for their income.",
    "de": "Das Gericht verlangt eine Einwilligung, bevor Seiten Cookies setzen. Ein Knopf wie „Alle akzeptieren“ "
    "genüge nicht, sagte die Richterin. Verlage finanzieren sich mit Werbung und Tracking. Datenschützer begrüßten das "
    "Urteil. Der Verband der Verlage kündigte an, in Berufung zu gehen. Die Frist dafür endet im Mai. Bis dahin "
    "bleibt alles, wie es ist.",
    "fr": "La CNIL a condamné le site pour ses cookies. Le bouton « Tout refuser » manquait, selon l’autorité. Les "
    "partenaires publicitaires recevaient des données sans consentement. Le groupe a annoncé un recours devant le "
    "Conseil d’État. L’amende s’élève à deux millions d’euros, et le site a trois mois pour changer ses pratiques.",
}


@pytest.mark.parametrize("lang", CONSENT)
def test_consent_walls_are_no_articles(lang: str) -> None:
    sentences = CONSENT[lang].split(". ")
    body = "".join(f"<p>{sentence}.</p>" for sentence in sentences[:2])
    buttons = "".join(f"<button>{sentence}</button>" for sentence in sentences[2:])
    for head in ("<title>Alder Courier</title>", json_ld(news())):
        assert "consent" in no_article(head, body + buttons, lang=lang)
        assert "consent" in no_article(head, f"<div>{CONSENT[lang]}</div>", text=CONSENT[lang], lang=lang)


@pytest.mark.parametrize(
    "body",
    [
        "<p>Cookies help us deliver our services. You agree to our use of cookies.</p><button>OK</button>",
        "<h1>Deine Privatsphäre</h1><p>Wir und unsere Partner setzen Cookies ein.</p><button>Zustimmen</button>",
        "<h1>Before you continue</h1><p>We use cookies and data to deliver services.</p><button>Accept all</button>",
        "<p>Puedes aceptar las cookies para seguir o suscribirte sin publicidad.</p><button>Aceptar</button>",
        "<p>Le Quotidien et ses 120 partenaires utilisent des cookies.</p><button>Tout accepter</button>",
        "<p>Vi och våra partners lagrar information. Ditt samtycke.</p><button>Acceptera alla</button>",
        "<p>Gizliliğiniz bizim için önemli. Çerezleri kullanıyoruz.</p><button>Tümünü kabul et</button>",
    ],
)
def test_a_question_with_buttons_is_a_consent_wall(body: str) -> None:
    assert "consent" in no_article("", body)


def test_article_that_quotes_banners_and_people_is_no_consent_wall() -> None:
    text = (
        "Die Behörde verlangt, dass Seiten neben „Alle akzeptieren“ auch „Alle ablehnen“ anbieten. Die Verlage lehnen "
        "das ab.\n„Wir und unsere Partner leben von Cookies“, sagte Bo Day.\nNutzer sollen ihre Einwilligung jederzeit "
        "widerrufen können, fordert ein Verein."
    )
    assert "consent" not in " ".join(check("", H1 + paragraphs(text), text=text, lang="de"))


def test_a_login_page_is_no_article() -> None:
    form = "<form><input name='user'><input type='password'></form>"
    assert "log in" in no_article("<title>Log in | Alder Courier</title>", f"<h1>Log in</h1>{form}")
    assert "log in" in no_article("", f"<h1>Anmelden</h1>{form}")
    assert "log in" in no_article("", f"<h1>Zaloguj się do swojego konta</h1>{form}")
    assert check("", f"{H1}<p>{SHORT}</p>{form}") == []


def test_errors_name_the_file_or_address() -> None:
    elements = Page(page("<title>404 Not Found</title>"))
    with pytest.raises(ArticleError, match=r"bridge\.html is an error page"):
        check_page(elements, read_metadata(elements), "", "bridge.html")


def test_a_page_with_hardly_any_text_is_a_doubt() -> None:
    (warning,) = check("<meta property='og:type' content='video.other'>", f"{H1}<p>Waves closed the road.</p>")
    assert warning == "The page has hardly any text: 22 characters."


@pytest.mark.parametrize("lang", CONSENT)
def test_a_cookie_banner_beside_an_article_does_no_harm(lang: str) -> None:
    banner = f"<div class='banner'>{CONSENT[lang]}</div>"
    for text in (SHORT, BODY):
        assert check("", f"{banner}{H1}{paragraphs(text)}", text=text, lang=lang) == []


@pytest.mark.parametrize("lang", ABOUT_COOKIES)
def test_an_article_about_cookies_is_an_article(lang: str) -> None:
    text = ABOUT_COOKIES[lang]
    assert check("", f"{H1}<p>{text}</p>") == []
    assert check(json_ld(news()), f"{H1}{paragraphs(text, 15)}") == []


def test_a_note_about_consent_in_the_third_person_is_an_article() -> None:
    first = "The watchdog will ask whether the app had consent to share personal data with advertising partners."
    second = "The company said that users could withdraw consent at any time in its privacy settings."
    assert check("", f"{H1}<p>{first}</p><p>{second}</p>") == []


def test_an_article_may_quote_a_banner() -> None:
    text = (
        "The regulator fined sites that hid the button to refuse cookies. They asked visitors to accept cookies first. "
        "“We use cookies to improve your experience” means nothing, it said. “We value your privacy” means less. "
        "Every banner must carry an “Accept all” and a “Reject all” button. Privacy settings must be remembered. "
        "Personalised advertising pays for journalism, a trade body argued, and readers who reject all could subscribe."
    )
    assert check(DATED, f"{H1}<p>{text}</p>") == []


# Paywalls

INVITATIONS = [
    "Subscribe to continue reading",
    "Already a subscriber? Log in. To continue reading this article, choose a plan.",
    "You've reached your limit of free articles",
    "This article is for subscribers only.",
    "Create a free account to continue",
    "Dieser Artikel ist nur für Abonnenten.",
    "Jetzt abonnieren und weiterlesen",
    "Sie möchten weiterlesen? Jetzt Abo abschließen.",
    "Läs vidare med en prenumeration.",
    "Um den ganzen Artikel zu lesen, testen Sie unser Angebot.",
    "Cet article est réservé aux abonnés.",
    "Il vous reste 80 % de cet article à lire. La suite est réservée aux abonnés.",
    "Suscríbete para seguir leyendo",
    "Regístrate para seguir leyendo",
    "Abbonati per continuare a leggere",
    "Questo contenuto è riservato agli abbonati.",
    "Assine para continuar lendo",
    "Conteúdo exclusivo para assinantes. Assine para ler.",
    "Neem een abonnement om verder te lezen",
    "Dit artikel is alleen voor abonnees",
    "Aby czytać dalej, wykup prenumeratę.",
    "Artykuł dostępny tylko dla prenumeratorów",
    "Enjoying this article? Subscribe for unlimited access",
    "You have 0 free articles left this month",
    "Read the full story with a subscription",
    "To read this story, become a member.",
    "This is a preview. Subscribe to see the rest.",
    "Please log in or subscribe to view this article",
    "Lesen Sie mit MT+ weiter",
    "Der Artikel ist Teil unseres Plus-Angebots. Jetzt testen",
    "Continuez votre lecture pour 1 €",
    "Has alcanzado tu límite de artículos gratuitos",
    "Hai raggiunto il limite di articoli gratuiti",
    "Você atingiu o limite de matérias gratuitas",
    "U heeft het maximale aantal gratis artikelen bereikt",
    "Chcesz przeczytać cały tekst? Kup dostęp",
]


@pytest.mark.parametrize("invitation", INVITATIONS)
def test_an_invitation_to_subscribe_means_that_a_part_is_missing(invitation: str) -> None:
    (warning,) = check("", f"{H1}{paragraphs(SHORT)}<div>{invitation}</div>")
    assert "only a part of the article" in warning
    (warning,) = check("", f"{H1}<p>{SHORT}</p><p>{invitation}</p>")
    assert "only a part" in warning


@pytest.mark.parametrize("invitation", INVITATIONS[::4])
def test_an_invitation_without_an_article_is_no_article(invitation: str) -> None:
    message = no_article(
        json_ld(news()), f"{H1}<p>The vote was close.</p><div>{invitation}</div>", text="The vote was close."
    )
    assert "subscribers" in message


@pytest.mark.parametrize("name", ["paywall", "paywall-overlay", "subscription-wall"])
def test_offers_in_a_paywall_are_no_article_text(name: str) -> None:
    offer = "<p>Unlimited access to all articles on the site and in the app, every day, for a month</p>" * 3
    wall = f"<div class='{name}'><h2>Subscribe to continue reading</h2>{offer}</div>"
    assert "subscribers" in no_article(DATED, f"{H1}<p>Nine lock keepers will go.</p>{wall}")
    assert check(DATED, f"{H1}{paragraphs(SHORT)}{wall}")


@pytest.mark.parametrize(
    "label",
    [
        "<div>Lire aussi | <span>Article réservé à nos abonnés</span> <a href='/x'>Une industrie mise à sec</a></div>",
        "<div><a href='/x'>Nur für Abonnenten</a></div>",
        "<div>Réservé aux abonnés</div>",
        "<div class='subscription-required hide'><h3>To continue reading this article, subscribe</h3></div>",
    ],
)
def test_labels_within_a_paid_article_that_goes_on_do_no_harm(label: str) -> None:
    half = paragraphs(BODY[: len(BODY) // 3])
    body = f"{H1}{half}{label}{paragraphs(BODY[len(BODY) // 3 :])}"
    assert check(json_ld(news(isAccessibleForFree=False)), body) == []


def test_a_declared_paywall_is_a_warning_if_the_text_is_short_or_shorter_than_declared() -> None:
    assert check(json_ld(news(isAccessibleForFree=False)), f"{H1}{paragraphs(SHORT)}")
    assert check(json_ld(news(isAccessibleForFree=False, wordCount=2_000)), ARTICLE)
    assert not check(json_ld(news(isAccessibleForFree=False)), ARTICLE)
    assert not check(json_ld(news(isAccessibleForFree=False, wordCount=60)), f"{H1}{paragraphs(SHORT)}")
    assert not check(json_ld(news(isAccessibleForFree=True)), f"{H1}{paragraphs(SHORT)}")


def test_an_overlay_over_a_long_preview_is_a_warning() -> None:
    overlay = "<div class='article-paywall'><p>Subscribe to continue reading</p></div>"
    assert check(json_ld(news()), ARTICLE + overlay, text=BODY)
    hidden = overlay.replace("<div", "<div style='display: none'")
    assert not check(json_ld(news()), ARTICLE + hidden, text=BODY)
    assert not check(json_ld(news()), f"{ARTICLE}<template>{overlay}</template>", text=BODY)


@pytest.mark.parametrize(
    "text",
    [
        "The site will show “Subscribe to continue reading” after three articles, its publisher said on Monday.",
        "Der Verlag schreibt künftig „Nur für Abonnenten“ über die Texte. Das sagte der Verleger am Montag.",
        "From May, readers must subscribe to continue reading after three articles, the publisher said on Monday.",
        "Readers who subscribe to the paper will be able to read its paywalled articles from May, the publisher said.",
    ],
)
def test_an_article_about_paywalls_is_complete(text: str) -> None:
    assert check("", f"{H1}<p>{text} {SHORT}</p>") == []
    assert check("", f"{H1}<p>{SHORT}</p><p>{text}</p>") == []
    assert check(DATED, f"{H1}<p>{text}</p>{paragraphs(BODY)}<p>{text}</p>") == []


@pytest.mark.parametrize(
    "extra",
    [
        "<footer><a href='/s'>Subscribe</a> <a href='/l'>Log in</a></footer>",
        "<header>Already a subscriber? Sign in</header>",
        "<div>Subscribe to our newsletter</div>",
        "<div class='related'><span>Réservé aux abonnés</span> <a href='/x'>Autre article</a></div>",
        "<div>Log in to comment</div>",
        "<p>We have no paywall. Subscribe to support our reporting and keep it free to read for all.</p>",
        "<div>Sign up for our daily newsletter to read the best stories</div>",
        "<div>To read the full report click here</div>",
        "<div>Unlimited access for subscribers</div>",
        "<div>Become a member of the bridge club</div>",
        "<div>Weiterlesen</div><div>Zum Abo-Shop</div>",
        "<div>Se connecter pour réagir</div><div>Lire aussi : le pont ferme</div>",
        "<div>Zaloguj się, aby skomentować</div>",
        "<div class='wallpaper'>x</div>",
    ],
)
def test_offers_of_the_site_beside_a_short_article_do_no_harm(extra: str) -> None:
    assert check(DATED, f"{H1}<p>{SHORT}</p>{extra}", text=SHORT) == []


# Scripts


@pytest.mark.parametrize(
    "body",
    [
        "<div id='root'></div><script src='/app.js'></script>",
        "<div id='__next'></div><noscript>You need to enable JavaScript to run this app.</noscript><script>1</script>",
        "<noscript>Please enable JavaScript to continue.</noscript>",
        "<p>JavaScript is disabled in your browser.</p>",
        "<p>Bitte aktivieren Sie JavaScript, um diese Seite zu sehen.</p>",
        "<p>Veuillez activer JavaScript pour lire cette page.</p>",
        "<p>Włącz JavaScript, aby zobaczyć stronę.</p>",
        "<app-root></app-root><script src='main.js'></script>",
    ],
)
def test_a_page_that_needs_a_script_says_so(body: str) -> None:
    tree = page("<title>Alder Courier</title>", body)
    with pytest.raises(ArticleError, match="JavaScript"):
        check_page(Page(tree), read_metadata(Page(tree), URL), "")


def test_a_note_about_scripts_beside_an_article_does_no_harm() -> None:
    note = "<noscript>Please enable JavaScript.</noscript><script>1</script>"
    assert check("", f"{note}{H1}<p>{SHORT}</p>") == []
    assert check("", f"{note}{ARTICLE}<p>Enable JavaScript to see the comments.</p>") == []


# Lists of articles


def teasers(count: int, *, words: int = 15, tag: str = "h3") -> str:
    blurb = " ".join(BODY.split()[:words])
    return "".join(
        f"<article><{tag}><a href='/{number}'>Story {number} is about the town</a></{tag}><p>{blurb}</p></article>"
        for number in range(count)
    )


WEBSITE = "<meta property='og:type' content='website'>"
HOME = "https://www.aldercourier.example/"


@pytest.mark.parametrize(
    ("head", "body", "url", "kind"),
    [
        ("<meta property='og:type' content='website'>", teasers(20), HOME, "front page"),
        ("", teasers(8, tag="h2"), HOME, "front page"),
        ("", f"<h1>Politics</h1>{teasers(12)}", f"{HOME}politics/", "list"),
        (
            json_ld({"@type": "CollectionPage", "name": "Bridge"}),
            f"<h1>Bridge</h1>{teasers(5)}",
            f"{HOME}x/bridge/",
            "list",
        ),
        ("", f"<h1>Bridge</h1>{teasers(5)}", f"{HOME}tag/bridge/", "list"),
        ("", f"<h1>Ann Lee</h1>{teasers(6)}", f"{HOME}author/ann-lee", "list"),
        (
            json_ld([news(headline=f"Story {n} is about Alder") for n in range(9)]),
            f"<h1>Politics</h1>{teasers(9)}",
            None,
            "list",
        ),
        (
            "<title>Search results for bridge</title>",
            f"<h1>Search</h1>{teasers(5)}",
            f"{HOME}search?q=bridge",
            "search",
        ),
        ("<title>Suche</title>", f"<h1>Suchergebnisse für Brücke</h1>{teasers(5)}", f"{HOME}suche?q=x", "search"),
        ("<title>Wyniki wyszukiwania: most</title>", teasers(3), f"{HOME}szukaj?q=most", "search"),
        (
            "<title>Resultados para olivo</title>",
            "<h1>Resultados de la búsqueda: olivo</h1>"
            + "".join(f"<div><a>Las {n} sopas para la semana</a><p>Texto.</p></div>" for n in range(8)),
            None,
            "search",
        ),
        (
            "<title>Museums | Alder Courier</title>",
            "<h1>Museums</h1>"
            + "".join(f"<div><a>Museum {n} returns a bell</a><p>All of it.</p></div>" for n in range(8)),
            None,
            "list",
        ),
        (
            "",
            "<h1>Archive</h1><ul>" + "<li><a href='/a'>The council of Alder agreed on it</a></li>" * 30 + "</ul>",
            None,
            "list",
        ),
    ],
)
def test_lists_of_articles_are_no_articles(head: str, body: str, url: str | None, kind: str) -> None:
    assert kind in no_article(head, body, url=url)


@pytest.mark.parametrize(
    ("head", "body", "url"),
    [
        ("", f"{ARTICLE}<div class='more'>{teasers(20)}</div>", URL),
        ("", f"{H1}<p>{SHORT}</p><div class='more'>{teasers(20)}</div>", URL),
        (DATED, f"{H1}<p>{SHORT}</p>{teasers(20)}", f"{HOME}tag/bridge/council-agrees"),
        (json_ld(news()), f"<h1>Bridge</h1><p>{SHORT}</p>{teasers(20)}", None),
        (
            DATED,
            "<h1>Ten bridges worth a visit</h1>" + f"<h2><a href='/b'>The bridge of Alder</a></h2><p>{SHORT}</p>" * 10,
            URL,
        ),
        (
            "",
            "<h1>Ten bridges worth a visit</h1>" + f"<h2><a href='/b'>The bridge of Alder</a></h2><p>{SHORT}</p>" * 10,
            URL,
        ),
        ("", f"{H1}<ul>{''.join(f'<li>{SHORT}</li>' for _ in range(8))}</ul>", URL),
        ("", f"<h1>Search for missing hikers goes on</h1><p>{SHORT}</p>{teasers(6)}", URL),
        ("", ARTICLE, HOME),
        ("", f"{ARTICLE}{teasers(20)}", HOME),
        (WEBSITE, f"<h1>Courier</h1>{H1}{paragraphs(BODY, 18)}{teasers(20)}", URL),
        (WEBSITE, f"<h1>Bridge vote</h1>{paragraphs(BODY, 18)}{teasers(20)}", f"{HOME}archives/123"),
        ("", f"{H1}<p>{SHORT}</p>", None),
        ("", f"<p>{SHORT}</p>", None),
    ],
)
def test_articles_beside_lists_are_articles(head: str, body: str, url: str | None) -> None:
    own = page("", body.split("<article>", maxsplit=1)[0])
    text = "\n".join(paragraph.text_content() for paragraph in own.iter("p", "li", "h2"))
    assert check(head, body, text=text, url=url) == []


def test_many_headlines_and_little_text_are_a_doubt() -> None:
    (warning,) = check("", f"<h1>Politics</h1>{paragraphs(BODY[:1_500], 35)}{teasers(20)}")
    assert "list of articles" in warning


# Ordinary and odd pages


@pytest.mark.parametrize("lang", ["en", "de", "zh", "th"])
def test_a_short_news_item_is_an_article(lang: str) -> None:
    thai = "สภาเมืองเห็นชอบงบประมาณสำหรับสะพานใหม่เมื่อวันศุกร์ด้วยคะแนนเสียงเฉียดฉิวและงานจะเริ่มในฤดูใบไม้ผลิปีหน้า"
    text = thai * 2 if lang == "th" else SHORT
    text = "会议周五以三票之差通过了新桥的预算，工程将于明年春天开始。市长表示满意。" * 2 if lang == "zh" else text
    assert check("", f"{H1}<p>{text}</p>", lang=lang) == []


@pytest.mark.parametrize("body", ["", "<p></p>", "text", "<div>" * 300, "<h1></h1>", "<!-- x -->"])
def test_odd_pages_raise_nothing_else(body: str) -> None:
    for text in ("", "x", BODY):
        tree = page("", body)
        try:
            warnings = check_page(Page(tree), read_metadata(Page(tree), None), text)
        except ArticleError:
            continue
        assert warnings == [] or "hardly any text" in warnings[0]
