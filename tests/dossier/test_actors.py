"""The holders of many briefs are linked to actors by rules."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer import Article, Dossier, summarize
from summarizer.dossier import actors
from summarizer.dossier.mentions import classify_name, fold_spelling
from summarizer.store import Store
from tests.dossier.briefs import make_brief as held_brief
from tests.dossier.linking import HolderSpec, fill, groups, make_article, make_brief


def is_one(store: Store, *holders: HolderSpec, texts: tuple[str, ...] = ()) -> bool:
    """Return whether the holders of articles of successive months are one actor."""
    articles = [
        (f"2026-{month:02}-01", texts[month - 1] if texts else f"Text of month {month}.", [holder])
        for month, holder in enumerate(holders, 1)
    ]
    return len(groups(fill(store, articles))) == 1


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "briefs.db") as store:
        yield store


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("cardiologist", "driver", False),
        ("doctor", "harbour pilot", False),
        ("lawyer", "baker", False),
        ("carpenter", "welder", False),
        ("master plumber", "electrician", False),
        ("sheep farmer", "ecologist", False),
        ("baker", "professor of law", False),
        ("sheep farmer", "county councillor", True),
        ("engineer", "professor", True),
        ("carpenter", "pensioner", True),
        ("welder", "mayor", True),
        ("doctor", "professor", True),
        ("lawyer", "minister", True),
        ("energy minister", "chairman of the Kell Grid", True),
        ("prime minister", "fisherman", False),
        ("student at Kell College", "police chief", False),
        ("chief of police", "teacher", False),
        ("nurse", "banker", False),
        ("teacher", "airline pilot", False),
        ("student", "pensioner", False),
        ("former teacher", "airline pilot", True),
        ("student union president", "energy minister", True),
        ("farmer", "fisherman", True),
        ("mayor", "senator", True),
        ("teacher", "councillor", True),
        ("mother of two", "energy minister", True),
    ],
)
def test_trades_that_nobody_has_at_once_tell_two_people(store: Store, one: str, other: str, expected: bool) -> None:
    first, second = ({"name": "Colin Maye", "role": role} for role in (one, other))
    assert is_one(store, first, second) is expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Volodymyr Zelensky", "Volodymyr Zelenskiy"),
        ("Volodymyr Zelenskyy", "Zelenskiy"),
        ("Samina Qureshi", "Samina Qureishi"),
        ("Ray Lindqvist", "Ray Lindquist"),
        ("Yevgenia Tkachenko", "Evgenia Tkachenko"),
        ("Mohammed Farouk", "Mohamed Farouk"),
        ("Geoffrey Tremlett", "Geoff Tremlett"),
        ("Jane Hill", "Hill"),
        ("Jane Hill", "Mrs Hill"),
        ("Julia Feld-Meier", "Feld-Meier"),
        ("Jane Hill", "Minister Jane Hill"),
        ("Jane Hill", "board member Jane Hill"),
        ("Jane Hill", "Jane Hill (Lab)"),
        ("Jane Hill", "J. Hill"),
        ("Jane Hill", "Jane Mary Hill"),
        ("Ludwig van Beethoven", "Mr van Beethoven"),
        ("Mother Edda Brand", "Mother Brand"),
        ({"name": "Kirsten Moller", "role": "surgeon"}, {"name": "Kirstin Moller", "role": "surgeon"}),
        ({"name": "Jane Hill", "role": "member"}, {"name": "the youngest member", "aliases": ("Jane Hill",)}),
        ("José Núñez", "Jose Nunez"),
        ("Jane Hill", "Commissioner Hill"),
        ("Jane Hill", "Chair Hill"),
        ("Jane Hill", "Skipper Hill"),
        ("Jane Hill", "Fisheries Minister Hill"),
        ("Jane Hill", "the Right Honourable Jane Hill"),
        ("Sue Hill", "(Revd) Sue Hill"),
        ("Dmitri Kharkov", "His Excellency Dmitry Harkov"),
        ("Volodymyr Hrytsak", "Vladimir Gritsak"),
        ("Andriy Zahorodny", "Andrei Zagorodny"),
    ],
)
def test_forms_of_one_name_are_one_person(store: Store, one: HolderSpec, other: HolderSpec) -> None:
    assert is_one(store, one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna Hill", "Hanna Hill"),
        ("Jane Hill", "June Hill"),
        ("Jane Hill", "Jane Hall"),
        ("Mr Hill", "Mrs Hill"),
        ("Daniel Hill", "Daniela Hill"),
        ("Martin Pascoe", "Helen Pascoe"),
        ("Marta Novak", "Marta Nowak"),
        ("Julia Feld-Meier", "Meier"),
        ({"name": "Kirsten Moller", "role": "surgeon"}, {"name": "Kirstin Moller", "role": "baker"}),
        ({"name": "Marina Moller", "role": "surgeon"}, {"name": "Martina Moller", "role": "surgeon"}),
        ("Tom Harrison", "Tom Garrison"),
        ("Charles Dunne", "King Charles"),
        ("a resident", "a resident"),
        ({"kind": "unnamed", "name": "ein Sprecher"}, {"kind": "unnamed", "name": "ein Sprecher"}),
        ({"kind": "unnamed", "name": "Anwohner"}, {"kind": "unnamed", "name": "Anwohner"}),
    ],
)
def test_similar_names_of_two_people_stay_two(store: Store, one: HolderSpec, other: HolderSpec) -> None:
    assert not is_one(store, one, other)


BODY = {"kind": "organisation"}
DEC = BODY | {"name": "Department of Energy and Coast"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (DEC, BODY | {"name": "DEC"}),
        (DEC, {"kind": "government", "name": "the Energy and Coast Department"}),
        (BODY | {"name": "Union of Power Workers", "aliases": ("UPW",)}, BODY | {"name": "the UPW"}),
        (BODY | {"name": "The Averdine Courier"}, BODY | {"name": "the Courier"}),
        (BODY | {"name": "Tidewell Energy plc"}, BODY | {"name": "Tidewell"}),
        (BODY | {"name": "Tidewell Energy"}, {"name": "Tidewell"}),
        (BODY | {"name": "Tidewell Energy"}, BODY | {"name": "Tidewell Energy press office"}),
        (BODY | {"name": "Ministry of Health"}, {"kind": "government", "name": "Health Ministry"}),
        (BODY | {"name": "Calloway Department of Education"}, BODY | {"name": "the Department of Education"}),
        ({"kind": "group", "name": "the residents"}, {"kind": "group", "name": "Residents"}),
        ({"kind": "author", "name": "Jane Hill"}, "Jane Hill"),
    ],
)
def test_forms_of_one_body_are_one_actor(store: Store, one: HolderSpec, other: HolderSpec) -> None:
    assert is_one(store, one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (BODY | {"name": "University of Port Hallam"}, BODY | {"name": "Port Hallam"}),
        (BODY | {"name": "Leeds Council"}, BODY | {"name": "York Council"}),
        (BODY | {"name": "Ministry of Health"}, BODY | {"name": "Ministry of Finance"}),
        (BODY | {"name": "Board of Governors"}, {"kind": "group", "name": "some governors"}),
        (BODY | {"name": "University of Kell Union"}, BODY | {"name": "the University of Kell"}),
        (BODY | {"name": "Government of the Vale Islands"}, BODY | {"name": "the Dale government"}),
        (BODY | {"name": "Union of Miners"}, {"kind": "group", "name": "the miners"}),
        ({"kind": "group", "name": "Save Our Pier"}, {"kind": "group", "name": "SOS"}),
    ],
)
def test_different_bodies_stay_two(store: Store, one: HolderSpec, other: HolderSpec) -> None:
    assert not is_one(store, one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (BODY | {"name": "Council of Bishops"}, {"kind": "group", "name": "the bishops"}),
        (BODY | {"name": "Board of Governors of the Kell School"}, BODY | {"name": "the governors"}),
        ({"kind": "group", "name": "Save St Anne’s"}, {"kind": "group", "name": "SSA"}),
        (BODY | {"name": "Kell Air Ambulance"}, BODY | {"name": "Kell"}),
        (BODY | {"name": "Government of the Vale Islands"}, BODY | {"name": "the Vale government"}),
        (BODY | {"name": "Kell Bakers’ Guild"}, BODY | {"name": "the bakers of Kell"}),
        (BODY | {"name": "Kell Farmers’ Cooperative"}, BODY | {"name": "the Kell Farmers’ Co-op"}),
    ],
)
def test_short_forms_of_a_body_and_its_members_are_one_actor(store: Store, one: HolderSpec, other: HolderSpec) -> None:
    assert is_one(store, one, other)


def test_a_text_gives_the_full_name_of_a_described_body(store: Store) -> None:
    texts = ("The harbour board met. The North Kell Harbour Board has nine members.", "The NKHB will wait.")
    assert is_one(store, BODY | {"name": "the harbour board"}, BODY | {"name": "NKHB"}, texts=texts)


def test_two_full_names_leave_open_which_body_is_described(store: Store) -> None:
    texts = (
        "The harbour board met. The North Kell Harbour Board and the South Dale Harbour Board vie.",
        "NKHB will wait.",
    )
    assert not is_one(store, BODY | {"name": "the harbour board"}, BODY | {"name": "NKHB"}, texts=texts)


def test_a_text_tells_for_what_letters_stand_without_brackets(store: Store) -> None:
    texts = ("The Port and Canal Workers’ Union met. The PCWU is old.", "The canal workers' union struck.")
    assert is_one(store, BODY | {"name": "PCWU"}, BODY | {"name": "the canal workers' union"}, texts=texts)


def test_names_nearby_tell_which_bearer_of_a_full_name_is_meant(store: Store) -> None:
    dossier = fill(
        store,
        [
            (
                "2026-01-01",
                "Max Beck, a professor at Kell University, spoke.",
                [{"name": "Max Beck", "role": "professor"}],
            ),
            ("2026-02-01", "For the Blues, Max Beck shrugged.", ["Max Beck"]),
            ("2026-03-01", "The Blues met. Lawmaker Max Beck spoke.", [{"name": "Max Beck", "role": "lawmaker"}]),
            ("2026-04-01", "Max Beck of Kell University wrote.", ["Max Beck"]),
        ],
    )
    assert groups(dossier) == [["Max Beck 01-01", "Max Beck 04-01"], ["Max Beck 02-01", "Max Beck 03-01"]]


def test_a_surname_beside_its_full_bearer_is_the_other_one(store: Store) -> None:
    dossier = fill(
        store,
        [
            ("2026-01-01", "Tess Naumann spoke. So did Lew Naumann.", ["Tess Naumann", "Lew Naumann"]),
            ("2026-02-01", "Tess Naumann and Dr Naumann quarrelled.", ["Tess Naumann", "Dr Naumann"]),
            ("2026-03-01", "Tess Naumann agreed with the other Naumann.", ["Tess Naumann", "the other Naumann"]),
        ],
    )
    assert [len(names) for names in groups(dossier)] == [3, 3]


def test_an_office_means_who_holds_it_at_the_date(store: Store) -> None:
    ann, tom = ({"name": name, "role": "energy minister"} for name in ("Ann Day", "Tom Reed"))
    office = {"name": "the energy minister", "kind": "unnamed"}
    dossier = fill(
        store,
        [
            ("2026-01-01", "Ann Day, the energy minister, spoke.", [ann]),
            ("2026-02-01", "The energy minister spoke.", [office]),
            ("2026-03-01", "Ann Day spoke as energy minister.", [ann]),
            ("2026-04-01", "Tom Reed, the new energy minister, spoke.", [tom]),
            ("2026-05-01", "The energy minister spoke again.", [office]),
        ],
    )
    assert groups(dossier) == [
        ["Ann Day 01-01", "the energy minister 02-01", "Ann Day 03-01"],
        ["Tom Reed 04-01", "the energy minister 05-01"],
    ]


def in_office(store: Store, text: str, name: str) -> list[str]:
    """Return with whom the holder of an article is linked, if Tom Reed holds an office before it and Ann Day after."""
    articles: list[tuple[str, str, list[HolderSpec]]] = [
        ("2026-01-01", "Tom Reed, the energy minister, spoke.", [{"name": "Tom Reed", "role": "energy minister"}]),
        ("2026-02-01", text, [{"name": name, "kind": "unnamed"}]),
        ("2026-04-01", "Ann Day, the energy minister, spoke.", [{"name": "Ann Day", "role": "energy minister"}]),
    ]
    (actor,) = (set(names) for names in groups(fill(store, articles)) if f"{name} 02-01" in names)
    return sorted(actor - {f"{name} 02-01"})


@pytest.mark.parametrize(
    ("text", "name", "holder"),
    [
        ("The energy minister said he would wait.", "The energy minister", ["Tom Reed 01-01"]),
        ("The energy minister said she would wait.", "The energy minister", ["Ann Day 04-01"]),
        ("The energy minister said on Saturday that she would wait.", "The energy minister", ["Ann Day 04-01"]),
        ("The energy minister said on 2 May that he would wait.", "The energy minister", ["Tom Reed 01-01"]),
        ("The plan, said the energy minister, was in her view right.", "the energy minister", ["Ann Day 04-01"]),
        ("The energy minister spoke. Her hall was full.", "The energy minister", ["Tom Reed 01-01"]),
        ("The energy minister told her that it was right.", "The energy minister", ["Tom Reed 01-01"]),
        ("Ann Day smiled. The energy minister spoke.", "The energy minister", ["Ann Day 04-01"]),
        ("Tom Reed left. His successor has doubts.", "His successor", ["Ann Day 04-01"]),
        ("Ann Day came. Her predecessor has doubts.", "Her predecessor", ["Tom Reed 01-01"]),
        ("Ann Day came. Her successor has doubts.", "Her successor", []),
    ],
)
def test_pronouns_and_successions_tell_who_holds_an_office(
    store: Store, text: str, name: str, holder: list[str]
) -> None:
    assert in_office(store, text, name) == holder


@pytest.mark.parametrize(
    ("date", "has_text", "is_known"), [("02-01", False, True), ("06-01", False, False), ("06-01", True, True)]
)
def test_without_texts_an_office_means_only_who_had_it_lately(
    store: Store, date: str, has_text: bool, is_known: bool
) -> None:
    briefs = (
        ("2026-01-01", "Tom Reed, the energy minister, spoke.", {"name": "Tom Reed", "role": "energy minister"}),
        (f"2026-{date}", "The energy minister said it was late.", {"name": "The energy minister", "kind": "unnamed"}),
    )
    for day, text, holder in briefs:
        article = make_article(day, text)
        store.add(make_brief(article, holder), article if has_text else None)
    assert len(groups(Dossier.from_store(store))) == (1 if is_known else 2)


def test_the_minister_of_another_state_is_somebody_else(store: Store) -> None:
    dossier = fill(
        store,
        [
            ("2026-01-01", "Jo Beck, who was Norland’s foreign minister until May, spoke.", [{"name": "Jo Beck"}]),
            ("2026-02-01", "Jo Beck, the foreign minister, spoke.", [{"name": "Jo Beck", "role": "foreign minister"}]),
            (
                "2026-03-01",
                "Sudland’s foreign minister spoke.",
                [{"name": "Sudland’s foreign minister", "kind": "unnamed"}],
            ),
            (
                "2026-04-01",
                "Norland’s foreign minister spoke.",
                [{"name": "Norland’s foreign minister", "kind": "unnamed"}],
            ),
        ],
    )
    assert groups(dossier) == [
        ["Jo Beck 01-01", "Jo Beck 02-01", "Norland’s foreign minister 04-01"],
        ["Sudland’s foreign minister 03-01"],
    ]


def test_an_ambassador_who_will_be_minister_is_not_yet_the_minister(store: Store) -> None:
    texts = ("Jo Beck spoke.", "Ada Lind, the ambassador, spoke. The trade minister nodded.", "Ada Lind spoke.")
    lind: HolderSpec = {"name": "Ada Lind", "role": "ambassador"}
    office: HolderSpec = {"name": "The trade minister", "kind": "unnamed"}
    articles: list[tuple[str, str, list[HolderSpec]]] = [
        ("2026-01-01", texts[0], [{"name": "Jo Beck", "role": "trade minister"}]),
        ("2026-02-01", texts[1], [lind, office]),
        ("2026-03-01", texts[2], [{"name": "Ada Lind", "role": "trade minister"}]),
    ]
    assert groups(fill(store, articles)) == [
        ["Ada Lind 02-01", "Ada Lind 03-01"],
        ["Jo Beck 01-01", "The trade minister 02-01"],
    ]


def test_an_author_means_the_own_successor(store: Store) -> None:
    articles: list[tuple[str, str, list[HolderSpec]]] = [
        ("2026-01-01", "Jo Beck, the director, spoke.", [{"name": "Jo Beck", "role": "director"}]),
        ("2026-02-01", "Ada Lind will act.", [{"name": "Ada Lind", "role": "acting director"}]),
        (
            "2026-03-01",
            "My successor is wrong.",
            [{"name": "Jo Beck", "kind": "author"}, {"name": "My successor", "kind": "unnamed"}],
        ),
    ]
    assert groups(fill(store, articles)) == [
        ["Ada Lind 02-01", "My successor 03-01"],
        ["Jo Beck 01-01", "Jo Beck 03-01"],
    ]


def test_a_text_tells_who_holds_an_office(store: Store) -> None:
    office = {"name": "The leader of the opposition", "kind": "unnamed"}
    texts = ("The opposition leader, Ann Day, was there.", "The leader of the opposition wants a vote.")
    assert is_one(store, "Ann Day", office, texts=texts)


def test_an_office_of_which_nobody_is_known_is_one_actor(store: Store) -> None:
    office = {"name": "The first minister", "kind": "unnamed"}
    assert is_one(store, office, office)


def test_a_deputy_is_not_the_minister(store: Store) -> None:
    deputy = {"name": "the deputy energy minister", "kind": "unnamed"}
    assert not is_one(store, {"name": "Ann Day", "role": "energy minister"}, deputy)


LOWE = [
    ("2026-01-01", "Councillor David Lowe wants a vote.", [{"name": "David Lowe", "role": "councillor"}]),
    ("2026-02-01", "David Lowe of Eastmarch has costs.", [{"name": "David Lowe", "role": "professor of finance"}]),
    ("2026-03-01", "The council’s David Lowe spoke.", [{"name": "David Lowe", "affiliation": "Leeds Council"}]),
    ("2026-04-01", "Prof David Lowe has written it.", [{"name": "Lowe", "aliases": ("Professor Lowe",)}]),
    ("2026-05-01", "Cllr Lowe has read it.", [{"name": "Lowe", "role": "Cllr"}]),
]


def test_two_people_of_one_full_name_stay_two(store: Store) -> None:
    dossier = fill(store, LOWE)
    assert groups(dossier) == [
        ["David Lowe 01-01", "David Lowe 03-01", "Lowe 05-01"],
        ["David Lowe 02-01", "Lowe 04-01"],
    ]
    assert set(dossier.actors) == {"david-lowe", "david-lowe-2"}


def test_a_former_professor_is_the_councillor(store: Store) -> None:
    holders = [{"name": "David Lowe", "role": role} for role in ("professor", "councillor, a former professor")]
    assert is_one(store, *holders)


def test_a_person_may_change_the_employer(store: Store) -> None:
    holders = [{"name": "Ann Day", "role": "director", "affiliation": body} for body in ("Tidewell", "Marsh Trust")]
    assert is_one(store, *holders)


@pytest.mark.parametrize(
    ("holder", "text"),
    [
        ({"name": "Pascoe", "aliases": ("Ms Pascoe",)}, "Ms Pascoe spoke."),
        ({"name": "Pascoe", "affiliation": "the UCPW"}, "Pascoe of the UCPW spoke."),
        ("Pascoe", "Helen Pascoe was there. Pascoe spoke."),
    ],
)
def test_the_article_tells_which_bearer_of_a_surname_is_meant(store: Store, holder: HolderSpec, text: str) -> None:
    helen = {"name": "Helen Pascoe", "aliases": ("Ms Pascoe",), "role": "secretary", "affiliation": "UCPW"}
    martin = {"name": "Martin Pascoe", "aliases": ("Mr Pascoe",)}
    dossier = fill(
        store, [("2026-01-01", "One.", [helen]), ("2026-02-01", "Two.", [martin]), ("2026-03-01", text, [holder])]
    )
    assert ["Helen Pascoe 01-01", "Pascoe 03-01"] in groups(dossier)


def test_an_ambiguous_surname_is_an_actor_of_its_own_and_unsure(store: Store) -> None:
    dossier = fill(
        store, [(f"2026-0{n}-01", f"Text {n}.", [name]) for n, name in enumerate(("Ann Hill", "Tom Hill", "Hill"), 1)]
    )
    assert len(groups(dossier)) == 3
    assert [each.verdict for each in dossier.decisions] == ["unsure", "unsure"]


def test_unnamed_holders_of_two_articles_are_two_and_keep_their_affiliation(store: Store) -> None:
    holder = {"name": None, "kind": "unnamed", "role": "a spokesman", "affiliation": "the ministry"}
    dossier = fill(store, [("2026-01-01", "One.", [holder]), ("2026-02-01", "Two.", [holder])])
    assert len(groups(dossier)) == 2
    assert {actor.roles[0].affiliation for actor in dossier.actors.values()} == {"the ministry"}


def test_a_role_tells_which_body_is_a_union(store: Store) -> None:
    doyle = {"name": "James Doyle", "role": "teachers' union president", "affiliation": "Kell Education Association"}
    bodies = [BODY | {"name": name} for name in ("Kell Education Association", "the teachers’ union")]
    dossier = fill(store, [(f"2026-0{n}-01", f"Text {n}.", [each]) for n, each in enumerate([doyle, *bodies], 1)])
    assert ["Kell Education Association 02-01", "the teachers’ union 03-01"] in groups(dossier)


def test_holders_of_a_codebook_are_linked_by_id(store: Store) -> None:
    assert is_one(store, {"name": "A. D.", "given": True, "id": "day"}, {"name": "Ann Day", "given": True, "id": "day"})


def test_an_actor_has_the_fullest_name_and_the_most_frequent_spelling(store: Store) -> None:
    names = ("Qureshi", "Samina Qureishi", "Samina Qureshi", "Samina Qureshi")
    dossier = fill(store, [(f"2026-0{n}-01", f"Text {n}.", [name]) for n, name in enumerate(names, 1)])
    assert [actor.name for actor in dossier.actors.values()] == ["Samina Qureshi"]


def test_each_link_stands_in_the_log_with_its_reason(store: Store) -> None:
    dossier = fill(store, [("2026-01-01", "One.", ["Jane Hill"]), ("2026-02-01", "Two.", ["Hill"])])
    (decision,) = dossier.decisions
    assert (decision.verdict, decision.made_by) == ("same", "rule")
    assert decision.one.endswith(":hill")
    assert decision.other.endswith(":jane hill")
    assert decision.reason == "It is the surname of one person."


def test_a_new_brief_changes_only_what_it_touches(store: Store) -> None:
    fill(
        store,
        [("2026-01-01", "One.", ["Hill"]), ("2026-01-02", "Two.", ["Tom Reed"]), ("2026-01-03", "Six.", ["Tom Reed"])],
    )
    before = {each.id: each.made for each in fill(store, []).decisions}
    dossier = fill(store, [("2026-02-01", "Three.", ["Jane Hill"])])
    assert groups(dossier) == [["Hill 01-01", "Jane Hill 02-01"], ["Tom Reed 01-02", "Tom Reed 01-03"]]
    assert before.items() <= {each.id: each.made for each in dossier.decisions}.items()
    assert "hill" in dossier.actors  # the id stays, the name is the fullest
    assert dossier.actors["hill"].name == "Jane Hill"


NAMES = ["Jane Hill", "Hill", "Mr Hill", "Tom Reed", "T. Reed", "Reed", "Anna Novak", "Novak", "Ms Novak", "Jon Wood"]


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True), min_size=2, max_size=6),
    st.integers(),
)
def test_rebuilt_links_do_not_depend_on_the_order_in_which_articles_came(articles: list[list[str]], seed: int) -> None:
    rows = [(f"2026-01-{n:02}", f"Text {n}.", names) for n, names in enumerate(articles, 1)]
    with Store.temporary() as at_once, Store.temporary() as in_two_parts:
        expected = groups(fill(at_once, rows))
        Random(seed).shuffle(rows)
        fill(in_two_parts, rows[:2])
        dossier = fill(in_two_parts, rows[2:])
        dossier.rebuild()
        assert groups(dossier) == expected


@given(st.text(max_size=30), st.sampled_from(["person", "unnamed", "organisation", "group", "document"]))
def test_any_name_has_a_form(name: str, kind: str) -> None:
    form, words = classify_name(name, kind)
    assert words or form == "unnamed"


@pytest.mark.parametrize(
    "words", ["zelensky zelenskiy zelenskyj", "sergei sergey", "mikhail mihail", "lindqvist lindquist"]
)
def test_transliterations_have_one_spelling(words: str) -> None:
    assert len(set(map(fold_spelling, words.split()))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Karl Steinberg", "teacher"), ("Karl Sternberg", "farmer")),
        (("Chen Xiaoming", None), ("Chen Xiaoling", None)),
        (("Ahmed Rashidi", "trader"), ("Ahmed Rashadi", "judge")),
    ],
)
def test_similar_names_alone_do_not_make_one_person(
    store: Store, one: tuple[str, str | None], other: tuple[str, str | None]
) -> None:
    roles = {name: (role, None) for name, role in (one, other)}
    for number, name in enumerate((one[0], other[0], one[0], other[0]), 1):
        store.add(
            held_brief(f"2026-0{number}-01", [(name, "", "unclear", f"{name} spoke {number} times.")], roles=roles)
        )
    assert len(Dossier.from_store(store).actors) == 2


def test_names_that_differ_a_little_each_make_no_chain(store: Store) -> None:
    names = ["Jan Karimski", "Jan Karumski", "Jan Karunski", "Jan Karanski", "Jan Karelski"]
    for number, name in enumerate(names, 1):
        store.add(held_brief(f"2026-0{number}-01", [(name, "", "unclear", f"{name} spoke.")]))
    assert len(Dossier.from_store(store).actors) > 2


def test_a_blank_name_is_somebody_unnamed(store: Store) -> None:
    store.add(
        held_brief("2026-01-01", [("   ", "", "unclear", "It rained."), ("Ann Reed", "", "unclear", "It snowed.")])
    )
    assert [actor.name for actor in Dossier.from_store(store).actors.values()] == ["Ann Reed", "person"]


def test_a_surname_alone_in_an_article_means_the_person_of_another(store: Store) -> None:
    texts = [
        "Talks end\n\nVolodymyr Zelensky, the Ukrainian president, said that the offer was a trap.",
        "Talks begin\n\nZelenskiy said on Monday that the offer was fair.",
    ]
    for day, text in enumerate(texts, 1):
        article = Article.from_text(text, published=f"2026-01-0{day}")
        store.add(summarize(article, model="builtin"), article)
    (actor,) = Dossier.from_store(store).actors.values()
    assert {actor.name, *actor.names} == {"Volodymyr Zelensky", "Zelenskiy"}


@pytest.mark.parametrize("names", [("Łukasiewicz", "Lukasiewicz"), ("Ann Østergaard", "Ann Ostergaard")])
def test_other_letters_are_found_in_a_large_store(
    store: Store, monkeypatch: pytest.MonkeyPatch, names: tuple[str, str]
) -> None:
    monkeypatch.setattr(actors, "is_small", lambda database: False)
    fill(store, [("2026-01-05", "The toll is right.", [names[0]])])
    assert groups(fill(store, [("2026-01-06", "The toll is wrong.", [names[1]])])) == [
        [f"{names[0]} 01-05", f"{names[1]} 01-06"]
    ]


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [("carpenter", "welder", "unsure"), ("judge", "striker", "different"), ("minister", "fisherman", "unsure")],
)
def test_two_trades_of_one_name_are_in_doubt(store: Store, one: str, other: str, verdict: str) -> None:
    dossier = fill(
        store,
        [(f"2026-01-0{n}", f"Text {n}.", [{"name": "John Kay", "role": r}]) for n, r in enumerate((one, other), 1)],
    )
    assert len(dossier.actors) == 2
    assert [each.verdict for each in dossier.decisions] == [verdict]


@pytest.mark.parametrize(("date", "expected"), [("2026-02-05", 2), ("2027-05-05", 1)])
def test_a_career_takes_a_year_to_change(store: Store, date: str, expected: int) -> None:
    roles = [("2026-01-05", "student"), (date, "energy minister")]
    articles = [(day, f"Text {day}.", [{"name": "Eva Lind", "role": role}]) for day, role in roles]
    assert len(fill(store, articles).actors) == expected


def test_a_person_with_two_kinds_of_work_in_one_article_stays_one(store: Store) -> None:
    roles = "farmer", "energy minister", "energy minister and farmer"
    articles = [(f"2026-01-0{n}", f"Text {n}.", [{"name": "Eva Lind", "role": r}]) for n, r in enumerate(roles, 1)]
    assert len(fill(store, articles).actors) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Ann Berg will step down as mayor of Kell. Tom Lind was chosen to succeed her.",
        "Tom Lind succeeded Ann Berg on Monday.",
        "Tom Lind, a baker, will take over from Ann Berg next week.",
        "Tom Lind was elected mayor of Kell.",
        "Tom Lind was sworn in on Monday as mayor of Kell.",
        "Tom Lind has been named the new mayor of Kell.",
        "On Monday Tom Lind became Kell’s mayor.",
    ],
)
def test_a_text_tells_who_takes_an_office(store: Store, text: str) -> None:
    rows = [
        ("2026-01-01", "Ann Berg, the mayor of Kell, spoke.", [{"name": "Ann Berg", "role": "mayor of Kell"}]),
        ("2026-02-01", text, ["Tom Lind", "Ann Berg"]),
        ("2026-01-15", "The mayor of Kell spoke.", [{"kind": "unnamed", "name": "The mayor of Kell"}]),
        ("2026-03-01", "The mayor of Kell is glad.", [{"kind": "unnamed", "name": "The mayor of Kell"}]),
        ("2026-03-02", "The mayor is glad.", [{"kind": "unnamed", "name": "The mayor"}]),
    ]
    assert groups(fill(store, rows)) == [
        ["Ann Berg 01-01", "The mayor of Kell 01-15", "Ann Berg 02-01"],
        ["Tom Lind 02-01", "The mayor of Kell 03-01", "The mayor 03-02"],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Tom Lind was not elected mayor of Kell.",
        "Tom Lind said that nobody could replace her.",
        "Tom Lind hopes to succeed Ann Berg.",
        "Tom Lind was replaced by Ann Berg.",
    ],
)
def test_a_text_that_tells_of_no_change_leaves_an_office(store: Store, text: str) -> None:
    rows = [
        ("2026-01-01", "Ann Berg, the mayor of Kell, spoke.", [{"name": "Ann Berg", "role": "mayor of Kell"}]),
        ("2026-02-01", text, ["Tom Lind", "Ann Berg"]),
        ("2026-03-01", "The mayor of Kell is glad.", [{"kind": "unnamed", "name": "The mayor of Kell"}]),
    ]
    assert groups(fill(store, rows))[0] == ["Ann Berg 01-01", "Ann Berg 02-01", "The mayor of Kell 03-01"]


@pytest.mark.parametrize("told", ["the minister of that name", "a minister of the same name"])
def test_a_text_tells_that_somebody_is_not_the_one_known_by_this_name(store: Store, told: str) -> None:
    texts = (
        "Daniel Osei, the transport minister, spoke.",
        f"The firm’s Daniel Osei called it fair. He is not related to {told}.",
    )
    minister = {"name": "Daniel Osei", "role": "transport minister"}
    assert not is_one(store, minister, "Daniel Osei", texts=texts)


def test_a_namesake_who_shares_the_surname_alone_splits_no_person(store: Store) -> None:
    texts = (
        "Marcus Pell, a trawler owner, spoke.",
        "Marcus Pell sued. His namesake at the institute, Dr Ruth Pell, a trawler expert, laughed.",
    )
    assert is_one(store, {"name": "Marcus Pell", "role": "trawler owner"}, "Marcus Pell", texts=texts)
