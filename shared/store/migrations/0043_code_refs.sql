-- expand: whether the repository no longer has the ref; a later failure for another reason does not bring it back.
alter table code_indexes add column is_gone boolean not null default false;
update code_indexes set is_gone = true where failure_code = 'REF_UNKNOWN';
-- Where this ref is read from: null for what was asked for before, which the repository's source stands for.
alter table code_indexes add column source text;
