"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

from summarizer.cli.output import Format

SHOWN = 15  # positions of a brief that is read by a person

Limit = Annotated[
    int,
    typer.Option(
        min=0, help="Positions shown at most, those that weigh most first; 0: all. JSON always has all of them."
    ),
]

Form = Annotated[
    Format | None,
    typer.Option(
        "--format",
        "-f",
        help="How the brief is written; left out: as the output's name ends (.html, .json, .md), else terminal.",
        show_default=False,
    ),
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write to this file, not to the terminal.", show_default=False)
]
ChunkTokens = Annotated[int, typer.Option(min=1, help="Tokens of the article in one request at most.")]
Repairs = Annotated[int, typer.Option(min=0, help="How often a reply with problems is asked for again.")]
Prompts = Annotated[
    Path | None,
    typer.Option(help="A prompt file, or a folder of them, in place of the library's.", show_default=False),
]
Clean = Annotated[bool, typer.Option(help="Cut page furniture such as photo credits.")]
MaxCalls = Annotated[
    int | None, typer.Option(min=1, help="Stop an article after so many requests.", show_default=False)
]
MaxTokens = Annotated[
    int | None, typer.Option(min=1, help="Stop an article after so many tokens, sent and received.", show_default=False)
]
Debug = Annotated[bool, typer.Option("--debug", help="Show a traceback when something fails.")]
Stored = Annotated[
    Path | None,
    typer.Option(
        "--store",
        help="A file that keeps briefs and replies: nothing in it is made or paid for again.",
        show_default=False,
    ),
]
