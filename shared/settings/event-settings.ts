import { count, flag } from './value-checks.ts'

/** How long events are kept, and how large they may be. */
export const eventSettings = {
  eventRetentionHours: count(1, 8_760)
    .default(72)
    .describe('How long events are kept, in hours; a stream keeps at most its newest 10,000'),
  maxEventBytes: count(1_024, 1_024 * 1_024)
    .default(64 * 1_024)
    .describe('Largest size of the data of one event, as JSON'),
  executionSilenceMs: count(0, 30 * 86_400_000)
    .default(0)
    .describe('How long an execution may be silent before a sweep ends it as failed; 0: no limit'),
  messaging: flag
    .default(false)
    .describe(
      'Whether worker processes without agents of their own route messages too, for executors of other programs',
    ),
  ingress: flag
    .default(false)
    .describe(
      'Whether foreign producers may add messages with their content to the stream `PREFIX:work:incoming`; the content is then in Redis for seconds',
    ),
  streamMaxEntries: count(10, 1_000_000)
    .default(10_000)
    .describe(
      'Entries that each message stream holds at most, about; other messages wait in their rows until it has room',
    ),
  eventsRelay: flag
    .default(false)
    .describe(
      'Whether events of executions, and progress, are also published for foreign subscribers on `workflow:ID:execution:ID` and `pubsub:progress:TASK`; their content is then on the wire of Redis, for all orgs alike',
    ),
}
