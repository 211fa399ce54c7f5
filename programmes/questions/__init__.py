"""What a programme asks beyond the form that all share: sets of questions, as versioned data.

A set belongs to one programme or to every programme of a kind at an institution. Its content is plain JSON
behind a small typed face (`content.py`), so one fingerprint names it, one trigger keeps it, and two versions
are compared without a query. Answers are `applications.submission`'s; this package knows no case.
"""
