"""The body: magnesium over hours to years in gut, blood, tissue, bone and kidney."""
