"""Sectors, roles, courses, hours, mandates and how coverage is counted: the field, with no web and no database."""
