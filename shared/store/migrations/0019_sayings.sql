-- When a turn counts as said. Within a workstream the order of recording decides, and no clock that is ahead makes a turn newer than its recording.
alter table turns add column said_at timestamptz;
update turns t set said_at = ordered.said_at from (
  select id, max(least(occurred_at, recorded_at)) over (partition by org_id, workstream_id order by seq) as said_at from turns) ordered
where ordered.id = t.id;
alter table turns alter column said_at set not null;
-- Of its newest turn.
alter table workstreams add column said_at timestamptz;
update workstreams w set said_at = (
  select max(said_at) from turns t where t.org_id = w.org_id and t.workstream_id = w.workstream_id);

-- When a turn said a memory, and since when it holds by what that turn says: a fact that is said late may fall between two sayings of another.
alter table memory_sources add column said_at timestamptz;
alter table memory_sources add column valid_from timestamptz;
update memory_sources s set said_at = t.said_at, valid_from = m.valid_from from turns t, memories m where t.id = s.turn and m.id = s.memory;
alter table memory_sources alter column said_at set not null;
alter table memory_sources alter column valid_from set not null;

-- Whom or what a memory is about, in the form in which subjects are compared.
alter table memories add column subject_key text;
update memories set subject_key = lower(subject);
drop index memories_about;
create index memories_about on memories (org_id, subject_key, lower(attribute)) where attribute is not null;

-- The org's memories_version that added a memory, or let it count: what a plan of an earlier version has not compared with.
alter table memories add column changed_in bigint not null default 0;
create index memories_changed_in on memories (org_id, changed_in);
