"""The outputs in the README. ``python -m tests.readme`` updates them."""

import os
import re
from io import StringIO
from pathlib import Path

from rich.console import Console, RenderableType
from vcr import VCR

from summarizer import Article, Brief, OpenAIModel, Summarizer
from summarizer.render import ViewOptions, to_terminal
from summarizer.testing import configure_vcr, vcr_config

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
SEED = "seeds/ukraine-nato-offer.txt"  # as the README's commands name it
_SECONDS = re.compile(r"in \d+\.\d s")


def builtin_brief() -> str:
    """Return the terminal view of the article in the README, by the built-in engine."""
    with Summarizer(model="builtin") as summarizer:
        return _shown(summarizer.summarize(_article()))


def recorded_positions() -> str:
    """Return both sides of the issue of the recorded brief, in the terminal view."""
    recorder = configure_vcr(VCR(record_mode="none"))
    model = OpenAIModel("recorded-model", api_key="recorded", base_url="http://recorded.invalid/v1")
    with (
        recorder.use_cassette(ROOT / "cassettes" / "ukraine-nato-offer.yaml", **vcr_config()),
        Summarizer(model=model) as summarizer,
    ):
        brief = summarizer.summarize(_article())
    view = _shown(brief, ViewOptions(limit=0))
    start = view.index(brief.issues[0].proposition)
    return view[start : view.index("\nOther\n", start)].rstrip() + "\n"


def _article() -> Article:
    os.chdir(ROOT)
    return Article.from_file(SEED)


def _shown(brief: Brief, options: ViewOptions | None = None) -> str:
    lines = _text(to_terminal(brief, options or ViewOptions())).splitlines()
    return _SECONDS.sub("in 0.1 s", "\n".join(line.rstrip() for line in lines).strip()) + "\n"


def _text(view: RenderableType) -> str:
    console = Console(file=StringIO(), width=80)
    with console.capture() as captured:
        console.print(view)
    return captured.get()


def block(readme: str, name: str) -> re.Match[str]:
    """Return the match of the block between the markers of this name."""
    found = re.search(rf"(<!-- {name} -->\n```text\n)(.*?)(```\n<!-- end -->)", readme, re.DOTALL)
    assert found, name
    return found


def main() -> None:
    text = README.read_text(encoding="utf-8")
    for name, made in (("brief", builtin_brief()), ("model", recorded_positions())):
        found = block(text, name)
        text = text[: found.start(2)] + made + text[found.end(2) :]
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
