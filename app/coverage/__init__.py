"""Coverage: the mandates of courses/data against the registry, per sector, region and year."""
