-- oldest program: 0068
-- Whether all pending turns of a workstream are a backfill, which lets the org's live turns go first.
alter table workstreams add column is_backfill boolean not null default false
