"""What runs in the background and takes longer than a page may.

A row says what was asked, by whom, and how far it is.
A runner is registered by name and must be safe to run twice: a job whose worker died is given to another.
Knows nobody but the ground.
"""
