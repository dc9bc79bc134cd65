"""Training institutions and exam sites, their standing and what changed it."""
