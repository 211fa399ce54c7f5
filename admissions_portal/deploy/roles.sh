#!/bin/sh
# Once, when the database is made: the role that owns the tables and the role that the portal signs in with.
set -eu
psql -v ON_ERROR_STOP=1 --username postgres -v owner="$DB_OWNER_PASSWORD" -v app="$DB_APP_PASSWORD" <<'SQL'
CREATE ROLE portal_owner LOGIN PASSWORD :'owner';
CREATE ROLE portal LOGIN PASSWORD :'app';
CREATE DATABASE portal OWNER portal_owner;
REVOKE ALL ON DATABASE portal FROM PUBLIC;
GRANT CONNECT ON DATABASE portal TO portal;
\connect portal
GRANT USAGE ON SCHEMA public TO portal;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO portal;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO portal;
SQL
