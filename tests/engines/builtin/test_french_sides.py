"""Sides that French statements take, and the words by which they are read."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Article, Brief, Codebook, Dossier, summarize
from summarizer.engines import gloss

CODEBOOK = Codebook.model_validate(
    {
        "closed": True,
        "issues": [
            {"id": "toll", "proposition": "Le péage est justifié.", "aliases": ["le péage"]},
            {"id": "plant", "proposition": "L'incinérateur doit être construit.", "aliases": ["l'incinérateur"]},
            {"id": "pool", "proposition": "La piscine doit être fermée.", "aliases": ["la piscine"]},
        ],
    }
)
FOR = [
    ("toll", "Luc Morel soutient le péage."),
    ("toll", "« Je suis pour le péage », a déclaré Luc Morel."),
    ("toll", "Luc Morel défend le péage."),
    ("toll", "Luc Morel a salué le péage."),
    ("toll", "Luc Morel juge le péage nécessaire."),
    ("toll", "Luc Morel est favorable au péage."),
    ("toll", "Luc Morel s'est prononcé en faveur du péage."),
    ("plant", "« Il faut construire l'incinérateur », a déclaré Luc Morel."),
    ("plant", "Luc Morel veut que l'incinérateur soit construit."),
    ("plant", "« L'incinérateur doit voir le jour », insiste Luc Morel."),
    ("plant", "Selon Luc Morel, l'incinérateur est indispensable."),
    ("pool", "Luc Morel soutient la fermeture de la piscine."),
    ("pool", "« Cette piscine doit fermer », a tranché Luc Morel."),
    ("pool", "« Nous avons raison de fermer la piscine », a dit Luc Morel."),
    ("toll", "« Je voterai pour le péage », a annoncé Luc Morel."),
    ("toll", "Luc Morel s'oppose à la suppression du péage."),
    ("toll", "Luc Morel plaide pour le maintien du péage."),
    ("toll", "Nadia Roux approuve le péage."),
    ("toll", "« Le péage est une bonne chose », assure Nadia Roux."),
    ("toll", "Nadia Roux estime que le péage est indispensable."),
    ("toll", "Nadia Roux a voté pour le péage."),
    ("toll", "« Nous avons besoin de ce péage », a dit Nadia Roux."),
    ("toll", "Nadia Roux reste favorable au péage."),
    ("pool", "« La piscine doit être fermée », a tranché Nadia Roux."),
    ("pool", "« Il n'est pas question de garder la piscine ouverte », a dit Nadia Roux."),
]
AGAINST = [
    ("toll", "« Je suis contre le péage », a déclaré Luc Morel."),
    ("toll", "Luc Morel s'oppose au péage."),
    ("toll", "Luc Morel rejette le péage."),
    ("toll", "Luc Morel dénonce le péage."),
    ("toll", "Luc Morel juge le péage inacceptable."),
    ("toll", "« Le péage est inacceptable », a tonné Luc Morel."),
    ("toll", "Luc Morel est opposé au péage."),
    ("plant", "Luc Morel réclame l'abandon de l'incinérateur."),
    ("toll", "Luc Morel ne soutient pas le péage."),
    ("toll", "Luc Morel ne soutient plus le péage."),
    ("toll", "« Je n'ai jamais soutenu le péage », a rappelé Luc Morel."),
    ("toll", "« Je ne suis pas favorable au péage », a précisé Luc Morel."),
    ("toll", "Luc Morel s'est prononcé contre le péage."),
    ("plant", "« Il ne faut pas construire l'incinérateur », a déclaré Luc Morel."),
    ("plant", "« Nous ne voulons pas de cet incinérateur », a lancé Luc Morel."),
    ("plant", "« L'incinérateur ne doit pas être construit », a martelé Luc Morel."),
    ("plant", "Pour Luc Morel, l'incinérateur est une folie."),
    ("plant", "Selon Luc Morel, l'incinérateur serait une erreur."),
    ("pool", "« Fermer la piscine serait une faute », a estimé Luc Morel."),
    ("pool", "« Il faut sauver la piscine », a plaidé Luc Morel."),
    ("pool", "Luc Morel s'oppose à la fermeture de la piscine."),
    ("pool", "« La piscine doit rester ouverte », a insisté Luc Morel."),
    ("pool", "« Pas question de fermer la piscine », a lâché Luc Morel."),
    ("pool", "Luc Morel refuse de fermer la piscine."),
    ("pool", "Luc Morel regrette la fermeture de la piscine."),
    ("pool", "« C'est une erreur de fermer la piscine », a dit Luc Morel."),
    ("toll", "Luc Morel qualifie le péage de scandale."),
    ("toll", "« Je voterai contre le péage », a annoncé Luc Morel."),
    ("toll", "« Il est temps de supprimer le péage », a lancé Luc Morel."),
    ("toll", "Luc Morel demande la suppression du péage."),
    ("toll", "Luc Morel critique un péage « injuste »."),
    ("toll", "Luc Morel n'est plus favorable au péage."),
    ("toll", "« Ce péage est une honte », a protesté Nadia Roux."),
    ("toll", "Nadia Roux condamne le péage."),
    ("toll", "« Le péage n'est pas une bonne idée », assure Nadia Roux."),
    ("toll", "Nadia Roux estime que le péage est inutile."),
    ("toll", "Nadia Roux a voté contre le péage."),
    ("toll", "Nadia Roux reste opposée au péage."),
    ("plant", "Nadia Roux demande l'abandon pur et simple de l'incinérateur."),
    ("plant", "Nadia Roux appelle à stopper l'incinérateur."),
    ("plant", "Nadia Roux juge l'incinérateur dangereux et inutile."),
    ("pool", "« La piscine ne doit pas être fermée », a plaidé Nadia Roux."),
    ("pool", "« Pourquoi fermer la piscine ? C'est absurde », a dit Nadia Roux."),
    ("pool", "Nadia Roux dénonce la fermeture de la piscine."),
    ("pool", "« Je m'oppose fermement à la fermeture de la piscine », a dit Nadia Roux."),
    ("pool", "Nadia Roux exige le maintien de la piscine."),
]
OPEN = [  # on no side, or on one that the rules do not read
    "Luc Morel se dit hostile au péage.",
    "Luc Morel ne s'oppose pas au péage.",
    "« Je ne suis pas contre le péage », a précisé Luc Morel.",
    "Luc Morel serait favorable au péage.",
    "« Je soutiendrais le péage s'il était gratuit pour les habitants », a dit Luc Morel.",
    "Luc Morel ne veut pas que l'incinérateur soit construit.",
    "Luc Morel se félicite de la fermeture de la piscine.",
    "« Le péage ? Un scandale », s'emporte Luc Morel.",
    "« Ce péage, nous n'en voulons pas », a dit Luc Morel.",
    "« Moi, favorable au péage ? Et puis quoi encore », a plaisanté Luc Morel.",
    "En 2011, Luc Morel écrivait : « Je suis pour le péage. »",
    "« Mon parti est contre le péage », a dit Luc Morel.",
    "« Ma femme est pour le péage », a dit Luc Morel.",
    "« Si l'État payait la route, je serais contre le péage », a dit Luc Morel.",
    "Luc Morel a demandé si le péage était nécessaire.",
    "« Qui peut encore soutenir le péage ? », a demandé Luc Morel.",
    "Luc Morel a dit que ses opposants rejettent le péage.",
    "« Je ne dis pas que le péage est une erreur », a nuancé Luc Morel.",
    "« Je ne pense pas que le péage soit justifié », a dit Luc Morel.",
    "Luc Morel n'a pas dit s'il soutient le péage.",
    "« Supprimons le péage », a lancé Luc Morel.",
    "« Non au péage », a scandé Luc Morel.",
    "« Les gens qui disent que le péage est une erreur se trompent », a dit Luc Morel.",
    "« Personne ne m'a convaincu de renoncer au péage », a dit Luc Morel.",
    "Luc Morel a renoncé à défendre un amendement sur le péage.",
    "« Le péage n'est pas une mauvaise idée », assure Nadia Roux.",
    "Nadia Roux n'a jamais dit qu'elle soutenait le péage.",
    "« Je voterai non au péage », a dit Nadia Roux.",
    "« Nous refusons ce péage », a dit Nadia Roux.",
    "« Nous n'avons pas besoin de ce péage », a dit Nadia Roux.",
    "« Je n'ai rien contre le péage », a dit Nadia Roux.",
    "Nadia Roux ne se prononce pas sur le péage.",
    "« Il est urgent de construire l'incinérateur », a dit Nadia Roux.",
    "« Il serait absurde de construire l'incinérateur », a dit Nadia Roux.",
    "« Renoncer à l'incinérateur est la seule solution », a dit Nadia Roux.",
    "Nadia Roux souhaite que l'incinérateur soit construit rapidement.",
    "« Cet incinérateur ne verra jamais le jour », a promis Nadia Roux.",
    "« Si l'incinérateur est construit, nous partirons », a dit Nadia Roux.",
    "« Non à l'incinérateur ! », a crié Nadia Roux.",
    "« On ne ferme pas une piscine, on la répare. La piscine doit vivre », a dit Nadia Roux.",
    "« Je ne m'oppose pas à la fermeture de la piscine », a dit Nadia Roux.",
    "« Gardons la piscine ouverte », a dit Nadia Roux.",
    "« J'étais pour le péage, autrefois », a dit Nadia Roux.",
    "« J'étais pour le péage, je suis maintenant contre », a dit Nadia Roux.",
    "« Son mari est contre le péage », a dit Nadia Roux.",
    "Nadia Roux a rappelé que le préfet est favorable au péage.",
    "Selon Nadia Roux, les commerçants sont contre le péage.",
    "Nadia Roux a démenti être favorable au péage.",
    "« Certains disent que le péage est une folie », a dit Nadia Roux.",
    "« Il est faux de dire que le péage est une folie », a dit Nadia Roux.",
    "« Personne ne peut dire que le péage est juste », a dit Nadia Roux.",
    "« Le péage serait, dit-on, une folie », a dit Nadia Roux.",
    "« À condition qu'il soit gratuit pour nous, je suis pour le péage », a dit Nadia Roux.",
]


def brief_of(sentence: str, codebook: Codebook | None = CODEBOOK, published: str = "2026-03-01") -> Brief:
    text = f"La réunion a eu lieu mardi soir dans la ville. {sentence}"
    return summarize(Article.from_text(text, published=published), model="builtin", issues=codebook)


@pytest.mark.parametrize(("issue", "sentence"), FOR)
def test_statement_for(issue: str, sentence: str) -> None:
    assert {(each.issue, each.stance) for each in brief_of(sentence).positions} == {(issue, "agrees")}


@pytest.mark.parametrize(("issue", "sentence"), AGAINST)
def test_statement_against(issue: str, sentence: str) -> None:
    assert {(each.issue, each.stance) for each in brief_of(sentence).positions} == {(issue, "disagrees")}


@pytest.mark.parametrize("sentence", OPEN)
def test_no_side_is_better_than_a_wrong_one(sentence: str) -> None:
    assert {each.stance for each in brief_of(sentence).positions} <= {"unclear", "neutral"}


@pytest.mark.parametrize(
    "sentence",
    [
        "« Je suis pour le péage, et je marche sur l'eau », a plaisanté Luc Morel.",
        "« Je soutiendrais le péage s'il était gratuit », a dit Luc Morel.",
        "En 2011, Luc Morel écrivait : « Je suis pour le péage. »",
    ],
)
def test_joke_condition_and_old_statement_are_on_no_side_in_a_dossier(sentence: str) -> None:
    assert {each.stance for each in Dossier([brief_of(sentence)]).statements} == {"unclear"}


@pytest.mark.parametrize(
    ("sentence", "proposition"),
    [
        ("« Je soutiens le péage », a déclaré Luc Morel.", "Le péage est justifié."),
        (
            "« Je soutiens l'interdiction des téléphones », a dit Luc Morel.",
            "L'interdiction des téléphones est justifiée.",
        ),
        ("« L'incinérateur doit être construit », a dit Luc Morel.", "Il faut construire l'incinérateur."),
        ("Luc Morel a salué la fermeture de la mine.", "La fermeture de la mine doit se faire."),
    ],
)
def test_issue_is_worded_in_french(sentence: str, proposition: str) -> None:
    assert [each.proposition for each in brief_of(sentence, None).issues] == [proposition]


def test_dossier_follows_a_dispute_in_french() -> None:
    said = {
        "2026-01-05": "« Je soutiens le péage », a déclaré Luc Morel. Anne Petit a dit qu'elle s'oppose au péage.",
        "2026-02-05": "Luc Morel soutient le péage. « Je m'oppose au péage », a répété Anne Petit.",
        "2026-03-05": "Luc Morel ne soutient plus le péage. Anne Petit rejette le péage.",
        "2026-04-05": "« Je suis contre le péage », a dit Luc Morel. « Non », a dit le maire, Jean-Luc Perrin.",
        "2026-05-05": "« Le péage est une folie », a dit Luc Morel. M. Perrin juge le péage nécessaire.",
    }
    dossier = Dossier(brief_of(text, None, day) for day, text in said.items())
    stances = {actor: [each.stance for each in dossier.statements if each.actor == actor] for actor in dossier.actors}
    assert [each.proposition for each in dossier.issues.values()] == ["Le péage est justifié."]
    assert stances["luc-morel"] == ["agrees", "agrees", "disagrees", "disagrees", "disagrees"]
    assert stances["anne-petit"] == ["disagrees", "disagrees", "disagrees"]
    assert [(each.actor, each.from_stance, each.to_stance) for each in dossier.changes] == [
        ("luc-morel", "agrees", "disagrees")
    ]


@given(st.text(alphabet="abcdelnopqrstuéè'’«» .,LD", max_size=60))
def test_pieces_of_a_gloss_are_in_order(text: str) -> None:
    found = gloss(text, "fr")
    assert "".join(found.text[begin:end] for begin, end, _, _ in found.places) == found.text
    assert all(one[3] <= other[3] and one[1] == other[0] for one, other in pairwise(found.places))
    assert all(0 <= first <= last <= len(text) for *_, first, last in found.places)


@pytest.mark.parametrize(
    "text", ["The La Salle bridge must stay.", "Die Maut ist richtig.", "", "Los vecinos apoyan el peaje."]
)
def test_text_without_a_gloss_stays_as_it_is(text: str) -> None:
    assert gloss(text).text == text
