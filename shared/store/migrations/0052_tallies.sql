-- How much there is of what status, metrics and the overview tell, so that nobody counts rows to know it. The sum over an org's rows counts; '' sums up all orgs.
-- Each writer takes any row that no other transaction holds, or adds one: nobody waits for a tally, and what is rolled back was never counted.
create table tallies (
  id bigint generated always as identity primary key,
  org_id text not null,
  pending bigint not null default 0,
  extracted bigint not null default 0,
  dead_lettered bigint not null default 0,
  -- Memories that are active and have no end, and those that are held for a review.
  lasting bigint not null default 0,
  held bigint not null default 0
) with (fillfactor = 50);
create index tallies_org on tallies (org_id);

create table usage_tallies (
  id bigint generated always as identity primary key,
  org_id text not null,
  task text not null,
  calls bigint not null default 0,
  input_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  cache_hits bigint not null default 0,
  duplicates bigint not null default 0
) with (fillfactor = 50);
create index usage_tallies_org on usage_tallies (org_id, task);

-- Open dead letters.
create table dead_letter_tallies (
  id bigint generated always as identity primary key,
  queue text not null,
  code text not null,
  letters bigint not null default 0
) with (fillfactor = 50);
create index dead_letter_tallies_cause on dead_letter_tallies (queue, code);

create function add_to_tally(org text, more_pending bigint, more_extracted bigint, more_dead bigint, more_lasting bigint, more_held bigint)
returns void language plpgsql as $$
begin
  update tallies set pending = pending + more_pending, extracted = extracted + more_extracted, dead_lettered = dead_lettered + more_dead,
    lasting = lasting + more_lasting, held = held + more_held
  where id = (select id from tallies where org_id = org limit 1 for update skip locked);
  if not found then
    insert into tallies (org_id, pending, extracted, dead_lettered, lasting, held)
    values (org, more_pending, more_extracted, more_dead, more_lasting, more_held);
  end if;
end $$;

-- Of an insert or a deletion `changed` holds the rows; of an update the new ones, and `before` the old ones.
create function tally_turns() returns trigger language plpgsql as $$
declare
  one record;
  sign int := case tg_op when 'DELETE' then -1 else 1 end;
begin
  if tg_op = 'UPDATE' then
    for one in
      select coalesce(org_id, '') as org, sum(factor * (state = 'pending')::int) as pending, sum(factor * (state = 'extracted')::int) as extracted,
        sum(factor * (state = 'dead_lettered')::int) as dead
      from (select org_id, state, 1 as factor from changed union all select org_id, state, -1 from before) pairs
      group by grouping sets ((org_id), ())
    loop
      if one.pending <> 0 or one.extracted <> 0 or one.dead <> 0 then
        perform add_to_tally(one.org, one.pending, one.extracted, one.dead, 0, 0);
      end if;
    end loop;
  else
    for one in
      select coalesce(org_id, '') as org, sign * count(*) filter (where state = 'pending') as pending,
        sign * count(*) filter (where state = 'extracted') as extracted, sign * count(*) filter (where state = 'dead_lettered') as dead, count(*) as rows
      from changed group by grouping sets ((org_id), ())
    loop
      if one.rows > 0 then
        perform add_to_tally(one.org, one.pending, one.extracted, one.dead, 0, 0);
      end if;
    end loop;
  end if;
  return null;
end $$;

create function tally_memories() returns trigger language plpgsql as $$
declare
  one record;
  sign int := case tg_op when 'DELETE' then -1 else 1 end;
begin
  if tg_op = 'UPDATE' then
    for one in
      select coalesce(org_id, '') as org, sum(factor * (status = 'active' and valid_to is null and over_at is null)::int) as lasting,
        sum(factor * (status = 'quarantined')::int) as held
      from (select org_id, status, valid_to, over_at, 1 as factor from changed
        union all select org_id, status, valid_to, over_at, -1 from before) pairs
      group by grouping sets ((org_id), ())
    loop
      if one.lasting <> 0 or one.held <> 0 then
        perform add_to_tally(one.org, 0, 0, 0, one.lasting, one.held);
      end if;
    end loop;
  else
    for one in
      select coalesce(org_id, '') as org, sign * count(*) filter (where status = 'active' and valid_to is null and over_at is null) as lasting,
        sign * count(*) filter (where status = 'quarantined') as held
      from changed group by grouping sets ((org_id), ())
    loop
      if one.lasting <> 0 or one.held <> 0 then
        perform add_to_tally(one.org, 0, 0, 0, one.lasting, one.held);
      end if;
    end loop;
  end if;
  return null;
end $$;

-- The argument is 1 for the rows that are there now, -1 for those that were.
create function tally_usage() returns trigger language plpgsql as $$
declare
  one record;
  sign int := tg_argv[0]::int;
