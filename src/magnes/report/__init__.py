"""One assessment record, and its forms: terminal, JSON, HTML."""
