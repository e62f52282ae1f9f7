import { count, flag } from './value-checks.ts'

/** How long events are kept, and how large they may be. */
export const eventSettings = {
  eventRetentionHours: count(1, 8_760)
    .default(72)
    .describe('Hours that events are kept; a stream keeps its newest 10,000 at most'),
  maxEventBytes: count(1_024, 1_024 * 1_024)
    .default(64 * 1_024)
    .describe('Largest size of the data of one event, as JSON'),
  executionSilenceMs: count(0, 30 * 86_400_000)
    .default(0)
    .describe('How long an execution may be silent before a sweep ends it as failed; 0: for any time'),
  messaging: flag
    .default(false)
    .describe(
      'Whether workers route messages although they have no agents of their own: for executors of other programs',
    ),
  ingress: flag
    .default(false)
    .describe(
      'Whether foreign producers may add messages with their content to the stream `PREFIX:work:incoming`; the content is then in Redis for seconds',
    ),
  streamMaxEntries: count(10, 1_000_000)
    .default(10_000)
    .describe('Entries of each stream of messages, about; what is trimmed is put back by a sweep'),
  eventsRelay: flag
    .default(false)
    .describe(
      'Whether events of executions, and progress, are also published for foreign subscribers on `workflow:ID:execution:ID` and `pubsub:progress:TASK`; their content is then on the wire of Redis, for all orgs alike',
    ),
}
