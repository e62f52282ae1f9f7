-- Messages with all their parts, and the compactions of long conversations. Raw messages stay; a compaction only says what stands for them.

-- What of a message its role, name and text do not say: content that was not plain text, tool calls, the call that a result answers.
alter table messages add column parts jsonb;
-- Counted with o200k when it was recorded; null when it was not counted then.
alter table messages add column tokens int;
-- The place of the message whose call this one answers; null when there is none near before it.
alter table messages add column call_seq bigint;
alter table messages add column call_position int;

-- What a full load of the conversation takes, kept as turns arrive and compactions flip, so that nobody has to count.
alter table workstreams add column live_tokens bigint not null default 0;
alter table workstreams add column total_messages bigint not null default 0;
-- The places of the first system prompt and the first user message: {"system": [seq, position], "user": [seq, position]}.
alter table workstreams add column pins jsonb not null default '{}';
-- The newest calls without a result: [{"id", "seq", "position", "number"}].
alter table workstreams add column open_calls jsonb not null default '[]';
-- The record in force; null when nothing has been compacted.
alter table workstreams add column compaction bigint;
-- The budget for which a compaction is wanted; null when none is.
alter table workstreams add column compaction_target bigint;
-- Compactions that were begun and neither flipped nor ended, so that one that kills its worker is found out; and summaries that were rejected.
alter table workstreams add column compaction_attempts int not null default 0;
alter table workstreams add column compaction_failures int not null default 0;
alter table workstreams add column compaction_blocked_until timestamptz;
create index workstreams_compaction_wanted on workstreams (org_id, workstream_id) where compaction_target is not null;

update workstreams w set live_tokens = m.tokens, total_messages = m.messages
from (
  select t.org_id, t.workstream_id, count(*) as messages, sum(ceil(octet_length(content) / 4.0) + 4) as tokens
  from turns t join messages on messages.turn = t.id group by t.org_id, t.workstream_id
) m
where w.org_id = m.org_id and w.workstream_id = m.workstream_id;

update workstreams w set pins = p.pins
from (
  select org_id, workstream_id, jsonb_object_agg(role, jsonb_build_array(seq, position)) as pins
  from (
    select distinct on (t.org_id, t.workstream_id, m.role) t.org_id, t.workstream_id, m.role, t.seq, m.position
    from turns t join messages m on m.turn = t.id where m.role in ('system', 'user')
    order by t.org_id, t.workstream_id, m.role, t.seq, m.position
  ) firsts
  group by org_id, workstream_id
) p
where w.org_id = p.org_id and w.workstream_id = p.workstream_id;

-- Append-only: each record follows the one before it, and stands for all messages before its cut, but for the pinned ones.
create table compactions (
  id bigint generated always as identity primary key,
  org_id text not null,
  workstream_id text not null,
  -- The record it follows; 0 for the first. One successor each, so no message is covered twice.
  previous bigint not null,
  from_seq bigint not null,
  from_position int not null,
  -- The first message that it does not cover.
  cut_seq bigint not null,
  cut_position int not null,
  -- Large tool outputs before this place are shown as pointers.
  offload_seq bigint not null,
  offload_position int not null,
  -- How many messages it covers: by itself, and with those before it.
  messages bigint not null,
  total_messages bigint not null,
  -- SHA-256 of the model task, the range and what was read there.
  input_hash bytea not null,
  summary jsonb,
  summary_tokens bigint not null,
  model text not null,
  tokens_before bigint not null,
  tokens_after bigint not null,
  created_at timestamptz not null,
  unique (org_id, workstream_id, previous),
  foreign key (org_id, workstream_id) references workstreams on delete cascade
);
