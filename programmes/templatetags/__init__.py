"""Tags of pages about programmes."""
