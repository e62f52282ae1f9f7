-- expand: who may call the API. `secret_hash` is SHA-256 of 256 random bits; '*' is a key for every org.
create table api_keys (
  id text primary key,
  org_id text not null,
  user_id text,
  name text not null,
  scopes jsonb not null,
  secret_hash bytea not null,
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz
);
create index api_keys_org on api_keys (org_id, created_at);
