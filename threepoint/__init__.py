"""Public technology procurement, from notice to lesson.

read → merge → check → facts, compare.     The order lives in pipeline.py.
Every room takes and returns the nouns in standard/, and knows no other room.
"""

__version__ = "0.1.0"
