"""The registry (名录): enterprises, people, appointments, bars. It is the denominator of every coverage figure."""
