-- The maximum wait under which the due time was set: a later time was set by a clock that was ahead. Workers may have another maximum than the app.
alter table workstreams add column digest_max_wait_ms bigint;
