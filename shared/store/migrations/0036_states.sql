-- States of agents in versions. A version is a frame: a whole state, or what changed since the frame before it in the same chain.
create table states (
  id bigint generated always as identity primary key,
  org_id text collate "C" not null,
  -- Empty for a state of the org itself.
  user_id text collate "C" not null,
  state_id text collate "C" not null,
  -- Changes with each write, so that a writer notices every other one.
  revision bigint not null default 1,
  -- The newest number that was ever given. It stays when the state is deleted, so that no number is given twice.
  version bigint not null default 1,
  -- The newest version that is there; 0 when the state is deleted.
  head bigint not null default 1,
  saved_at timestamptz not null,
  expires_at timestamptz,
  ttl_seconds int,
  is_sliding boolean not null default false,
  keep_versions int,
  tags text[] not null,
  metadata jsonb not null,
  unique (org_id, user_id, state_id)
);
create index states_expiry on states (expires_at) where expires_at is not null;
-- Saves change no indexed column, so that they need no new index entries while a page has room.
alter table states set (fillfactor = 70);

create table state_versions (
  state bigint not null references states on delete cascade,
  version bigint not null,
  chain bigint not null,
  position int not null,
  raw_bytes int not null,
  saved_at timestamptz not null,
  label text collate "C",
  save_id text collate "C",
  restored_from bigint,
  tags text[] not null,
  metadata jsonb not null,
  primary key (state, version)
);
create unique index state_versions_label on state_versions (state, label) where label is not null;
create unique index state_versions_save on state_versions (state, save_id) where save_id is not null;

-- A chain is named after the version that began it. Frames are compressed already.
create table state_frames (
  state bigint not null references states on delete cascade,
  chain bigint not null,
  position int not null,
  frame bytea not null,
  -- SHA-256 of the state.
  digest bytea not null,
  primary key (state, chain, position)
);
alter table state_frames alter column frame set storage external
