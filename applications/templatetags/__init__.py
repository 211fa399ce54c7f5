"""Tags of staff pages about cases."""
