"""What the pages of the rules accept: the public check, drafts of a policy, the acceptance register; one file
a concern."""
