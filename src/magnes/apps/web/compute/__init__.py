"""Heavy work beside the server process."""
