-- expand: messages to agents. The row is the message; streams of Redis carry its id.
create table agent_messages (
  id bigint generated always as identity primary key,
  org_id text not null,
  message_id text not null,
  type text not null,
  -- Null until it is routed.
  agent text,
  -- Messages of one agent and key are worked one after the other.
  key text,
  user_id text,
  workstream_id text,
  -- JSON text.
  data text not null,
  state text not null default 'received' check (state in ('received', 'routed', 'running', 'completed', 'dead')),
  attempts int not null default 0,
  -- Who works it: another token with each attempt.
  lease text,
  lease_until timestamptz,
  received_at timestamptz not null,
  -- When it was last put into a stream.
  woken_at timestamptz not null,
  settled_at timestamptz,
  result text,
  failure_code text,
  failure text,
  unique (org_id, message_id)
);
create index agent_messages_open on agent_messages (woken_at) where state in ('received', 'routed', 'running');
create index agent_messages_key on agent_messages (org_id, key, id) where key is not null and state in ('received', 'routed', 'running');
create index agent_messages_user on agent_messages (org_id, user_id) where user_id is not null;
create index agent_messages_settled on agent_messages (settled_at) where settled_at is not null;
