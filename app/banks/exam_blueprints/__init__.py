"""Blueprints of exams in the database: written by one person, put in use by another, drawn by instead of the rule's."""
