"""Citations: figures with a permanent URL. Rows are added and never changed.

Old snapshots are deleted, so the site's own database stores the figure as it was. A row has no data about the reader who
cited it.
"""

from django.db import models, transaction
from django.urls import reverse

from website.catalogue.cited_figures import SHORT_HASH_DIGITS, CitedFigure, parse_cited_figure
from website.common.audit_log import record_event


class Citation(models.Model):
    """One figure in one snapshot; `canonical_text` is its canonical form (`cited_figures.py`), so no column can contradict the hash."""

    snapshot = models.CharField(max_length=60)
    short = models.CharField(max_length=SHORT_HASH_DIGITS)  # the first digits of the hash, as in the URL
    sha256 = models.CharField(max_length=64, unique=True)
    canonical_text = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["snapshot", "short"], name="one_citation_an_address")]

    def __str__(self) -> str:
        return f"{self.snapshot}/{self.short}"

    def get_absolute_url(self) -> str:
        return reverse("citation", args=[self.snapshot, self.short])

    @property
    def figure(self) -> CitedFigure:
        return parse_cited_figure(self.canonical_text)

    @property
    def whole(self) -> bool:
        """False if someone has edited the row in the database, so that the text no longer matches the hash and the URL."""
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
    """Return the citation of a figure; create it, with an event in the audit log, if there is none.

    Simultaneous requests get the same citation: the hash is unique, so the second request reads the row of the first.
    """
    citation = Citation.objects.filter(sha256=figure.sha256).first()
    return citation or _create_citation(figure)


@transaction.atomic
def _create_citation(figure: CitedFigure) -> Citation:
    sha256 = figure.sha256
    values = {"snapshot": figure.snapshot, "short": sha256[:SHORT_HASH_DIGITS], "canonical_text": figure.canonical}
    citation, is_new = Citation.objects.get_or_create(sha256=sha256, defaults=values)
    if is_new:
        record_event("figure.cited", None, snapshot=citation.snapshot, sha256=sha256)
    return citation


def find_citation(snapshot: str, short: str) -> Citation | None:
    return Citation.objects.filter(snapshot=snapshot, short=short).first()
