"""Training: course versions, sessions with their classrooms, enrolment, attendance and hours, closing."""
