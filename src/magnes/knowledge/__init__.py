"""Read-only facts: tables with value, unit, source, locator and verified flag."""
