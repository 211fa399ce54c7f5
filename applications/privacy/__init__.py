"""What is held about a person, and their copy of it. May know every subject and is known by none."""
