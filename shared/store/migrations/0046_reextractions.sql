-- expand: what an org adds to the question for facts.
create table extraction_instructions (
  org_id text primary key,
  text text not null,
  set_by text not null,
  set_at timestamptz not null
);

-- Wishes to extract turns once more: what turns, and how far that is. The row is the truth, its job a wake-up.
create table reextractions (
  id bigint generated always as identity primary key,
  org_id text not null,
  workstream_id text,
  since timestamptz,
  -- Turns are taken in the order of their ids: up to one, after one.
  upto_turn bigint not null,
  after_turn bigint not null default 0,
  requested_by text not null,
  requested_at timestamptz not null,
  completed_at timestamptz,
  turns bigint not null default 0,
  added bigint not null default 0,
  removed bigint not null default 0,
  -- Turns whose model answer was none: they keep what they had.
  skipped bigint not null default 0
);
create index reextractions_open on reextractions (org_id, id) where completed_at is null;

-- What was forgotten, for it must not come back.
create index memories_ended on memories (org_id, user_id, agent_id, workstream_id, id) where ended_by is not null;
