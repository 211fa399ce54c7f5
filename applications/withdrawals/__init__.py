"""An applicant takes an application back: a submitted one is withdrawn with a reason, a draft is deleted.

Ends whatever is still open in the subjects below it. May know outcomes and below.
"""
