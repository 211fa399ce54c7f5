"""An offer of a place: its terms and conditions, its letter, the answer, and the lapse. May know reviews
and below."""
