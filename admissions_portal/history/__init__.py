"""What happened: append-only events.

A row holds ids, codes, dates and the actor's kind and id, and no foreign key; never a name, an address or
typed text. So a person can be anonymised while the record stays true.
"""
