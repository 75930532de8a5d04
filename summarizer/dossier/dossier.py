"""The Dossier: who holds what in many articles, since when, and what changed."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import closing, nullcontext
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from summarizer.article import outlet_of
from summarizer.brief import Brief
from summarizer.codebook import NO_CODEBOOK, Codebook, as_codebook
from summarizer.dossier.actor_judge import ask_about_actors
from summarizer.dossier.actors import link_actors
from summarizer.dossier.answers import read_questions
from summarizer.dossier.changes import refresh_changes
from summarizer.dossier.contradictions import find_contradictions
from summarizer.dossier.copies import actors_in, link_copies
from summarizer.dossier.corrections import (
    CORRECTIONS,
    correct_speakers,
    find_correction,
    reject_changes_and_answers,
    reject_placements,
)
from summarizer.dossier.decision_files import Wish, check_agreement, read_decisions
from summarizer.dossier.decision_log import DecisionLog
from summarizer.dossier.disputes import assign_disputes, forget_disputes
from summarizer.dossier.issue_judge import IssueJudge
from summarizer.dossier.issues import has_new_entries, link_issues
from summarizer.dossier.manual_decisions import find_keys, holders_concerned, holders_with_key, join_decided_issues
from summarizer.dossier.network import (
    Duplicates,
    Network,
    NetworkMode,
    OneModeScale,
    OneModeTie,
    Polarisation,
    TwoModeScale,
    TwoModeTie,
    last_stances,
    make_network,
    measure_polarisation,
    replace_people,
)
from summarizer.dossier.placing import place_statements
from summarizer.dossier.relinking import Relinking, end_linking, is_unlinked, mark_linking
from summarizer.dossier.tables import changed_meanwhile, read_actors, read_details, read_issues
from summarizer.dossier.turns import search_turns
from summarizer.dossier.types import (
    Actor,
    Change,
    Contradiction,
    Decision,
    DecisionKind,
    DossierIssue,
    DossierProgress,
    LinkingStage,
    Question,
    Statement,
    StatementDetails,
    Verdict,
)
from summarizer.dossier.windows import OutletCount, Window, WindowSize, count_outlets, make_windows
from summarizer.errors import ModelError, StoreError
from summarizer.models import Model, OpenAIEmbedder, resolve_model
from summarizer.store import Conditions, Store, fts_query, select_articles

if TYPE_CHECKING:
    from summarizer.export import Export, NetworkOptions

NO_CONDITIONS = Conditions()
_AT_ONCE = 100
"""Briefs between two reports on their number."""

OnProgress = Callable[[DossierProgress], None]
"""A callback for the progress of a dossier."""


class Dossier:
    """The positions of many articles: actors, issues, statements over time.

    Actors and issues are linked across articles. The links, and the decisions behind them, are kept in the store: a new
    brief is linked when the dossier is opened the next time. Statements hold no text; `details` reads it.

    Args:
        briefs: The briefs. Each article counts once, by its newest brief.
        on_progress: Called while the dossier is made; see `DossierProgress`.

    Examples:
        >>> from summarizer import Dossier, summarize
        >>> texts = ["“The bridge must go,” said Anna Berg.", "Anna Berg said that the bridge was unsafe."]
        >>> dossier = Dossier([summarize(text, model="builtin") for text in texts])
        >>> [actor.name for actor in dossier.actors.values()]
        ['Anna Berg']
    """

    def __init__(self, briefs: Iterable[Brief] = (), *, on_progress: OnProgress | None = None) -> None:
        store = Store.temporary()
        for number, brief in enumerate(briefs):
            if on_progress and number % _AT_ONCE == 0:
                on_progress(DossierProgress(stage="briefs", done=number))
            store.add(brief)
        self._open(store, on_progress=on_progress)

    @classmethod
    def from_store(
        cls,
        store: Store,
        *,
        words: str | None = None,
        since: str | None = None,
        until: str | None = None,
        sources: Collection[str] | str = (),
        codebook: Codebook | str | Path | None = None,
        embedder: OpenAIEmbedder | str | None = None,
        model: Model | str | None = None,
        on_progress: OnProgress | None = None,
    ) -> Self:
        """Return the dossier of the briefs in a store. What is new in the store is linked first.

        Args:
            store: The store; it must stay open while the dossier is used.
            words: Words that an article must contain, in the syntax of `Store.search`.
            since: Only articles of this date or later, in ISO 8601.
            until: Only articles of this date or earlier.
            sources: Only articles of these outlets; a part of the name is enough.
            codebook: Given issues, or the path of their file. They keep their ids and stay in the store; the issues of
                briefs are matched to them.
            embedder: An embedding model, or its name. It tells what may be one matter, also of statements and given
                issues, never their side.
            model: A language model, or its name. It decides, by ids alone, on pairs of actors and of propositions that
                words leave in doubt.
            on_progress: Called while what is new is linked; see `DossierProgress`.

        Links are made in a temporary copy of a store that cannot be written.

        Raises:
            ConfigurationError: The codebook cannot be read.
            ModelError: The server of a model fails. What words alone decide is linked all the same.
        """
        dossier = cls.__new__(cls)
        conditions = Conditions(
            since=since, until=until, sources=(sources,) if isinstance(sources, str) else tuple(sources)
        )
        given = as_codebook(codebook)
        options: dict[str, Any] = {"codebook": given, "embedder": embedder, "model": model}
        dossier._open(store, words or "", conditions, on_progress=on_progress, **options)
        return dossier

    def _open(
        self,
        store: Store,
        words: str = "",
        conditions: Conditions = NO_CONDITIONS,
        *,
        codebook: Codebook = NO_CODEBOOK,
        embedder: OpenAIEmbedder | str | None = None,
        model: Model | str | None = None,
        on_progress: OnProgress | None = None,
    ) -> None:
        self._is_read_only = store.is_read_only
        decides = codebook != NO_CODEBOOK or embedder is not None or model is not None
        if store.is_read_only and (decides or is_unlinked(store.database)):
            store = Store.temporary(store)
        if words:
            fts_query(words)  # a faulty search is reported before the work starts
        self.store, self._words, self._conditions = store, words, conditions
        if on_progress:
            on_progress(DossierProgress(stage="briefs"))
        readable, unreadable = store.index_briefs()
        self.readable: int = readable
        """The number of briefs in the store that this version can read."""
        self.unreadable: int = unreadable
        """The number of briefs of other versions, which are left out."""
        self.decisions = DecisionLog(store.database)
        self._codebook = codebook
        self._embedder = OpenAIEmbedder(embedder) if isinstance(embedder, str) else embedder
        self._model = None if model is None else resolve_model(model)
        self._link(is_new=decides, on_progress=on_progress)

    def _link(
        self,
        again: Collection[int] = (),
        *,
        rebuild: bool = False,
        relink: bool = False,
        is_new: bool = False,
        also: Collection[str] = (),
        on_progress: OnProgress | None = None,
    ) -> None:
        """Link what is new, and some or all holders again, and find the changes of the actors and issues concerned."""
        database = self.store.database

        def report(stage: LinkingStage, done: int = 0, total: int | None = None) -> None:
            if on_progress:
                on_progress(DossierProgress(stage=stage, done=done, total=total))

        marks = mark_linking(database, is_new=is_new or rebuild or bool(again))
        if not (marks or relink):
            return
        is_left = len(marks) > 1
        if is_left:  # what an interrupted call linked is known no more
            made = (each for each in self.decisions.of_kind("actor") if each.made_by != "rule" or each.undone)
            changed = (key for each in made for key in (each.one, each.other))
            again = holders_concerned(database, changed).union(again)
        report("copies")
        copies = link_copies(database, partial(report, "copies"))
        report("actors")
        actors = link_actors(database, again=again, rebuild=rebuild) | actors_in(database, copies)
        failure, decided = None, set[str]()
        try:
            for keys in ask_about_actors(database, self._model) if self._model else ():
                decided |= keys
        except ModelError as error:
            failure = error
        actors |= link_actors(database, again=holders_concerned(database, decided))
        actors |= correct_speakers(database).union(also)
        report("issues")
        assign_disputes(database)
        search_turns(database, partial(report, "issues"))
        asks = self._embedder is not None or self._model is not None
        everything = relink or rebuild or has_new_entries(database, self._codebook)
        relinking = Relinking(database, everything=everything, asks=asks, keeps_ids=not rebuild)
        judge = IssueJudge(database, self._embedder, None if failure else self._model)
        with closing(judge), database.transaction() if relinking.is_whole else nullcontext():
            issues = link_issues(database, relinking, codebook=self._codebook, judge=judge)
            report("statements")
            issues |= place_statements(database, relinking, partial(report, "statements"), judge)
            issues |= join_decided_issues(database)
            issues |= reject_placements(database)
            issues = relinking.finish(database, issues)
            report("changes")
            if is_left:
                actors |= {actor for (actor,) in database.query("SELECT id FROM actors")}
            refresh_changes(database, actors | relinking.actors_concerned(database), issues)
            reject_changes_and_answers(database)
        end_linking(database, marks)
        if failure := failure or judge.failure:
            raise failure

    def decide(
        self, one: str, other: str, verdict: Verdict, *, kind: DecisionKind = "actor", reason: str = ""
    ) -> Decision:
        """Decide that two are one or are not. The stored decision prevails over rules and models.

        Args:
            one: The id or a name of an actor, or NAME@ARTICLE for one holder; ARTICLE is the article's number in the
                store, its address, source, title or date. For an issue, its id or a proposition.
            other: The other one.
            verdict: "same" or "different"; for issues, also "contrary".
            kind: What the two are: "actor", "issue", or what is corrected: a statement is the same actor's ("speaker")
                or not on an issue ("placement"); an actor has no change in a statement ("change"); a question has no
                answer in one ("answer"). Statements and questions are numbers, or WORDS@ARTICLE.
            reason: For the log.

        Raises:
            ConfigurationError: A name means nobody or several actors, or earlier decisions leave no room for it.
            StoreError: The store cannot be written.
        """
        return self._decide([Wish(kind, one, other, verdict)], reason)[0]

    def apply_decisions(self, path: str | Path) -> list[Decision]:
        """Apply the decisions in a YAML file; those that are in force already stay as they are.

        Raises:
            ConfigurationError: The file is invalid or contradicts itself, or a name means nobody, or several actors.
            StoreError: The store cannot be written.
        """
        return self._decide(read_decisions(Path(path)), f"from {Path(path).name}")

    def undo(self, number: int) -> Decision:
        """Withdraw a decision of the log by its number; what a rule or a model joined is then kept apart.

        Raises:
            ConfigurationError: No decision in force has the number.
            StoreError: The store cannot be written.
        """
        self._check_writable()
        decision = self.decisions.undo(number)
        self._follow([decision])
        return decision

    def rebuild(self, *, on_progress: OnProgress | None = None) -> None:
        """Link all holders and issues anew, by the rules of this version. Decisions of people and models stay."""
        self._check_writable()
        forget_disputes(self.store.database)
        self._link(rebuild=True, on_progress=on_progress)
        self._forget()

    def _decide(self, wishes: Sequence[Wish], reason: str) -> list[Decision]:
        self._check_writable()
        database, made = self.store.database, []
        keys = [(find_correction if each.kind in CORRECTIONS else find_keys)(database, *each[:4]) for each in wishes]
        check_agreement(wishes, keys, self.decisions.by_people("issue"))
        for (kind, _, _, verdict, _), (one, other) in zip(wishes, keys, strict=True):
            known = self.decisions.find_person(kind, one, other, verdict)
            if known is None:
                with database.transaction() as connection:
                    self.decisions.add(connection, kind, one, other, verdict, made_by="person", reason=reason)
                known = self.decisions.find_person(kind, one, other, verdict)
            made += [known] if known else []
        self._follow(made)
        return made

    def _follow(self, decisions: Sequence[Decision]) -> None:
        """Link those anew whom decisions concern."""
        database = self.store.database
        again = holders_concerned(
            database, (key for each in decisions if each.kind == "actor" for key in (each.one, each.other))
        )
        changed = (each.other for each in decisions if each.kind == "change")
        also = {row["actor"] for key in changed for row in holders_with_key(database, key)}
        self._link(again, relink=any(each.kind != "actor" for each in decisions), also=also)
        self._forget()

    def _forget(self) -> None:
        for name, value in vars(type(self)).items():
            if isinstance(value, cached_property):
                vars(self).pop(name, None)

    def _check_writable(self) -> None:
        if self._is_read_only:
            hint = "Make it writable, or work on a copy."
            raise StoreError("The store is write-protected, so that decisions cannot be kept.", hint=hint)

    @cached_property
    def _selected(self) -> frozenset[int] | None:
        """The ids of the articles that the dossier is about; None for all."""
        if not self._words and self._conditions == NO_CONDITIONS:
            return None
        return select_articles(self.store.database, self._words, self._conditions)

    @cached_property
    def copies(self) -> Mapping[int, list[str]]:
        """The other outlets with the text of an article, by its id."""
        copies: defaultdict[int, list[str]] = defaultdict(list)
        for row in self.store.database.query("SELECT article, outlet FROM copies_view ORDER BY date, copy"):
            copies[row["article"]].append(row["outlet"])
        return dict(copies)

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """All statements, oldest first; those without a date are last."""
        shared: dict[str, str] = {}  # one object for each outlet, date and id
        rows = self.store.database.stream(
            "SELECT position, actor, dossier_issue, stance, date, article, source, reporter FROM positions_view "
            "WHERE actor IS NOT NULL "  # briefs that were added since are linked by the next opening
            "ORDER BY date IS NULL, date, position"
        )

        def share(value: str | None) -> str | None:
            return value if value is None else shared.setdefault(value, value)

        selected = self._selected
        return tuple(
            Statement(
                position=row["position"],
                actor=share(row["actor"]) or "",
                issue=share(row["dossier_issue"]),
                stance=row["stance"],
                date=share(row["date"]),
                article=row["article"],
                source=share(outlet_of(None, row["source"])),
                reported_by=share(row["reporter"]),
            )
            for row in rows
            if selected is None or row["article"] in selected
        )

    @cached_property
    def actors(self) -> Mapping[str, Actor]:
        """The actors by id, those with the most statements first."""
        return read_actors(self.store.database, self.statements)

    @cached_property
    def issues(self) -> Mapping[str, DossierIssue]:
        """The issues by id, those with the most statements first."""
        return read_issues(self.store.database, self.statements)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The changes of position between these statements, the surest first."""
        positions = {each.position for each in self.statements}
        return tuple(each for each in self._all_changes if {each.before, each.after} <= positions)

    @cached_property
    def _all_changes(self) -> tuple[Change, ...]:
        rows = self.store.database.query(
            "SELECT actor, dossier_issue AS issue, from_stance, to_stance, before, after, is_explicit AS explicit, "
            "said, confidence FROM changes ORDER BY confidence DESC, id"
        )
        return tuple(Change.model_validate(dict(row)) for row in rows)

    @cached_property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """The pairs of statements that cannot both hold."""
        return find_contradictions(self.store.database, self.statements, self._all_changes)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The open questions of all articles, oldest first, with later positions that may answer them."""
        return read_questions(self.store.database, self._selected)

    def timeline(self, *, actor: str | None = None, issue: str | None = None) -> tuple[Statement, ...]:
        """Return the statements of an actor, on an issue, or both, oldest first. Both are ids."""
        return tuple(
            each
            for each in self.statements
            if (actor is None or each.actor == actor) and (issue is None or each.issue == issue)
        )

    def windows(self, size: WindowSize = "month", step: int | None = None) -> list[Window]:
        """Return the statements by windows of time; see `make_windows`."""
        return make_windows(self.statements, size, step)

    def outlets(self) -> list[OutletCount]:
        """Return how often each outlet quotes each actor, most often first. Copies of an article count as well."""
        return count_outlets(self.statements, self.copies)

    def network(
        self,
        mode: NetworkMode = "actors",
        tie: OneModeTie | TwoModeTie = "subtract",
        *,
        normalise: OneModeScale | TwoModeScale = "none",
        duplicates: Duplicates = "document",
        organisations: bool = False,
        isolates: bool = False,
        statements: Iterable[Statement] | None = None,
    ) -> Network:
        """Return a network of actors ("actors"), or of actors and issues ("issues").

        Args:
            mode: What is tied.
            tie: The value of a tie; see `one_mode_network` and `two_mode_network`.
            normalise: What it is divided by.
            duplicates: When equal statements count once.
            organisations: Whether a person counts as the body that he or she spoke for at the time. People without
                one are left out.
            isolates: Whether actors and issues without a statement that counts are in the network.
            statements: Statements to count, such as those of a window; by default all.

        Raises:
            ConfigurationError: An argument has an unknown value.
        """
        counted = self._counted(statements, organisations)
        return make_network(counted, mode, tie, normalise=normalise, duplicates=duplicates, isolates=isolates)

    def polarisation(
        self,
        *,
        normalise: OneModeScale = "average",
        duplicates: Duplicates = "document",
        organisations: bool = False,
        statements: Iterable[Statement] | None = None,
    ) -> Polarisation:
        """Return the best split of the actors into two camps, by default by their last stances; see `network`."""
        counted = self._counted(last_stances(self.statements) if statements is None else statements, organisations)
        return measure_polarisation(counted, normalise=normalise, duplicates=duplicates)

    def _counted(self, statements: Iterable[Statement] | None, organisations: bool) -> Iterable[Statement]:
        chosen = self.statements if statements is None else tuple(statements)
        if not organisations:
            return chosen
        if not {each.actor for each in chosen} <= self.actors.keys():
            raise changed_meanwhile(self.store.database)
        return replace_people(chosen, self.actors)

    def details(self, positions: Iterable[int]) -> dict[int, StatementDetails]:
        """Return the words of positions, and where they stand, by their ids."""
        return read_details(self.store.database, positions, self.copies)

    def export(
        self,
        path: str | Path,
        format: str | None = None,  # noqa: A002  # the name of the command's option
        *,
        holders: Iterable[str] = (),
        issues: Iterable[str] = (),
        network: "NetworkOptions | Literal['one-mode', 'two-mode'] | None" = None,
    ) -> "Export":
        """Write the dossier in a format of other programs; see docs/exports.md. Return what the format leaves out.

        Args:
            path: The file, or the folder for notes. A file is replaced as a whole.
            format: A name in `summarizer.export.EXPORT_FORMATS`; by default from the ending of the file.
            holders: Only statements of these actors: ids, names or words of names.
            issues: Only statements on these issues: ids, propositions or words of them.
            network: "one-mode" ties actors with actors, "two-mode" with issues; more in `NetworkOptions`.

        Raises:
            ConfigurationError: The format, an actor or an issue is unknown, or the file cannot be written.
        """
        from summarizer.export import export_dossier

        return export_dossier(self, Path(path), format, holders=holders, issues=issues, network=network)

    def __repr__(self) -> str:
        return f"Dossier({len(self.actors)} actors, {len(self.issues)} issues, {len(self.statements)} statements)"
