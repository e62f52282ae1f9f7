-- What was to be forgotten, by whose wish, and how far that is: the record of an erasure, and its tombstone. It holds ids and no text.
create table erasures (
  id bigint generated always as identity primary key,
  org_id text not null,
  -- With none of them it is the whole org.
  user_id text,
  workstream_id text,
  turn_id text,
  memory bigint,
  -- Of retention: settled turns that are older, unless an active memory of at least this importance comes from them.
  older_than timestamptz,
  kept_importance real,
  -- The newest turn and memory when it was asked for: what is recorded later stays, also if it ends much later.
  upto_turn bigint not null,
  upto_memory bigint not null,
  requested_by text not null,
  requested_at timestamptz not null,
  completed_at timestamptz,
  turns bigint not null default 0,
  memories bigint not null default 0
);
create index erasures_org on erasures (org_id, id);
create index erasures_unfinished on erasures (id) where completed_at is null;
