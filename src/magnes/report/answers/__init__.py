"""Answers of the knowledge base as plain text: statements, why, evidence."""
