"""Many briefs as one picture: actors and issues across articles, and how positions change over time."""

from summarizer.dossier.dossier import Dossier, OnProgress
from summarizer.dossier.manual_decisions import describe_decisions
from summarizer.dossier.network import (
    Network,
    Polarisation,
    affiliation_at,
    find_bodies,
    last_stances,
    measure_polarisation,
    one_mode_network,
    replace_people,
    two_mode_network,
)
from summarizer.dossier.tables import read_article_rows, read_brief, read_statement_rows
from summarizer.dossier.types import (
    MEANINGS,
    PEOPLE,
    Actor,
    Answer,
    Change,
    Contradiction,
    Decision,
    DecisionKind,
    DossierIssue,
    DossierProgress,
    Question,
    Role,
    Statement,
    StatementDetails,
    Verdict,
    Wording,
)
from summarizer.dossier.windows import OutletCount, Window, make_windows, parse_day

__all__ = [
    "MEANINGS", "PEOPLE", "Actor", "Answer", "Change", "Contradiction", "Decision", "DecisionKind", "Dossier",
    "DossierIssue", "DossierProgress", "Network", "OnProgress", "OutletCount", "Polarisation", "Question", "Role",
    "Statement", "StatementDetails", "Verdict", "Window", "Wording", "affiliation_at", "describe_decisions",
    "find_bodies", "last_stances", "make_windows", "measure_polarisation", "one_mode_network", "parse_day",
    "read_article_rows", "read_brief", "read_statement_rows", "replace_people", "two_mode_network",
]  # fmt: skip
