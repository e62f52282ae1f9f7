-- Checkpoints of graphs: threads, what each checkpoint's channels hold, and the writes of tasks. Values are frames of chains, as states are.
create table checkpoint_threads (
  id bigint generated always as identity primary key,
  org_id text collate "C" not null,
  thread_id text collate "C" not null,
  user_id text collate "C",
  created_at timestamptz not null,
  -- When it was last written to, to the hour.
  touched_at timestamptz not null,
  expires_at timestamptz,
  -- Changes when checkpoints go, so that whoever follows one of them notices.
  prunes int not null default 0,
  unique (org_id, thread_id)
);
create index checkpoint_threads_expiry on checkpoint_threads (expires_at) where expires_at is not null;
create index checkpoint_threads_user on checkpoint_threads (org_id, user_id) where user_id is not null;

-- Keeps a run that is on its way from bringing back a thread that was deleted meanwhile.
create table checkpoint_tombstones (
  org_id text collate "C" not null,
  thread_id text collate "C" not null,
  deleted_at timestamptz not null,
  primary key (org_id, thread_id)
);

create table checkpoints (
  thread bigint not null references checkpoint_threads on delete cascade,
  ns text collate "C" not null,
  checkpoint_id text collate "C" not null,
  parent_id text collate "C",
  -- By channel: [version, chain, position]; [version] when the value is small and stands in the body; [version, null] when it has none,
  -- [version, false] when it is made of the writes of ancestors.
  channels jsonb not null,
  body_chain bigint not null,
  body_position int not null,
  -- The metadata, to be filtered by; as it was given it stands in the body.
  filter jsonb not null,
  primary key (thread, ns, checkpoint_id)
);

create table checkpoint_frames (
  thread bigint not null references checkpoint_threads on delete cascade,
  chain bigint not null,
  position int not null,
  frame bytea not null,
  digest bytea not null,
  primary key (thread, chain, position)
);
alter table checkpoint_frames alter column frame set storage external;

-- A write may come before its checkpoint.
create table checkpoint_writes (
  thread bigint not null references checkpoint_threads on delete cascade,
  ns text collate "C" not null,
  checkpoint_id text collate "C" not null,
  task_path text collate "C" not null,
  task_id text collate "C" not null,
  idx int not null,
  channel text not null,
  -- The value, or where larger ones are, each once in a thread.
  frame bytea,
  payload bytea,
  primary key (thread, ns, checkpoint_id, task_id, idx)
);
alter table checkpoint_writes alter column frame set storage external;

create table checkpoint_payloads (
  thread bigint not null references checkpoint_threads on delete cascade,
  digest bytea not null,
  frame bytea not null,
  primary key (thread, digest)
);
alter table checkpoint_payloads alter column frame set storage external
