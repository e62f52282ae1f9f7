-- expand: what the console keeps: who did what, operations on many dead letters, the fleet's processes and its minutes. It holds ids, never words of users.

-- One row for each action of a person: written before its effect, settled after it. A row that stays `intended` belongs to a process that died meanwhile.
create table audit_events (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  actor text not null,
  role text not null,
  action text not null,
  -- Null for what is of no single org.
  org_id text,
  subject text not null,
  address text not null,
  outcome text not null default 'intended' check (outcome in ('intended', 'done', 'refused')),
  code text,
  message text not null default '',
  settled_at timestamptz
);
create index audit_events_org on audit_events (org_id, id) where org_id is not null;

-- One action on all dead letters that matched a filter when it was confirmed: those up to `upto_id`, and none that died later.
create table bulk_operations (
  id bigint generated always as identity primary key,
  action text not null check (action in ('replay', 'drop')),
  -- Null where every org is meant; likewise the other three.
  org_id text,
  queue text,
  code text,
  cause text,
  upto_id bigint not null,
  -- Letters up to this one are worked off.
  after_id bigint not null default 0,
  confirmed bigint not null,
  done bigint not null default 0,
  refused bigint not null default 0,
  requested_by text not null,
  requested_at timestamptz not null,
  state text not null default 'running' check (state in ('running', 'aborted', 'ended')),
  failure text,
  ended_at timestamptz
);
create index bulk_operations_running on bulk_operations (id) where state = 'running';

-- Processes of workers, each with its last sign of life.
create table fleet_processes (
  id uuid primary key,
  name text not null,
  host text not null,
  pid int not null,
  version text not null,
  config_digest text not null,
  started_at timestamptz not null,
  seen_at timestamptz not null,
  stopped_at timestamptz,
  rss_bytes bigint not null,
  loop_lag_ms int not null,
  -- [{"queue", "concurrency", "running", "started", "oldestRunMs"}]
  queues jsonb not null
);
create index fleet_processes_seen on fleet_processes (seen_at);

-- What happened in a queue in a minute. Workers add what they started and ended, the sampler what was waiting.
create table fleet_minutes (
  queue text not null,
  minute timestamptz not null,
  started int not null default 0,
  completed int not null default 0,
  failed int not null default 0,
  retried int not null default 0,
  -- How many jobs started within each bound of START_BOUNDS_MS, and beyond the last.
  start_latency int[] not null default '{}',
  waiting int,
  due int,
  primary key (queue, minute)
);
create index fleet_minutes_minute on fleet_minutes (minute);

-- The newest sample of each kind, which pages and gauges read instead of the tables behind it.
create table fleet_samples (
  name text primary key,
  sampled_at timestamptz not null,
  value jsonb not null
);

-- The reason without what differs from case to case: letters with the same one died of the same cause.
alter table dead_letters add column cause text generated always as (
  left(regexp_replace(left(reason, 300), '"[^"]*"|[A-Za-z_-]*[0-9][0-9A-Za-z_-]*', '#', 'g'), 200)
) stored;
create index dead_letters_grouped on dead_letters (queue, code, cause, id) include (org_id, died_at) where resolution is null;

-- For looking up an id without knowing its org.
create index workstreams_by_id on workstreams (workstream_id);
create index turns_by_id on turns (turn_id);
create index turns_by_user on turns (user_id) where user_id is not null;
create index code_repos_by_id on code_repos (repo_id);
create index workstreams_pending on workstreams (org_id, first_pending_at) where first_pending_at is not null;
create index memories_of_org on memories (org_id, id);
create index memories_held on memories (id) where status = 'quarantined';
