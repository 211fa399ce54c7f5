"""The person who applies: one profile, reused by every application and frozen at each submission.

The lowest subject: it knows users and nothing of any case, programme or rule.
"""
