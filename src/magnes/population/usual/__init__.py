"""Usual intake of a population from a few recalled days: the exact one-part model, without sampling."""
