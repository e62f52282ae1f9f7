-- expand: facts that an app wrote itself. Their source is a turn without messages, and who wrote it.
alter table turns add column written_by text;
-- Who ended a memory that nothing took the place of: by `memory.forget`, or by a turn that asked for it.
alter table memories add column ended_by text;
