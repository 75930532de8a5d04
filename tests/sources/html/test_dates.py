"""Dates in any form of the web become ISO 8601."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.sources.html.dates import date_in_address, is_change, most_precise, parse_date


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-05-12", "2024-05-12"),
        ("2024-5-2", "2024-05-02"),
        ("20240512", "2024-05-12"),
        ("2024/05/12", "2024-05-12"),
        ("2024-05-12T10:00:00Z", "2024-05-12T10:00:00Z"),
        ("2024-05-12T10:00:00.000Z", "2024-05-12T10:00:00Z"),
        ("2024-05-12T10:00:00.482Z", "2024-05-12T10:00:00.482Z"),
        ("2024-05-12T10:00:00+0200", "2024-05-12T10:00:00+02:00"),
        ("2024-05-12T10:00:00+02", "2024-05-12T10:00:00+02:00"),
        ("2024-05-12T10:00-05:00", "2024-05-12T10:00-05:00"),
        ("2024-05-12 10:00:00 +0200", "2024-05-12T10:00:00+02:00"),
        ("2024-05-12 10:00", "2024-05-12T10:00"),
        ("20240512T100000Z", "2024-05-12T10:00:00Z"),
        ("20240512103000", "2024-05-12T10:30:00"),
        ("Sun, 12 May 2024 10:00:00 GMT", "2024-05-12T10:00:00+00:00"),
        ("Sun May 12 10:00:00 CEST 2024", "2024-05-12T10:00:00+02:00"),
        ("Sun May 12 2024 10:00:00 GMT+0200 (CEST)", "2024-05-12T10:00:00+02:00"),
        (1715508000, "2024-05-12T10:00:00+00:00"),
        ("1715508000000", "2024-05-12T10:00:00+00:00"),
        ("May 12, 2024", "2024-05-12"),
        ("May 12th, 2024 10:00 AM EDT", "2024-05-12T10:00-04:00"),
        ("12 May 2024, 5:30 p.m.", "2024-05-12T17:30"),
        ("Published at 12:15 am on May 12, 2024", "2024-05-12T00:15"),
        ("12-May-2024", "2024-05-12"),
        ("12.05.2024, 10:30 Uhr", "2024-05-12T10:30"),
        ("12.05.24", "2024-05-12"),
        ("Veröffentlicht am 12. Mai 2024 um 9.05 Uhr", "2024-05-12T09:05"),
        ("2. März 2024", "2024-03-02"),
        ("Publié le 12 mai 2024 à 10h30", "2024-05-12T10:30"),
        ("le 1er août 2024", "2024-08-01"),
        ("12 de mayo de 2024 - 10:30 CEST", "2024-05-12T10:30+02:00"),
        ("12 maggio 2024 alle 10:30", "2024-05-12T10:30"),
        ("12 de março de 2024 às 10h30", "2024-03-12T10:30"),
        ("12 mei 2024 om 10:30 uur", "2024-05-12T10:30"),
        ("12 maja 2024, 10:30", "2024-05-12T10:30"),
        ("12 października 2024", "2024-10-12"),
        ("12. maj 2024 kl. 10.30", "2024-05-12T10:30"),
        ("12 мая 2024", "2024-05-12"),
        ("2024年5月12日", "2024-05-12"),
        ("12/05/2024", "2024-05-12"),
        ("05/13/2024", "2024-05-13"),
    ],
)
def test_dates_become_iso_8601(value: object, expected: str) -> None:
    assert parse_date(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        "0000-00-00",
        "0001-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "2024-13-40",
        "31 February 2024",
        "9999-12-31",
        "May 2024",
        "version 1.2.2024.3",
        "phone 20 24 05 12",
        "today",
        "",
        None,
        True,
        -5,
        float("nan"),
        float("inf"),
        10**40,
        [],
        {},
    ],
)
def test_what_is_no_date_is_none(value: object) -> None:
    assert parse_date(value) is None


def test_numbers_are_read_in_the_order_of_the_country() -> None:
    assert parse_date("05/02/2024", day_first=True) == "2024-02-05"
    assert parse_date("05/02/2024", day_first=False) == "2024-05-02"


def test_an_impossible_time_leaves_the_date() -> None:
    assert parse_date("2024-05-12T25:00:00Z") == "2024-05-12"


def test_a_date_with_time_and_zone_is_preferred_on_the_same_day_only() -> None:
    assert most_precise(["2024-05-12", "2024-05-12T10:00", "2024-05-12T10:00Z"]) == "2024-05-12T10:00Z"
    assert most_precise(["2024-05-12T00:00:00", "2024-05-12T09:30"]) == "2024-05-12T09:30"
    assert most_precise(["2024-05-12", "2024-05-14T10:00Z"]) == "2024-05-12"
    assert most_precise([]) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/2024/05/12/vote", "2024-05-12"),
        ("https://example.org/world/2024/may/12/vote", "2024-05-12"),
        ("https://example.org/news/2024-05-12-vote.html", "2024-05-12"),
        ("https://example.org/2024/13/12/vote", None),
        ("https://example.org/news/20240512", None),
    ],
)
def test_addresses_may_have_a_date(url: str, expected: str | None) -> None:
    assert date_in_address(url) == expected


@pytest.mark.parametrize("label", ["Updated", "Last updated:", "Aktualisiert am", "Mis à jour le", "Actualizado"])
def test_dates_of_changes_are_recognized(label: str) -> None:
    assert is_change(f"{label} 12 May 2024")
    assert not is_change("Published 12 May 2024")


@given(st.text() | st.integers() | st.floats() | st.dates().map(str) | st.datetimes().map(str))
def test_any_value_gives_a_valid_date_or_none(value: object) -> None:
    found = parse_date(value)
    assert found is None or datetime.fromisoformat(found).date() == date.fromisoformat(found[:10])
