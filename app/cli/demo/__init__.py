"""bikao demo: the main job once, on sample data, through the services that the web uses."""
