"""Messages as rows: an action queues one in its own transaction, a worker delivers it after the commit.

A message says what it is about by kind and id, and may carry a paper; it knows nothing else of the house.

What is guaranteed: a message queued in a transaction that commits is handed to the mail server at least once,
and one that rolls back never. Each message is sent under a lock on its row and marked sent before the lock is
let go, so no two workers send the same one and a worker killed before the server took the mail leads to
exactly one mail. Only a worker killed between the server's answer and our commit makes a second one; both
carry the row's id as Message-ID, by which mail systems recognise a repeat. SMTP offers no more than that.
"""
