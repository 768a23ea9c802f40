"""The web app: pages over the same engine and records as the command line; nothing leaves the machine."""
