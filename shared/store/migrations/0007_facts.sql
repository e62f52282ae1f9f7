-- For whom a turn was said, and who may see what is remembered of it: everybody of the org, its user, its agent, or its workstream.
alter table turns add column user_id text;
alter table turns add column agent_id text;
alter table turns add column memory_scope text not null default 'org' check (memory_scope in ('org', 'user', 'agent', 'workstream'));
create index turns_user on turns (org_id, user_id) where user_id is not null;

-- At most one of the three is set, and then the memory is seen by those only who name it; with none it is the org's.
alter table memories add column user_id text;
alter table memories add column agent_id text;
alter table memories add column workstream_id text;
alter table memories add constraint memories_scope check (num_nonnulls(user_id, agent_id, workstream_id) <= 1);
-- What the fact is about and which of its properties it states: a newer one of the same two takes its place.
alter table memories add column subject text;
alter table memories add column attribute text;
alter table memories add column importance real not null default 0.5 check (importance between 0 and 1);
-- ISO 639-1, as far as it is known.
alter table memories add column language text;
-- Only `active` is found by search. `quarantined` waits for a review, `rejected` stays so that the same fact does not come back.
alter table memories add column status text not null default 'active' check (status in ('active', 'quarantined', 'rejected'));
alter table memories add column status_reason text;
alter table memories add column reviewed_by text;
alter table memories add column reviewed_at timestamptz;

-- A fact that was superseded may become true again: then it is another row with a time of its own.
alter table memories drop constraint memories_org_id_fact_hash_key;
create unique index memories_open_fact on memories (org_id, fact_hash, user_id, agent_id, workstream_id) nulls not distinct where valid_to is null;
create index memories_fact on memories (org_id, fact_hash);
create index memories_about on memories (org_id, lower(subject), lower(attribute)) where attribute is not null;
create index memories_superseded_by on memories (superseded_by) where superseded_by is not null;
create index memories_quarantined on memories (org_id, id) where status = 'quarantined';

-- Two facts that cannot both be true, where nothing says which is: both stay, and each shows the other. `memory` is the lower id.
create table memory_contradictions (
  memory bigint not null references memories on delete cascade,
  other bigint not null references memories on delete cascade,
  noticed_at timestamptz not null,
  primary key (memory, other),
  check (memory < other)
);
create index memory_contradictions_other on memory_contradictions (other);

-- What a model answered, kept from before anything is written until its effects are: a retry replays it. It holds words of these turns.
create table model_checkpoints (
  org_id text not null,
  input_hash bytea not null,
  task text not null,
  turns bigint[] not null,
  output jsonb not null,
  created_at timestamptz not null,
  primary key (org_id, input_hash)
);
create index model_checkpoints_created on model_checkpoints (created_at);

-- Raised by each commit that adds memories, so that a plan made outside the lock is known to be stale.
alter table org_fences add column memories_version bigint not null default 0;
