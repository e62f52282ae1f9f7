-- What is halted, and by whom. A row is a switch that is on; '' stands for every org and every queue.
create table kill_switches (
  org_id text not null,
  queue text not null,
  turned_on_by text not null,
  reason text not null,
  turned_on_at timestamptz not null,
  primary key (org_id, queue)
);

create table kill_switch_changes (
  id bigint generated always as identity primary key,
  org_id text not null,
  queue text not null,
  is_on boolean not null,
  changed_by text not null,
  reason text not null,
  changed_at timestamptz not null
);

-- The tries of a turn that failed, oldest first: [{"at", "code", "reason"}]. They go into its dead letter.
alter table turns add column failed_tries jsonb not null default '[]';

-- A dead letter is a turn's or a job's. What was replayed or dropped stays, with who did it and when.
alter table dead_letters alter column org_id drop not null;
alter table dead_letters alter column turn drop not null;
alter table dead_letters add column job_id text;
alter table dead_letters add column payload jsonb;
alter table dead_letters add column failed_tries jsonb not null default '[]';
alter table dead_letters add column resolution text check (resolution in ('replayed', 'dropped'));
alter table dead_letters add column resolved_by text;
alter table dead_letters add column resolved_at timestamptz;
alter table dead_letters add constraint dead_letters_of_one check ((turn is null) <> (job_id is null));
-- Redis counts job ids from 1 again once it has lost its data; the time of death tells the jobs apart.
create unique index dead_letters_job on dead_letters (queue, job_id, died_at) where job_id is not null;
create index dead_letters_open on dead_letters (id) where resolution is null;
create index dead_letters_turn on dead_letters (turn);
