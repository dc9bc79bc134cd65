"""Benches: what a large installation feels like, measured on this machine (`make bench-bank`)."""
