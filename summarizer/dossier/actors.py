"""Link the holders of many briefs to actors."""

from summarizer._text import normalize
from summarizer.dossier.identifiers import new_identifier
from summarizer.store import Database, insert


def link_actors(database: Database) -> set[str]:
    """Link each holder without an actor to one. Return the ids of the actors that are new or have new holders."""
    touched: set[str] = set()
    rows = database.query(
        "SELECT holders.id, holders.name, holders.kind, holders.role FROM holders "
        "JOIN briefs ON briefs.id = holders.brief JOIN articles ON articles.id = briefs.article "
        "WHERE holders.actor IS NULL ORDER BY articles.published, holders.id"
    )
    known = {normalize(row["name"]): row["id"] for row in database.query("SELECT id, name FROM actors")}
    with database.transaction() as connection:
        for row in rows:
            name = row["name"] or row["role"] or row["kind"]
            actor = known.get(normalize(name)) if row["name"] and row["kind"] != "unnamed" else None
            if actor is None:
                actor = new_identifier(connection, "actors", name)
                insert(connection, "actors", {"id": actor, "name": name, "kind": row["kind"]})
                known[normalize(name)] = actor
            connection.execute("UPDATE holders SET actor = ? WHERE id = ?", (actor, row["id"]))
            touched.add(actor)
    return touched
