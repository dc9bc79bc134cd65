"""逢培必考: the Flask application. The factory is app/factory.py."""
