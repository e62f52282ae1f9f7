import { count, flag } from './value-checks.ts'

/** How long events are kept, and how large they may be. */
export const eventSettings = {
  eventRetentionHours: count(1, 8_760)
    .default(72)
    .describe('How long events are kept, in hours; a stream keeps at most its newest 10,000'),
  maxEventBytes: count(1_024, 1_024 * 1_024)
    .default(64 * 1_024)
    .describe('Largest size, as JSON, of the data of an event or a message, and of the result of a message'),
  executionSilenceMs: count(0, 30 * 86_400_000)
    .default(0)
    .describe('How long an execution may be silent before it is ended as failed; 0: no limit'),
  messaging: flag
    .default(false)
    .describe('Whether worker processes without agents also route messages, for executors in other programs'),
  ingress: flag
    .default(false)
    .describe(
      'Whether other programs may add whole messages to the stream `PREFIX:work:incoming`; their content is then in Redis for seconds',
    ),
  streamMaxEntries: count(10, 1_000_000)
    .default(10_000)
    .describe('Most entries in each message stream, approximately; further messages wait as rows until there is room'),
  eventsRelay: flag
    .default(false)
    .describe(
      'Whether events of executions and progress are also published on `workflow:ID:execution:ID` and `pubsub:progress:TASK` for subscribers in other programs; anyone connected to this Redis can then read them, whatever their org',
    ),
}
