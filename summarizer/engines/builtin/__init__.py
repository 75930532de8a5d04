"""The built-in engine: findings by rules, without a language model."""

from summarizer.engines.builtin.engine import builtin_findings, builtin_notes

__all__ = ["builtin_findings", "builtin_notes"]
