"""What a publication says of itself: in its manifest, and to the person who made it."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from threepoint.publish import licences
from threepoint.publish.output_folder import WrittenFile


@dataclass
class Publication:
    """What was published: how much, in which files, from whom, and what is left out. `details` are the format's own."""

    format: str
    out: Path
    counts: dict[str, int] = field(default_factory=dict)
    files: list[WrittenFile] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)
    left_out: dict[str, Any] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def synthetic(self) -> bool:
        """True where some of it is invented."""
        return any(source["group"] == "synthetic" for source in self.sources)

    def manifest(self) -> dict[str, Any]:
        """What stands beside the files, without the place where they were written."""
        from threepoint import __version__

        told = {name: value for name, value in asdict(self).items() if name != "out"}
        return {"made_with": f"Three Point {__version__}", **told} | self.labels()

    def labels(self) -> dict[str, Any]:
        """What must be said of rights, and of data that is invented."""
        groups = {source["group"] for source in self.sources}
        told: dict[str, Any] = {"attribution": licences.OGL_ATTRIBUTION} if groups & set(licences.OGL_GROUPS) else {}
        return told | ({"synthetic": licences.SYNTHETIC_NOTE} if self.synthetic else {})
