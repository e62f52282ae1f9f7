-- What a model server was found to do without, by asking: each process would pay for finding it out once more. Holds nothing of any org.
create table server_quirks (
  server text not null,
  model text not null,
  feature text not null,
  found_at timestamptz not null,
  primary key (server, model, feature)
);
