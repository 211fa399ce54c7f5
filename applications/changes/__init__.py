"""Changes an applicant proposes after the round has closed, which the office accepts or refuses.

The submission stays as it was sent; what is accepted stands beside it. May know submission and below.
"""
