"""Many people at once, with the same functions as one person."""
