"""The description of a publication, for its manifest and for the user who publishes it."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from threepoint.publish import licences
from threepoint.publish.output_folder import WrittenFile


@dataclass
class Publication:
    """A publication: its counts, files, sources and left-out data. `details` are specific to the format."""

    format: str
    out: Path
    counts: dict[str, int] = field(default_factory=dict)
    files: list[WrittenFile] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)
    left_out: dict[str, Any] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def synthetic(self) -> bool:
        """True if some of the data is synthetic."""
        return any(source["group"] == "synthetic" for source in self.sources)

    def manifest(self) -> dict[str, Any]:
        """Return the content of the manifest, without the path of the output folder."""
        from threepoint import __version__

        fields = {name: value for name, value in asdict(self).items() if name != "out"}
        return {"made_with": f"Three Point {__version__}", **fields} | self.labels()

    def labels(self) -> dict[str, Any]:
        """Return the attribution that the licence requires, and the warning about synthetic data."""
        groups = {source["group"] for source in self.sources}
        labels: dict[str, Any] = {"attribution": licences.OGL_ATTRIBUTION} if groups & set(licences.OGL_GROUPS) else {}
        return labels | ({"synthetic": licences.SYNTHETIC_NOTE} if self.synthetic else {})
