"""What a sentence that tells of a change of position is about: by its own clause, those beside it, or the headline."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from summarizer import Article, Dossier, Store, summarize
from summarizer.dossier import Change
from summarizer.dossier.told_matters import read_former, read_matter, read_matter_near
from summarizer.dossier.turns import HolderForms, Sentence, find_turns

BERG = HolderForms(1, "person", ("Anna Berg",))


@pytest.mark.parametrize(
    ("text", "former"),
    [
        ("Anna Berg, who twice defended the ferry cuts, reversed herself.", ("the ferry cuts", "agrees")),
        ("Anna Berg, who had long opposed the night ferry, has changed her mind.", ("the night ferry", "disagrees")),
        (
            "The guild, which for ten years campaigned against night work, had a change of heart.",
            ("night work", "disagrees"),
        ),
        ("Until now the fiercest critic of the new quay, Anna Berg has come round.", ("the new quay", "disagrees")),
        ("A longtime champion of the canal, Anna Berg has changed her mind.", ("the canal", "agrees")),
        ("Anna Berg, who voted for the harbour levy last year, has reversed course.", ("the harbour levy", "agrees")),
        ("Anna Berg changed her mind after meeting an opponent of the quay.", None),
        ("Anna Berg, who chairs the board that opposed the quay, has changed her mind.", None),
        ("Anna Berg has changed her mind, said Tom Ode, who opposed the quay.", None),
    ],
)
def test_what_somebody_was_for_or_against_tells_the_direction(text: str, former: tuple[str, str] | None) -> None:
    (turn,) = find_turns([Sentence(1, text, 0)], [BERG, HolderForms(2, "organisation", ("The guild",))], [], "en")
    assert (turn.to_stance is None) == (former is None)
    if former:
        assert turn.to_stance == {"agrees": "disagrees", "disagrees": "agrees"}[former[1]]
        assert read_former(text, len(text)) == former


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        (
            "Anna Berg, who twice defended the sale of the docks, said she can no longer support it.",
            ("The sale of the docks", "disagrees"),
        ),
        ("Anna Berg, who fought the night ferry for years, no longer opposes it.", ("The night ferry", "agrees")),
        (
            "The town will not sell the old docks, Mayor Anna Berg said, abandoning a plan she had championed.",
            ("The town will not sell the old docks", "agrees"),
        ),
        ("Anna Berg withdrew her own demand for a night ferry.", ("A night ferry", "disagrees")),
        (
            "The guild has abandoned its long-held stand against paid parking on the quay.",
            ("Paid parking on the quay", "agrees"),
        ),
    ],
)
def test_a_pronoun_stands_for_what_the_clause_names(text: str, matter: tuple[str, str] | None) -> None:
    assert read_matter(text) == matter


def test_what_many_others_came_round_to_is_no_change_of_somebody_named_before() -> None:
    text = "Anna Berg was heard because much of the town has come round to the night ferry."
    assert list(find_turns([Sentence(1, text, 0)], [BERG], [], "en")) == []


SAID = "Anna Berg has changed her mind."


@pytest.mark.parametrize(
    ("around", "headline", "matter"),
    [
        (SAID, "Berg drops fight against night ferry", ("Night ferry", "agrees")),
        (SAID, "Doctors withdraw support for hospital merger", ("Hospital merger", "disagrees")),
        (SAID, "Mayor no longer backs toll plan", ("Toll plan", "disagrees")),
        (SAID, "Berg U-turn: the old docks stay public", ("The old docks stay public", "agrees")),
        (SAID, "Minister makes U-turn: four quays may be dredged", ("Four quays may be dredged", "agrees")),
        (SAID, "Berg U-turn: ‘I was wrong’", None),
        (SAID, "Berg U-turn: what will it cost?", None),
        (SAID, "Berg talks to the guild", None),
        (f"{SAID} She announced that the docks will stay public.", "", ("The docks will stay public", "agrees")),
        (f"Berg announced on Monday that the docks will stay. {SAID}", "", ("The docks will stay", "agrees")),
        (f"{SAID} Tom Ode announced that the docks will be sold.", "", None),
        (f"He announced that the docks will be sold. {SAID}", "", None),
    ],
)
def test_a_neighbour_or_the_headline_names_the_matter(
    around: str, headline: str, matter: tuple[str, str] | None
) -> None:
    assert read_matter_near(SAID, around, headline, "Anna Berg") == matter


def told(*articles: tuple[str, str, str]) -> Sequence[Change]:
    """Return the changes of articles, each with its day, headline and text."""
    with TemporaryDirectory() as folder, Store(Path(folder, "briefs.db")) as store:
        for day, title, text in articles:
            article = Article.from_text(text, published=day, title=title)
            store.add(summarize(article, model="builtin"), article)
        return Dossier.from_store(store).changes


def test_a_change_of_which_only_the_headline_names_the_matter_is_shown() -> None:
    (change,) = told(
        ("2026-01-05", "Berg in Norton", "Anna Berg said that the harbour of Norton has suffered enough."),
        (
            "2026-03-05",
            "Berg drops fight against night ferry",
            "Anna Berg has changed her mind. “I was wrong,” Anna Berg told the council of Norton.",
        ),
    )
    assert (change.issue, change.to_stance, change.explicit) == ("night-ferry", "agrees", True)


def test_a_body_without_a_statement_in_the_article_can_change_sides() -> None:
    (change,) = told(
        ("2026-01-05", "Parking", "The Norton Retail Guild said that paid parking on the quay would ruin shops."),
        (
            "2026-02-05",
            "Vote",
            "The Norton Retail Guild has abandoned its long-held stand against paid parking on the quay.",
        ),
    )
    assert (change.actor, change.to_stance) == ("norton-retail-guild", "agrees")


def test_two_sentences_of_one_article_tell_of_one_change() -> None:
    changes = told(
        ("2026-01-05", "Docks", "Anna Berg said that Norton has waited too long."),
        (
            "2026-02-05",
            "Docks",
            (
                "The town will not sell the docks, Anna Berg said, abandoning a plan she had backed. “I asked for it, "
                "and I now think it would be a mistake,” she said."
            ),
        ),
    )
    assert [(change.issue, change.to_stance) for change in changes] == [("the-town-will-not-sell-the-docks", "agrees")]


def test_a_denied_change_is_none_whatever_the_headline_says() -> None:
    assert not told(
        ("2026-01-05", "Docks", "Anna Berg said that Norton has waited too long."),
        (
            "2026-02-05",
            "Berg drops fight against night ferry",
            "Anna Berg has not changed her mind, she said in Norton.",
        ),
    )
