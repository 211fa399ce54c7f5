"""Wiring, and the ground floor that knows no admissions."""
