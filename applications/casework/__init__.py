"""The office's desk: the list of cases and the case on one page. Owns no rows; asks every subject below."""
