"""Tests of the certificates library: no application, no database, no network."""
