"""The form in sections, the submission that ends it, its receipt, and the reminders before a deadline.

May know evidence and everything below it.
"""
