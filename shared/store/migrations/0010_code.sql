-- The index of repositories' code. What is found in a blob belongs to (space, blob, language) and serves every path, branch and repository that
-- has it. A space is an org's part of one pipeline version: parser, chunker, redactor, and the embedding model with its dimensions.
create table code_spaces (
  id int generated always as identity primary key,
  org_id text not null,
  pipeline text not null,
  model text not null,
  dims int not null,
  unique (org_id, pipeline)
);

create table code_blobs (
  id bigint generated always as identity primary key,
  space int not null references code_spaces on delete cascade,
  oid bytea not null,
  -- Empty when the path alone does not tell it.
  language text not null,
  chunks int not null,
  redacted int not null,
  -- Zstandard. The source without its secrets, what search holds in memory, and the vectors, one after the other, all of one size.
  source bytea not null,
  segment bytea not null,
  vectors bytea not null,
  -- Since when no file has it; what has none for the grace time is collected.
  unused_since timestamptz,
  unique (space, oid, language)
);
alter table code_blobs alter column source set storage external;
alter table code_blobs alter column segment set storage external;
alter table code_blobs alter column vectors set storage external;
create index code_blobs_unused on code_blobs (unused_since) where unused_since is not null;

-- Where the vector of a text is, by the text's hash: the same text in another blob is not embedded again.
create table code_chunks (
  space int not null,
  hash uuid not null,
  blob bigint not null references code_blobs on delete cascade,
  position int not null,
  primary key (space, hash, blob)
);
create index code_chunks_blob on code_chunks (blob);

create table code_repos (
  id bigint generated always as identity primary key,
  org_id text not null,
  repo_id text not null,
  -- A path or an address, never a credential.
  source text not null,
  unique (org_id, repo_id)
);

-- One ref of a repository: what was asked for, how the last try ended, and what search serves, which one transaction replaces.
create table code_indexes (
  id bigint generated always as identity primary key,
  repo bigint not null references code_repos on delete cascade,
  ref text not null,
  requested bigint not null default 0,
  requested_at timestamptz not null,
  settled bigint not null default 0,
  failure_code text,
  failure text,
  generation bigint not null default 0,
  space int references code_spaces,
  -- Null for a working tree that has no commit.
  commit_oid bytea,
  -- What else the skip rules rest on than the file itself.
  rules bytea,
  indexed_at timestamptz,
  unique (repo, ref)
);
create index code_indexes_pending on code_indexes (requested_at) where requested > settled;

-- The files of an index: each has a blob, or the reason why it has none.
create table code_files (
  index_id bigint not null references code_indexes on delete cascade,
  path text not null,
  oid bytea not null,
  bytes bigint not null,
  blob bigint references code_blobs,
  skip_reason text,
  check ((blob is null) <> (skip_reason is null))
);
-- By a hash, since a path may be longer than an index entry.
create unique index code_files_path on code_files (index_id, md5(path));
create index code_files_blob on code_files (blob) where blob is not null;
