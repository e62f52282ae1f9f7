-- Turns whose extraction was given up are found by their words like those that wait for it; and memories by what a search filters on.
drop index turns_pending_newest;
create index turns_unindexed_newest on turns (org_id, id) where state in ('pending', 'dead_lettered');
create index memories_by_kind on memories (org_id, kind, importance) where status = 'active';
