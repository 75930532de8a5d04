"""The command ``demo``: a page and a dossier from recorded replies of a model, without a key or a network."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from summarizer.cli.messages import print_message, report_problems
from summarizer.cli.options import DebugOption, QuietOption
from summarizer.cli.output import open_page, write_brief
from summarizer.cli.progress import show_stages
from summarizer.errors import ConfigurationError

if TYPE_CHECKING:
    from summarizer.models import Model, Request

_DISPUTE = "pumped-storage"
"""The seeds and the recording that the command plays."""
_ROOM = Path(__file__).parents[1] / "demo"
_ROOT = Path(__file__).parents[2]
_ARTICLES = _ROOM / "articles" if _ROOM.is_dir() else _ROOT / "seeds" / "disputes" / _DISPUTE
_REPLIES = _ROOM / "replies.yaml" if _ROOM.is_dir() else _ROOT / "cassettes" / f"dispute-{_DISPUTE}.yaml"
"""Both are in the wheel; the latter are their places in a checkout."""


@dataclass(frozen=True, slots=True)
class Recording:
    """The replies of a cassette by the messages of their requests."""

    model: str
    """The name that the server gave its model."""
    date: str
    replies: Mapping[tuple[tuple[str, str], ...], str]

    def create_model(self) -> "Model":
        """Create a model that gives the recorded replies; its name, which pages show, says so."""
        from summarizer.models import CallbackModel

        return CallbackModel(self._reply, name=f"the model “{self.model}”: a reply recorded on {self.date}")

    def _reply(self, request: "Request") -> str:
        try:
            return self.replies[tuple((each.role, each.content) for each in request.messages)]
        except KeyError:
            message = "The recording has no reply to a request of this version."
            raise ConfigurationError(message, hint="Install a released version.") from None


def read_recording(path: Path) -> Recording:
    """Read a cassette of `summarizer.testing`."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with path.open(encoding="utf-8") as file:
        interactions = yaml.load(file, loader)["interactions"]  # noqa: S506  # both loaders are safe
    requests = [_unfold(each["request"]["body"]) for each in interactions]
    replies = [_unfold(each["response"]["body"]["string"]) for each in interactions]
    latest = max(reply["created"] for reply in replies)
    return Recording(
        model=requests[0]["model"],
        date=datetime.fromtimestamp(latest, UTC).date().isoformat(),
        replies={
            tuple((each["role"], _text(each["content"])) for each in request["messages"]): _text(
                reply["choices"][0]["message"]["content"]
            )
            for request, reply in zip(requests, replies, strict=True)
        },
    )


def _unfold(body: Any) -> Any:
    """Return the value of a body, which cassettes store as a JSON string or under a layout's name."""
    return next(iter(body.values())) if isinstance(body, dict) else json.loads(body)


def _text(content: Any) -> str:
    """Return a text that a cassette has as it is, or as JSON below the name of a layout."""
    if isinstance(content, str):
        return content
    separators = (",", ":") if next(iter(content)).startswith("compact") else None
    return json.dumps(_unfold(content), ensure_ascii=False, separators=separators)


def demo(
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "--output", "-o", metavar="FOLDER", help="Write the pages here, not to a temporary folder."
        ),
    ] = None,
    open: Annotated[bool, typer.Option("--open", help="Open the dossier in the browser.")] = False,  # noqa: A002
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Show what a model gives: the brief of an article, and the dossier of a dispute. Needs no key and no network.

    The model's replies were recorded; the library makes briefs and dossier of them while you wait.

    Exit codes: 0 done; 1 failed; 2 wrong usage.
    """
    if out and out.exists() and not out.is_dir():
        raise typer.BadParameter(f"{out} is a file; name a folder", param_hint="--out")
    with report_problems(debug=debug):
        from summarizer.client import Summarizer
        from summarizer.dossier import Dossier
        from summarizer.render import write_site
        from summarizer.store import Store

        recording = read_recording(_REPLIES)
        articles = sorted(_ARTICLES.glob("[0-9]*.md"))
        folder = out or Path(tempfile.mkdtemp(prefix="summarizer-demo-"))
        said = f"replies of the model “{recording.model}”, recorded on {recording.date}"
        with (
            tempfile.TemporaryDirectory() as scratch,
            show_stages(quiet=quiet) as stages,
            Store(Path(scratch) / "demo.db") as store,
        ):
            with Summarizer(model=recording.create_model(), store=store) as summarizer:
                briefs = [outcome.brief for outcome in summarizer.summarize_many(articles) if outcome.brief]
            dossier = Dossier.from_store(store, on_progress=stages.link)
            title = f"A demonstration: a dispute about a valley ({said})"
            count = write_site(dossier, folder, title=title, on_page=stages.write)
            copies = [str(each.title) for each in store.articles() if each.copy_of]
            brief = max(briefs, key=lambda each: len({name for one in each.positions for name in one.holders}))
            page = folder / "articles" / f"{store.find_article(str(brief.article.source)).id}.html"
        write_brief(brief, "terminal", None, None)
        typer.echo()
        print_message(f"This is a demonstration: no model was asked; these are {said}.")
        print_message(f"The articles are invented; {len(briefs)} of {len(articles)} have a brief.")
        listed = len(articles) - len(copies)
        print_message(f"The dossier lists {listed}; left out as a copy of another: {', '.join(copies)}.")
        print_message(f"The brief beside its article: {page}")
        print_message(f"The dossier of the dispute, {count} pages: {folder / 'index.html'}")
        print_message("Your own article: summarizer brief FILE --model NAME; 'summarizer doctor' checks the setup.")
        if open:
            open_page(folder / "index.html")
