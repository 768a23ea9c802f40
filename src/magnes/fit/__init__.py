"""Which bodies agree with a person's laboratory values: from people of this kind to this person."""
