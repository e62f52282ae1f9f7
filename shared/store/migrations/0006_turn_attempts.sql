-- How often the extraction of a turn was begun. It is raised before the try, in a transaction of its own, so that a try whose worker died counts.
alter table turns add column attempts int not null default 0;
