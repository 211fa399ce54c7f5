"""What reviewers think of a case: one score and one recommendation each. May know submission and below."""
