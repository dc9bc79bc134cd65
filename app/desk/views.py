"""The desks, a file each."""

from app.desk import class_file, exam_site, institution, trainee
from app.desk.blueprint import bp

__all__ = ["bp", "class_file", "exam_site", "institution", "trainee"]
