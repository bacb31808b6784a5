"""Citations: figures that someone asked to keep an address for. Rows are only ever added.

Snapshots are swept; what a figure was in one of them is kept here, in the site's own database. A row holds nothing of whoever
asked for it.
"""

from django.db import models, transaction
from django.urls import reverse

from website.catalogue.cited_figures import SHORT_HASH_DIGITS, CitedFigure, parse_cited_figure
from website.common.audit_log import record_event


class Citation(models.Model):
    """One figure in one snapshot. `said` is its canonical form (`cited`): one text, so that no column can contradict the hash."""

    snapshot = models.CharField(max_length=60)
    short = models.CharField(max_length=SHORT_HASH_DIGITS)  # the first digits of the hash, as in the address
    sha256 = models.CharField(max_length=64, unique=True)
    said = models.TextField()
    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["snapshot", "short"], name="one_citation_an_address")]

    def __str__(self) -> str:
        return f"{self.snapshot}/{self.short}"

    def get_absolute_url(self) -> str:
        """The permanent address."""
        return reverse("citation", args=[self.snapshot, self.short])

    @property
    def figure(self) -> CitedFigure:
        """What was cited."""
        return parse_cited_figure(self.said)

    @property
    def whole(self) -> bool:
        """Whether the text still gives the hash and the address; it does not where someone has edited the database."""
        try:
            figure = self.figure
            return (figure.sha256, figure.snapshot, self.sha256[:SHORT_HASH_DIGITS]) == (
                self.sha256,
                self.snapshot,
                self.short,
            )
        except (TypeError, ValueError):
            return False


def get_or_create_citation(figure: CitedFigure) -> Citation:
    """The citation of a figure: the one that there is, else a new one, with its line in the audit log.

    Two who ask at once get the same: the hash is unique, and who comes second reads what the first wrote.
    """
    held = Citation.objects.filter(sha256=figure.sha256).first()
    return held or _create_citation(figure)


@transaction.atomic
def _create_citation(figure: CitedFigure) -> Citation:
    sha256 = figure.sha256
    said = {"snapshot": figure.snapshot, "short": sha256[:SHORT_HASH_DIGITS], "said": figure.canonical}
    made, new = Citation.objects.get_or_create(sha256=sha256, defaults=said)
    if new:
        record_event("figure.cited", None, snapshot=made.snapshot, sha256=sha256)
    return made


def find_citation(snapshot: str, short: str) -> Citation | None:
    """The citation at an address."""
    return Citation.objects.filter(snapshot=snapshot, short=short).first()
