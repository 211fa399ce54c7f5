"""What the pages of the rules accept: the public check, one file a concern."""
