-- expand: executions that have not ended, among which a sweep looks for those that fell silent.
create index event_streams_running on event_streams (id) where stream[1] = 'workflow' and ended_at is null;
