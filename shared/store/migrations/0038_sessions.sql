-- expand: who is logged in. The id that a browser has is never stored, only its SHA-256, and tokens are sealed by SECRET_KEYS.
-- `org_id` is empty for operators of the dashboard. A session that has ended has no row, so nothing can write to it.
create table sessions (
  id bigint generated always as identity primary key,
  key uuid not null,
  id_hash bytea not null unique,
  org_id text not null,
  user_id text not null,
  device text not null,
  data text not null,
  tokens bytea,
  revision integer not null default 1,
  refresh_fence integer not null default 0,
  refresh_until timestamptz,
  idle_ms bigint not null,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index sessions_of_user on sessions (org_id, user_id, id);
create index sessions_by_expiry on sessions (expires_at);
