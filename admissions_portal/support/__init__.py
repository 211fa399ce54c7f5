"""The lowest layer: what everybody needs and nobody argues about. It must stay boring."""
