"""The command ``doctor``: what the diagnosis finds, line by line."""

from typing import Annotated

import typer

from summarizer.cli.messages import FAILED, failures_told, warnings_told


def doctor(
    model: Annotated[
        str | None,
        typer.Option("--model", "-m", help="As for brief; left out, what the environment says.", show_default=False),
    ] = None,
) -> None:
    """Look at what stands between you and a brief: server, key, models, a small article there and back.

    Exit status: 0 a brief can be had; 1 it cannot.
    """
    import asyncio

    from summarizer._text import strip_invisible
    from summarizer.cli.diagnosis import diagnose

    async def look() -> bool:
        well = True
        async for check in diagnose(model):
            mark = "ok " if check.ok else "NOT" if check.fails else " ? "
            typer.echo(strip_invisible(f"{mark}  {check.what:8}{check.found}"))
            if not check.ok:
                typer.echo(strip_invisible(f"     {'':8}{check.hint}"))
            well = well and not check.fails
        return well

    with failures_told(debug=False), warnings_told():
        if not asyncio.run(look()):
            raise typer.Exit(FAILED)
