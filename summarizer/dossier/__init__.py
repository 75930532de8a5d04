"""Many briefs as one picture: actors and issues across articles, and how positions change over time."""

from summarizer.dossier.decisions import DecisionLog
from summarizer.dossier.dossier import Dossier
from summarizer.dossier.identifiers import decision_key
from summarizer.dossier.types import (
    Actor,
    Answer,
    Change,
    Contradiction,
    Decision,
    DossierIssue,
    Question,
    Role,
    Statement,
    StatementDetails,
    Wording,
)

__all__ = [
    "Actor",
    "Answer",
    "Change",
    "Contradiction",
    "Decision",
    "DecisionLog",
    "Dossier",
    "DossierIssue",
    "Question",
    "Role",
    "Statement",
    "StatementDetails",
    "Wording",
    "decision_key",
]
