"""The pages of training: a file for each topic puts its routes on the blueprint."""

from app.training import attendance_views, course_views, session_views, trainee_views
from app.training.blueprint import bp

__all__ = ["attendance_views", "bp", "course_views", "session_views", "trainee_views"]
