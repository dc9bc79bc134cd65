"""The desks: pages that gather what several rooms know. The class file of a session, the home of each role."""
