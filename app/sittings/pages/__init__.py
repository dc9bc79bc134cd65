"""The pages of sittings: asking for one, running it, coming in, sitting the exam."""
