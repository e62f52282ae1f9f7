-- Processes hold the codes that they search, and read only what was added since.

-- Rises with each code of an org, in the order of their commits: an org's writes wait for each other.
alter table vector_codes add column nth bigint generated always as identity;
create index vector_codes_nth on vector_codes (space, audience, nth);

-- Names a set of codes that only grows: another one stands here once codes have been removed.
alter table vector_spaces add column revision uuid not null default gen_random_uuid();
-- Rises with what is added: who holds codes sees by one row whether there are more. Not even what was rolled back leaves a number to be used again.
create sequence vector_additions;
alter table vector_spaces add column additions bigint not null default nextval('vector_additions');

-- Every vector has its code: those that are older than codes are made again.
delete from vectors v using vector_spaces s
where s.coded_items < s.items and s.org_id = v.org_id and s.item_kind = v.item_kind and s.model = v.model and s.dims = v.dims;
delete from vector_codes c using vector_spaces s where s.coded_items < s.items and s.id = c.space;
delete from vector_spaces where coded_items < items;
alter table vector_spaces drop column coded_items;
