"""Answers of the knowledge base in pieces, written as text or as HTML: statements, why, evidence, look-ups."""
