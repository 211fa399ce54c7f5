"""The applicant's page: the next step, to-dos, messages, where it stands. Owns no rows; asks every subject below."""
