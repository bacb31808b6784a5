"""Where Django looks for models; they stand beside what uses them."""

from website.catalogue.citation_model import Citation

__all__ = ["Citation"]
