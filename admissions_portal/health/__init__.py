"""Is it up, and since when was it not: pulses of worker and beat, and a record of every gap between them."""
