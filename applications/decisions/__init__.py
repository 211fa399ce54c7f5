"""The office decides: an offer or a refusal, and why. May know offers and below."""
