"""What the applicant looks at: the one next step, what is still to do, messages, and where each case stands.

Reads every subject below it and owns no table.
"""
