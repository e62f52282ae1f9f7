-- expand: appends an event in one call, whose statements a session plans once.
create function append_event(
  given_org text, given_stream text[], new_epoch text, expected text, given_at timestamptz, is_last boolean,
  given_id text, given_type text, given_audience text, given_user text, given_workstream text, given_data text)
returns table (stream_epoch text, event_seq bigint) language plpgsql as $$
declare
  found_stream bigint;
begin
  if expected is distinct from 'new' then
    update event_streams s set last_seq = s.last_seq + 1, ended_at = case when is_last then given_at end
    where s.org_id = given_org and s.stream = given_stream and s.ended_at is null
    returning s.id, s.epoch, s.last_seq into found_stream, stream_epoch, event_seq;
  end if;
  if found_stream is null and expected is distinct from 'begun' then
    -- Somebody else may begin it at the same time: then it is continued, unless it should have been new.
    insert into event_streams as s (org_id, stream, epoch, last_seq, ended_at)
    values (given_org, given_stream, new_epoch, 1, case when is_last then given_at end)
    on conflict (org_id, stream) do update set last_seq = s.last_seq + 1, ended_at = excluded.ended_at
    where s.ended_at is null and expected is distinct from 'new'
    returning s.id, s.epoch, s.last_seq into found_stream, stream_epoch, event_seq;
  end if;
  if found_stream is null then
    return;
  end if;
  insert into events (stream, seq, org_id, event_id, type, at, audience, user_id, workstream_id, data)
  values (found_stream, event_seq, given_org, given_id, given_type, given_at, given_audience, given_user, given_workstream, given_data);
  return next;
end
$$;
-- An index whose condition names `last_seq` made each event rewrite every index of its stream. Which streams are long is seen from every thousandth event.
create index events_thousandth on events (stream, seq) where seq % 1000 = 0;
drop index event_streams_long
