"""Models, imported here because Django looks for them in this module."""

from website.catalogue.citation_model import Citation

__all__ = ["Citation"]
