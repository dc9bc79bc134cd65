"""Sittings: from the request to the result. Attempts freeze their paper; answers are appended, never changed."""
