"""What the rules said about a case, and what officers found where the rules leave the judgement to them.

Owns `facts_of`: the one translation of a case into the engine's facts. May know lifecycle and applicants.
"""
