"""`./portal`: from an empty machine to a running portal, and its tests.

Everything here but messages.py runs on the standard library alone, because it starts before anything is
installed: it makes .venv, starts PostgreSQL and Valkey, has manage.py fill the database, and then keeps web,
worker and beat alive. It speaks to Django only by starting manage.py.
"""
