"""Every subject's admin, gathered so that Django's autodiscovery finds it."""
