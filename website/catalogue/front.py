"""What the home page shows: what is in here, and what was published last."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from threepoint.standard.publishers import MADE_UP
from website.common import facts, naming
from website.common.parts import Link

NEWEST = 3


@dataclass(frozen=True)
class Front:
    """The line of what is held, and the newest events as plain lines."""

    held: str
    newest: tuple[tuple[Link, str], ...]
    synthetic: bool
    partly: bool  # whether real data stands beside what was made up


def front(snapshot: facts.Snapshot) -> Front:
    """The home page's words."""
    wish = facts.Wish(only={"kind": ("contract", "project")}, order="newest", size=NEWEST, counted=())
    newest = tuple(
        (Link(hit.shown.get("title") or hit.id, naming.address(hit)), _event(hit))
        for hit in facts.search(snapshot, wish).hits
    )
    outline = facts.outline(snapshot)
    made_up = bool(set(outline.notices) & set(MADE_UP))
    real = bool(set(outline.notices) - set(MADE_UP)) or bool(snapshot.manifest["tables"].get("scheme"))
    return Front(_held(snapshot, outline), newest, made_up, real)


def _held(snapshot: facts.Snapshot, outline: facts.Outline) -> str:
    """What is in here, in one line: notices by who published them, and of which years lists are."""
    tables = snapshot.manifest["tables"]
    projects, unread = tables.get("scheme", 0), snapshot.manifest.get("quarantined", 0)
    made_up = sum(outline.notices.get(group, 0) for group in MADE_UP)
    home = outline.notices.get("uk", 0)
    told = [
        (ngettext("%(n)s notice of UK publishers", "%(n)s notices of UK publishers", home), home),
        (_("%(n)s notices of others"), sum(outline.notices.values()) - home - made_up),
        (ngettext("%(n)s notice that was made up", "%(n)s notices that were made up", made_up), made_up),
        (ngettext("%(n)s major project", "%(n)s major projects", projects), projects),
        *((words + _years(outline, table), tables.get(table, 0)) for table, words in _lists(tables)),
    ]
    could_not = ngettext("%(n)s part we could not read", "%(n)s parts we could not read", unread)
    return " · ".join(words % {"n": f"{n:,}"} for words, n in [*(one for one in told if one[1]), (could_not, unread)])


def _lists(tables: dict[str, int]) -> list[tuple[str, str]]:
    payments, sales, plans = (tables.get(name, 0) for name in ("spend", "sale", "pipeline_entry"))
    return [
        ("spend", ngettext("%(n)s payment", "%(n)s payments", payments)),
        ("sale", ngettext("%(n)s sale", "%(n)s sales", sales)),
        ("pipeline_entry", ngettext("%(n)s plan to buy", "%(n)s plans to buy", plans)),
    ]


def _years(outline: facts.Outline, table: str) -> str:
    """The first and last year of a list, in brackets; empty where nothing tells."""
    first, last = outline.years.get(table, (0, 0))
    if not first:
        return ""
    return f" ({first})" if first == last else _(" (%(first)d to %(last)d)") % {"first": first, "last": last}


def _event(hit: facts.Hit) -> str:
    """One plain line: who, where it stands, when."""
    who = hit.shown.get("buyer") or _("a body without a name")
    status = naming.status(hit)
    return " · ".join(part for part in (who, status, naming.day(hit)) if part)