begin
  for one in
    select coalesce(org_id, '') as org, task, sign * sum(calls) as calls, sign * sum(input_tokens) as input, sign * sum(output_tokens) as output,
      sign * sum(cache_hits) as hits, sign * sum(duplicates) as known
    from changed group by task, grouping sets ((org_id), ()) having count(*) > 0
  loop
    update usage_tallies set calls = calls + one.calls, input_tokens = input_tokens + one.input, output_tokens = output_tokens + one.output,
      cache_hits = cache_hits + one.hits, duplicates = duplicates + one.known
    where id = (select id from usage_tallies where org_id = one.org and task = one.task limit 1 for update skip locked);
    if not found then
      insert into usage_tallies (org_id, task, calls, input_tokens, output_tokens, cache_hits, duplicates)
      values (one.org, one.task, one.calls, one.input, one.output, one.hits, one.known);
    end if;
  end loop;
  return null;
end $$;

create function tally_dead_letters() returns trigger language plpgsql as $$
declare
  one record;
  sign int := tg_argv[0]::int;
begin
  for one in select queue, code, sign * count(*) as letters from changed where resolution is null group by queue, code loop
    update dead_letter_tallies set letters = letters + one.letters
    where id = (select id from dead_letter_tallies where queue = one.queue and code = one.code limit 1 for update skip locked);
    if not found then
      insert into dead_letter_tallies (queue, code, letters) values (one.queue, one.code, one.letters);
    end if;
  end loop;
  return null;
end $$;

create trigger tally_turns_added after insert on turns referencing new table as changed for each statement execute function tally_turns();
create trigger tally_turns_changed after update on turns referencing new table as changed old table as before for each statement execute function tally_turns();
create trigger tally_turns_removed after delete on turns referencing old table as changed for each statement execute function tally_turns();
create trigger tally_memories_added after insert on memories referencing new table as changed for each statement execute function tally_memories();
create trigger tally_memories_changed after update on memories referencing new table as changed old table as before for each statement execute function tally_memories();
create trigger tally_memories_removed after delete on memories referencing old table as changed for each statement execute function tally_memories();
create trigger tally_usage_added after insert on usage_ledger referencing new table as changed for each statement execute function tally_usage('1');
create trigger tally_usage_changed after update on usage_ledger referencing new table as changed for each statement execute function tally_usage('1');
create trigger tally_usage_replaced after update on usage_ledger referencing old table as changed for each statement execute function tally_usage('-1');
create trigger tally_usage_removed after delete on usage_ledger referencing old table as changed for each statement execute function tally_usage('-1');
create trigger tally_dead_letters_added after insert on dead_letters referencing new table as changed for each statement execute function tally_dead_letters('1');
create trigger tally_dead_letters_changed after update on dead_letters referencing new table as changed for each statement execute function tally_dead_letters('1');
create trigger tally_dead_letters_replaced after update on dead_letters referencing old table as changed for each statement execute function tally_dead_letters('-1');
create trigger tally_dead_letters_removed after delete on dead_letters referencing old table as changed for each statement execute function tally_dead_letters('-1');

-- What is there already. The triggers keep writers out until this is committed.
insert into tallies (org_id, pending, extracted, dead_lettered)
select coalesce(org_id, ''), count(*) filter (where state = 'pending'), count(*) filter (where state = 'extracted'),
  count(*) filter (where state = 'dead_lettered')
from turns group by grouping sets ((org_id), ()) having count(*) > 0;
insert into tallies (org_id, lasting, held)
select coalesce(org_id, ''), count(*) filter (where status = 'active' and valid_to is null and over_at is null), count(*) filter (where status = 'quarantined')
from memories group by grouping sets ((org_id), ()) having count(*) > 0;
insert into usage_tallies (org_id, task, calls, input_tokens, output_tokens, cache_hits, duplicates)
select coalesce(org_id, ''), task, sum(calls), sum(input_tokens), sum(output_tokens), sum(cache_hits), sum(duplicates)
from usage_ledger group by task, grouping sets ((org_id), ()) having count(*) > 0;
insert into dead_letter_tallies (queue, code, letters)
select queue, code, count(*) from dead_letters where resolution is null group by queue, code;

-- What time alone changes: memories that begin or end later are looked up in here, and are few.
create index memories_bounded_all on memories (greatest(valid_to, over_at, valid_from))
  where valid_to is not null or over_at is not null or valid_from > created_at;
create index memories_bounded on memories (org_id, greatest(valid_to, over_at, valid_from))
  where valid_to is not null or over_at is not null or valid_from > created_at;
-- The oldest of what waits.
create index turns_pending_oldest on turns (id) where state = 'pending';
create index turns_failing on turns (id) where state = 'pending' and failed_tries <> '[]';
create index turns_failing_in_org on turns (org_id, id) where state = 'pending' and failed_tries <> '[]';
create index workstreams_first_pending on workstreams (first_pending_at) where first_pending_at is not null;
create index dead_letters_open_in_org on dead_letters (org_id, id) where resolution is null;
create index usage_ledger_day on usage_ledger (day, org_id);
