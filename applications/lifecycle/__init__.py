"""The case: an application, its state, and the one table by which the state moves. May know applicants."""
