"""Texts with markup: HTML to plain text, to the HTML of a question, and from there to other formats."""
