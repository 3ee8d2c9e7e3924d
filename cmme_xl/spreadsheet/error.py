"""What is raised where the drawing kit is used wrongly."""


class DrawingError(Exception):
    """Something could not be drawn as told: a bug of the caller, never a fault of the user."""
