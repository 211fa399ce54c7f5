"""Who signs in, and the names of the roles and rights others grant."""
