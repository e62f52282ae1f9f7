-- What apps record, and when it is due. A turn is `pending` until its effects are committed or its failure is a dead letter.
create extension if not exists vector;

create table workstreams (
  org_id text not null,
  workstream_id text not null,
  next_seq bigint not null default 1,
  -- Null when nothing is pending; else min(last turn + window, first pending turn + maximum wait).
  first_pending_at timestamptz,
  digest_due_at timestamptz,
  primary key (org_id, workstream_id)
);
create index workstreams_digest_due on workstreams (digest_due_at) where digest_due_at is not null;

create table turns (
  id bigint generated always as identity primary key,
  org_id text not null,
  workstream_id text not null,
  turn_id text not null,
  -- The order within the workstream, without gaps: neighbours are seq - 1 and seq + 1.
  seq bigint not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  content_hash bytea not null,
  state text not null default 'pending' check (state in ('pending', 'extracted', 'dead_lettered')),
  settled_at timestamptz,
  unique (org_id, workstream_id, turn_id),
  unique (org_id, workstream_id, seq),
  foreign key (org_id, workstream_id) references workstreams
);
create index turns_pending on turns (org_id, workstream_id, seq) where state = 'pending';

create table messages (
  turn bigint not null references turns on delete cascade,
  position int not null,
  role text not null,
  name text,
  content text not null,
  primary key (turn, position)
);

create table dead_letters (
  id bigint generated always as identity primary key,
  org_id text not null,
  turn bigint not null references turns on delete cascade,
  queue text not null,
  code text not null,
  reason text not null,
  attempts int not null,
  died_at timestamptz not null
);
create index dead_letters_org on dead_letters (org_id, id);

-- A periodic duty that one process at a time takes on; the claim survives the loss of Redis.
create table duties (
  name text primary key,
  claimed_until timestamptz not null
);
