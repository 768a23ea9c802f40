"""The doors: command line now, web and API later. They never import each other."""
