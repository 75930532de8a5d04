"""Holders, as the views name them."""

from summarizer.brief import Holder
from summarizer.render.words import line


def name(holder: Holder) -> str:
    """The holder's name, or what stands for one."""
    return line(holder.name or "") or ("The author" if holder.kind == "author" else "Somebody unnamed")


def about(holder: Holder) -> str:
    """Role and affiliation, the latter only where the role does not say it already."""
    role, affiliation = line(holder.role or ""), line(holder.affiliation or "")
    return role if affiliation in role else ", ".join(filter(None, [role, affiliation]))
