"""Question banks in the database: questions, their versions and states, import, approval."""
