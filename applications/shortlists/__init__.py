"""The coordinator's list for committee: ranked, ties shown, handed to exports. May know exports and below."""
