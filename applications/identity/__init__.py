"""The whole number of an identity document, asked for once an offer is accepted and not before (DOMAIN C7).

Kept per case, for each institution holds its own; encrypted, and shown to whoever holds a right of its own,
on record. May know the case and the person, nothing of offers.
"""
