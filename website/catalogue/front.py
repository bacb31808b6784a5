"""What the home page shows: what is in here, and what was published last."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from website.common import facts, naming
from website.common.parts import Link

NEWEST = 3


@dataclass(frozen=True)
class Front:
    """The line of what is held, and the newest events as plain lines."""

    held: str
    newest: tuple[tuple[Link, str], ...]
    synthetic: bool


def front(snapshot: facts.Snapshot) -> Front:
    """The home page's words."""
    found = facts.search(
        snapshot, facts.Wish(only={"kind": ("contract", "project")}, order="newest", size=NEWEST, counted=())
    )
    newest = tuple((Link(hit.shown.get("title") or hit.id, naming.address(hit)), _event(hit)) for hit in found.hits)
    return Front(_held(snapshot), newest, any(hit.shown.get("synthetic") for hit in found.hits))


def _held(snapshot: facts.Snapshot) -> str:
    tables = snapshot.manifest["tables"]
    notices, projects, payments = tables.get("notice", 0), tables.get("scheme", 0), tables.get("spend", 0)
    sales, plans = tables.get("sale", 0), tables.get("pipeline_entry", 0)
    unread = snapshot.manifest.get("quarantined", 0)
    told = [
        (ngettext("%(n)s notice", "%(n)s notices", notices), notices),
        (ngettext("%(n)s major project", "%(n)s major projects", projects), projects),
        (ngettext("%(n)s payment", "%(n)s payments", payments), payments),
        (ngettext("%(n)s sale", "%(n)s sales", sales), sales),
        (ngettext("%(n)s plan to buy", "%(n)s plans to buy", plans), plans),
    ]
    could_not = ngettext("%(n)s part we could not read", "%(n)s parts we could not read", unread)
    return " · ".join(words % {"n": f"{n:,}"} for words, n in [*(one for one in told if one[1]), (could_not, unread)])


def _event(hit: facts.Hit) -> str:
    """One plain line: who, where it stands, when."""
    who = hit.shown.get("buyer") or _("a body without a name")
    status = naming.status(hit)
    return " · ".join(part for part in (who, status, naming.day(hit)) if part)
