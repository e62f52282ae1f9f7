-- oldest program: 0090
-- Where what search serves was read from; `source` is where the next run reads. Null for what no run has read yet.
alter table code_indexes add column served_source text;
update code_indexes i set served_source = coalesce(i.source, r.source) from code_repos r where r.id = i.repo and i.generation > 0
