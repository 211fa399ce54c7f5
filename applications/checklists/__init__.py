"""What officers have looked at, section by section of the form. May know submission and below; moves no case,
and nothing waits for it."""
