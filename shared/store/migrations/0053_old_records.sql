-- What is settled is kept for a while, and found by its age to be removed.
create index dead_letters_settled on dead_letters (resolved_at) where resolution is not null;
create index dead_letters_jobs_died on dead_letters (died_at) where job_id is not null;
create index erasures_of_retention on erasures (completed_at) where older_than is not null and completed_at is not null;
