"""Files that people have -> records. Each reader reports every problem of a file at once."""
