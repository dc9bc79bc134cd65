"""What every feature stands on: database, clock, errors, personal data, files, jobs, imports, tables."""
