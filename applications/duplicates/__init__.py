"""Two records that are perhaps one person's, within one institution: compared, listed with reasons, joined or
told apart by an officer, and undone.

Joining writes one row, `lifecycle.same_person.PersonJudgement`; no account, no case and nothing of another
institution is touched. May know cases and identity numbers, nothing of lists.
"""
