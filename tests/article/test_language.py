"""The language of an article, where nobody says it."""

import pytest

from summarizer.article import Article, read
from summarizer.article.metadata import guess_language


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
def test_the_commonest_words_tell(text: str, code: str) -> None:
    assert guess_language(text) == code


def test_a_german_date_ends_no_sentence() -> None:
    text = "Der Rat tagt.\n\nAm 14. Juni entscheidet der Rat über die Brücke, und die Stadt ist gespannt."
    assert len(read(Article.from_text(text)).sentences) == 2


def test_a_language_that_is_given_counts() -> None:
    text = "Am 14. Juni entscheidet der Rat über die Brücke, und die Stadt ist gespannt."
    assert len(read(Article.from_text(text, language="en")).sentences) == 2
