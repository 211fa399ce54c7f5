"""The filters over all cases: what waits for whom, and how lists are narrowed and searched. May know
outcomes and below."""
