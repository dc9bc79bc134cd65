"""The command line: one file a group of commands; every command commits once, at its end."""
