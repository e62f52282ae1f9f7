-- Who may write an org's memories: the holder of its present token. A token is never given twice, not even after its row was deleted.
create sequence org_fence_tokens as bigint;

create table org_fences (
  org_id text primary key,
  token bigint not null default nextval('org_fence_tokens')
);
