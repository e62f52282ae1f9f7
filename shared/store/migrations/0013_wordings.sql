-- How a turn put a fact where it was not in the memory's words: {"fact", "subject", "attribute", "language"}. Once nobody's turn is left who said it in
-- the memory's words, the memory goes on in these.
alter table memory_sources add column wording jsonb;

-- Reading an org's memories in pages by their ids: what has no vector, and what is exported.
create index memories_org on memories (org_id, id);
