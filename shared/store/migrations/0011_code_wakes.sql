-- How often a request was queued again since it was made: each time after twice as long, so that one that kills its workers does so ever more rarely.
alter table code_indexes add column wakes int not null default 0;
