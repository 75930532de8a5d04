"""Run the command with ``python -m summarizer``."""

from summarizer.cli import main

main()
