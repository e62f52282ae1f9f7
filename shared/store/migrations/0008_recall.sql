-- What search reads, laid out so that reading it takes few rows: its time is what a user waits for.

-- A vector as a string of bits, whose Hamming distances stand for angles: narrow rows, which are quick to go through.
create table vector_codes (
  space bigint not null,
  audience text not null,
  item bigint not null,
  code bit varying not null,
  primary key (space, audience, item)
);

-- Who sees an indexed item: '' for everybody of the org, else `user:ID`, `agent:ID` or `workstream:ID`.
alter table vectors drop constraint vectors_item_kind_check;
alter table vectors add column audience text not null default '';
alter table vector_spaces add column id bigint generated always as identity unique;
-- Items with a code. Fewer than `items` where vectors are older than codes: these are compared one by one.
alter table vector_spaces add column coded_items bigint not null default 0;

-- A number for each workstream: what the index says of a turn's place stays short.
alter table workstreams add column number bigint generated always as identity unique;

-- One row for many items of a term, 26 bytes each (see posting-pages.ts). Page 0 takes more; a full one has the id of its last item.
alter table postings rename to postings_by_item;
alter index postings_pkey rename to postings_by_item_pkey;
create table postings (
  org_id text not null,
  item_kind text not null,
  term text not null,
  audience text not null,
  page bigint not null,
  packed bytea not null,
  primary key (org_id, item_kind, term, audience, page)
);
-- Packed bytes do not get smaller, and trying takes time.
alter table postings alter column packed set storage external;
insert into postings (org_id, item_kind, term, audience, page, packed)
select org_id, item_kind, term, '', case when count(*) = 64 then max(item) else 0 end,
  string_agg(float8send(item::float8) || float8send(sequence::float8) || int4send(position::int4) || int4send(item_length::int4)
    || substring(int4send(least(frequency, 65535)::int4) from 3), '' order by item)
from (
  select p.*, coalesce(w.number, p.item) as sequence, coalesce(t.seq, 0) as position,
    (row_number() over (partition by p.org_id, p.item_kind, p.term order by p.item) - 1) / 64 as nth
  from postings_by_item p
  left join turns t on p.item_kind = 'turn' and t.id = p.item
  left join workstreams w on w.org_id = t.org_id and w.workstream_id = t.workstream_id
) as placed
group by org_id, item_kind, term, nth;
drop table postings_by_item;

-- Rare words weigh more by what one sees, not by what others have.
alter table corpora add column audience text not null default '';
alter table corpora drop constraint corpora_pkey;
alter table corpora add primary key (org_id, item_kind, audience);

-- What happened when: for searches that name a time. And turns that nothing has indexed yet, newest first.
create index memories_observed on memories (org_id, observed_at);
create index turns_occurred on turns (org_id, occurred_at);
create index turns_pending_newest on turns (org_id, id) where state = 'pending';
