-- When somebody last asked for it, and the last sign of life of who works on it: without one for a while it is taken up, the longest untouched first.
alter table erasures add column asked_at timestamptz;
alter table erasures add column worked_at timestamptz;
update erasures set asked_at = requested_at, worked_at = requested_at;
alter table erasures alter column asked_at set not null;
alter table erasures alter column worked_at set not null;
drop index erasures_unfinished;
create index erasures_unfinished on erasures (worked_at) where completed_at is null;
-- For retention, which goes through the orgs one after the other.
create index turns_settled on turns (org_id, recorded_at) where state <> 'pending';
