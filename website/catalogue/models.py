"""Where Django looks for models; they stand beside what uses them."""

from website.catalogue.citations import Citation

__all__ = ["Citation"]
