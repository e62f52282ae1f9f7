-- expand: answers of models that may serve questions that only resemble theirs, and what checking them has shown.
-- `partition` is a hash of everything but the question, `family` of what the error is counted for.
create table answers (
  id bigint generated always as identity primary key,
  org_id text not null,
  user_id text,
  partition bytea not null,
  family bytea not null,
  depends_on text[] not null,
  question text not null,
  answer text not null,
  embedding vector not null,
  agreements integer not null default 0,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index answers_of_partition on answers (org_id, partition, id);
create index answers_by_expiry on answers (expires_at);
create table answer_buckets (
  org_id text not null,
  family bytea not null,
  bucket smallint not null,
  checks integer not null default 0,
  errors integer not null default 0,
  looks integer not null default 0,
  bound real not null default 1,
  primary key (org_id, family, bucket)
);
create table answer_invalidations (
  org_id text not null,
  depends_on text not null,
  at timestamptz not null default now(),
  primary key (org_id, depends_on)
);
