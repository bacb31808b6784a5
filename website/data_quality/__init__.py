"""How good the data is: what was loaded, what is missing, how to fill it, and how everything is worked out."""
