"""Engines that turn a reading into findings: the built-in rules, or a language model."""

from summarizer.engines.events import Event, OnEvent

__all__ = ["Event", "OnEvent"]
