"""Link the issues of many briefs to issues of the dossier."""

from summarizer._text import normalize
from summarizer.dossier.identifiers import new_identifier
from summarizer.store import Database, insert


def link_issues(database: Database) -> set[str]:
    """Link each issue of a brief to one of the dossier. Return the ids of those that are new or have new wordings."""
    touched: set[str] = set()
    rows = database.query(
        "SELECT issues.id, issues.key, issues.proposition, issues.given FROM issues "
        "JOIN briefs ON briefs.id = issues.brief JOIN articles ON articles.id = briefs.article "
        "WHERE issues.dossier_issue IS NULL ORDER BY articles.published, issues.id"
    )
    found = database.query("SELECT id, proposition FROM dossier_issues")
    known = {normalize(row["proposition"]): row["id"] for row in found}
    with database.transaction() as connection:
        for row in rows:
            issue = known.get(normalize(row["proposition"]))
            if issue is None:
                issue = row["key"] if row["given"] else new_identifier(connection, "dossier_issues", row["proposition"])
                values = {"id": issue, "proposition": row["proposition"], "given": row["given"]}
                insert(connection, "dossier_issues", values, on_conflict="IGNORE")
                known[normalize(row["proposition"])] = issue
            connection.execute("UPDATE issues SET dossier_issue = ? WHERE id = ?", (issue, row["id"]))
            touched.add(issue)
    return touched
