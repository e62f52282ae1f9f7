-- expand: when an event that was to come is over, by the days that it names. Null for all else, and for what was told as past.
alter table memories add column over_at timestamptz;
-- Of each owner what may be said to be done.
create index memories_open_tasks on memories (org_id, user_id, agent_id, workstream_id, observed_at)
  where kind in ('task', 'event') and status = 'active' and valid_to is null;
