-- expand: streams of events. Whoever appends locks the stream's row until the transaction commits: the order of seq is that of commits, without a gap.
create table event_streams (
  id bigint generated always as identity primary key,
  org_id text not null,
  -- Part by part, so that no id can forge a separator.
  stream text[] not null,
  -- Another one for a stream that was erased and begins again: cursors of the old one do not fit.
  epoch text not null,
  first_seq bigint not null default 1,
  last_seq bigint not null,
  ended_at timestamptz,
  unique (org_id, stream)
) with (fillfactor = 70);
-- What retention looks for; the bound is the constant of `trim-events.ts`.
create index event_streams_long on event_streams (id) where last_seq - first_seq >= 10000;
create index event_streams_ended on event_streams (ended_at) where ended_at is not null;
create table events (
  id bigint generated always as identity,
  stream bigint not null references event_streams (id) on delete cascade,
  seq bigint not null,
  org_id text not null,
  event_id text not null,
  type text not null,
  at timestamptz not null,
  -- Who sees it, in the words of `audiences.ts`.
  audience text not null,
  -- Whose it is, so that erasing finds it.
  user_id text,
  workstream_id text,
  turn_id text,
  memory bigint,
  -- JSON as it is sent.
  data text not null,
  -- Across streams events are read in the order of transactions.
  xid xid8 not null default pg_current_xact_id(),
  primary key (stream, seq),
  unique (stream, event_id)
);
create index events_at on events (at);
create index events_org on events (org_id, xid, id);
create index events_user on events (org_id, user_id) where user_id is not null;
create index events_memory on events (org_id, memory) where memory is not null;
