"""Courses without an award: one short form, one decision, none of the degree's rules, fee or rounds (HKU-15).

May know applicants, evidence's reading of files and lifecycle's numbers; it is no application and has no
`state`."""
