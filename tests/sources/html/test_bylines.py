"""Credits of all kinds give the names alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.sources.html.bylines import read_credit

SITES = frozenset({"the daily example", "daily example", "example"})


@pytest.mark.parametrize(
    ("credit", "people"),
    [
        ("Ann Lee", "Ann Lee"),
        ("By Ann Lee", "Ann Lee"),
        ("BY ANN LEE", "Ann Lee"),
        ("by ann lee", "Ann Lee"),
        ("Written by: Ann Lee", "Ann Lee"),
        ("By Ann Lee and Bo Day", "Ann Lee, Bo Day"),
        ("By Ann Lee, Bo Day and Cy Fox", "Ann Lee, Bo Day, Cy Fox"),
        ("By Ann Lee, Bo Day, and Cy Fox", "Ann Lee, Bo Day, Cy Fox"),
        ("Ann Lee &amp; Bo Day", "Ann Lee, Bo Day"),
        ("Ann Lee; Bo Day", "Ann Lee, Bo Day"),
        ("Ann Lee | Bo Day", "Ann Lee, Bo Day"),
        ("Ann Lee with Bo Day", "Ann Lee, Bo Day"),
        ("Von Karl Müller und Eva Stein", "Karl Müller, Eva Stein"),
        ("Ein Kommentar von Karl Müller", "Karl Müller"),
        ("Eine Analyse von Eva Stein, Berlin", "Eva Stein"),
        ("Text: Karl Müller", "Karl Müller"),
        ("Par Jean Dupont, envoyé spécial à Kiev", "Jean Dupont"),
        ("Propos recueillis par Luc Petit et Marie Blanc", "Luc Petit, Marie Blanc"),
        ("Por Ana García y Luis Ortega Pérez", "Ana García, Luis Ortega Pérez"),
        ("Sebastián Pérez, corresponsal en Bruselas", "Sebastián Pérez"),
        ("di Mario Rossi e Carla Bianchi", "Mario Rossi, Carla Bianchi"),
        ("Door Jan de Vries en Els ter Horst", "Jan de Vries, Els ter Horst"),
        ("Autor: Jan Kowalski", "Jan Kowalski"),
        ("Anna Nowak, Jan Kowalski oraz Ewa Lis", "Anna Nowak, Jan Kowalski, Ewa Lis"),
        ("Por João Silva e Maria Costa", "João Silva, Maria Costa"),
        ("Ann Lee, Political Editor", "Ann Lee"),
        ("Ann Lee Political Editor", "Ann Lee"),
        ("Senior Political Correspondent Ann Lee", "Ann Lee"),
        ("Ann Lee, Chief Political Correspondent, and Bo Day, Europe editor", "Ann Lee, Bo Day"),
        ("Von unserem Korrespondenten Karl Müller", "Karl Müller"),
        ("Ann Lee in Kyiv", "Ann Lee"),
        ("Ann Lee in Kyiv and Bo Day in Berlin", "Ann Lee, Bo Day"),
        ("Ann Lee, Berlin", "Ann Lee"),
        ("Ana García / Madrid", "Ana García"),
        ("By Ann Lee for The Daily Example", "Ann Lee"),
        ("Ann Lee, The Daily Example", "Ann Lee"),
        ("Ann Lee (Reuters)", "Ann Lee"),
        ("Ann Lee/dpa", "Ann Lee"),
        ("Ann Lee and Reuters", "Ann Lee"),
        ("By Ann Lee May 2, 2025 10:00", "Ann Lee"),
        ("By Ann Lee | Published May 2, 2025", "Ann Lee"),
        ("Ann Lee @annlee", "Ann Lee"),
        ("Ann Lee ann.lee@example.com", "Ann Lee"),
        ("Ann Lee https://www.facebook.com/annlee", "Ann Lee"),
        ("<a href='/authors/ann'>Ann Lee</a>", "Ann Lee"),
        ("Lee, Ann", "Ann Lee"),
        ("de Vries, Bo", "Bo de Vries"),
        ("Lee, Ann; Day, Bo", "Ann Lee, Bo Day"),
        ("Dr. Ann Lee", "Ann Lee"),
        ("Ann Lee, PhD", "Ann Lee"),
        ("Ann Lee, Jr.", "Ann Lee Jr."),
        ("J. K. Rowe", "J. K. Rowe"),
        ("Ursula von der Leyen", "Ursula von der Leyen"),
        ("Ali al-Sayed", "Ali al-Sayed"),
        ("Jean-Luc d'Arc", "Jean-Luc d'Arc"),
        ("Sean O’Neil", "Sean O’Neil"),
        ("Max Von Sydow", "Max Von Sydow"),
        ("José Ortega y Gasset", "José Ortega y Gasset"),
        ("Ann May", "Ann May"),
        ("Nguyễn Văn An", "Nguyễn Văn An"),
        ("山田太郎", "山田太郎"),
        ("Иван Петров", "Иван Петров"),
        ("Banksy", "Banksy"),
        ("REBECCA STROUD Updated 10:22 AM", "Rebecca Stroud"),
        ("Par Jean Dupont, Publié le 2 mai 2025", "Jean Dupont"),
        ("Jean DUPONT", "Jean DUPONT"),
        ("Ann Lee, CNN Business", "Ann Lee"),
        ("Ann Lee and Bo Day, Associated Press", "Ann Lee, Bo Day"),
        ("Ann Lee, Special to The Daily Example", "Ann Lee"),
        ("oprac. Jan Kowalski", "Jan Kowalski"),
    ],
)
def test_people_are_named_without_what_surrounds_them(credit: str, people: str) -> None:
    assert ", ".join(read_credit(credit, SITES).people) == people


@pytest.mark.parametrize(
    "credit",
    [
        "",
        "admin",
        "Staff",
        "Daily Example Staff",
        "The Daily Example",
        "Redaktion",
        "La rédaction",
        "Redacción",
        "https://www.facebook.com/annlee",
        "ann.lee@example.com",
        "@annlee",
        "null",
        "jsmith42",
        "May 2, 2025",
        "5 min read",
        "About the author",
        "is a",
        "Publié le",
        "Veröffentlicht am",
        "Follow us",
        "x" * 5_000,
        "Ann Lee has covered politics for years. " * 20,
    ],
)
def test_what_names_nobody_is_left_out(credit: str) -> None:
    assert read_credit(credit, SITES) == ((), ())


@pytest.mark.parametrize(
    ("credit", "organisations"),
    [
        ("Reuters", "Reuters"),
        ("By The Associated Press", "The Associated Press"),
        ("dpa/AFP", "dpa, AFP"),
        ("Reuters Staff", "Reuters"),
        ("Staff and AFP", "AFP"),
        ("(dpa)", ""),
        ("By the Editorial Board", "The Editorial Board"),
        ("Ministry of Labour and Social Affairs", "Ministry of Labour and Social Affairs"),
        ("Bundesministerium für Gesundheit", "Bundesministerium für Gesundheit"),
    ],
)
def test_agencies_and_institutions_are_no_people(credit: str, organisations: str) -> None:
    found = read_credit(credit, SITES)
    assert not found.people
    assert ", ".join(found.organisations) == organisations


@given(st.text() | st.from_regex(r"(?:(?:By|and|,|;|Ann|Lee|in|\(|\)|@|/|5|[^\w])\s?){0,40}"))
def test_any_credit_gives_short_names_on_one_line(credit: str) -> None:
    for name in (name for names in read_credit(credit, SITES) for name in names):
        assert name == " ".join(name.split())
        assert 0 < len(name) <= 250
        name.encode()
