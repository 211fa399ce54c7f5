"""base is shared; demo, production and test say only what differs."""
