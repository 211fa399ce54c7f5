"""Who may still be received after a round has closed: codes made by the office, and time given to one person.
May know lifecycle."""
