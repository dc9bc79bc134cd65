"""Reading a roster (名册): one row a person, enterprise and role; checked as a whole, loaded as a whole, undone."""
