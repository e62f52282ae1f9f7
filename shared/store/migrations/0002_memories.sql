-- What the fleet remembers, where it came from, and what search needs to find it.
create table memories (
  id bigint generated always as identity primary key,
  org_id text not null,
  fact text not null,
  -- SHA-256 of the normalised fact: the same fact is one memory with more sources.
  fact_hash bytea not null,
  kind text not null,
  observed_at timestamptz not null,
  valid_from timestamptz not null,
  valid_to timestamptz,
  superseded_by bigint references memories,
  created_at timestamptz not null,
  unique (org_id, fact_hash)
);

create table memory_sources (
  memory bigint not null references memories on delete cascade,
  turn bigint not null references turns on delete cascade,
  quote text not null,
  primary key (memory, turn)
);
create index memory_sources_turn on memory_sources (turn);

-- One vector of an item in one model's space. Search uses the current model's; a job makes what it lacks.
create table vectors (
  org_id text not null,
  item_kind text not null check (item_kind in ('memory', 'turn')),
  item bigint not null,
  model text not null,
  dims int not null,
  embedding vector not null,
  primary key (org_id, item_kind, model, dims, item)
);

-- The inverted index behind BM25: one row for each term of an item.
create table postings (
  org_id text not null,
  item_kind text not null check (item_kind in ('memory', 'turn')),
  term text not null,
  item bigint not null,
  frequency real not null,
  item_length real not null,
  primary key (org_id, item_kind, term, item)
);

create table corpora (
  org_id text not null,
  item_kind text not null,
  items bigint not null,
  total_length double precision not null,
  primary key (org_id, item_kind)
);

-- What the fleet's model calls cost, by org, task and day; and what it saved by finding facts again.
create table usage_ledger (
  org_id text not null,
  day date not null,
  task text not null,
  calls bigint not null default 0,
  input_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  cache_hits bigint not null default 0,
  duplicates bigint not null default 0,
  primary key (org_id, day, task)
);

-- How many items have a vector in a model's space; less than the corpus means that a job has some to make.
create table vector_spaces (
  org_id text not null,
  item_kind text not null,
  model text not null,
  dims int not null,
  items bigint not null,
  primary key (org_id, item_kind, model, dims)
);
