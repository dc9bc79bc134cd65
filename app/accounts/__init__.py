"""Users, their roles and scopes, sign-in."""
