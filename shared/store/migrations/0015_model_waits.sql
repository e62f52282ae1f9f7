-- Until when an org's re-embedding leaves the model alone, and why: one row for each org and model that could not be used.
create table reembedding_waits (
  org_id text not null,
  model text not null,
  dims integer not null,
  since timestamptz not null,
  until timestamptz not null,
  code text not null,
  reason text not null,
  primary key (org_id, model, dims)
);

-- A job that fails again for the cause that an open dead letter names makes no second one. Of those that are there the newest stays open.
update dead_letters d set resolution = 'dropped', resolved_by = 'migration', resolved_at = d.died_at
where d.job_id is not null and d.payload is not null and d.resolution is null and exists (
  select from dead_letters n where n.job_id is not null and n.resolution is null and n.queue = d.queue and n.code = d.code
    and n.org_id is not distinct from d.org_id and n.payload = d.payload and n.id > d.id);
create unique index dead_letters_cause on dead_letters (queue, coalesce(org_id, ''), code, md5(payload::text))
  where job_id is not null and payload is not null and resolution is null;
