"""People's cases, from the profile to the accepted offer: one Django app, a sub-package for each thing an
admissions officer would name. The files here gather by explicit import and hold no logic."""
