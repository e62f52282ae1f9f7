-- expand: what an app notes of a turn, to filter by: one row each, so that a value is found by an index within its org. A memory has that of its turns.
create table turn_metadata (
  org_id text not null,
  key text not null,
  -- A string, a number or a boolean.
  value jsonb not null,
  turn bigint not null references turns on delete cascade,
  primary key (org_id, key, value, turn)
);
create index turn_metadata_turn on turn_metadata (turn);
