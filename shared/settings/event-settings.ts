import { count } from './value-checks.ts'

/** How long events are kept, and how large they may be. */
export const eventSettings = {
  eventRetentionHours: count(1, 8_760)
    .default(72)
    .describe('Hours that events are kept; a stream keeps its newest 10,000 at most'),
  maxEventBytes: count(1_024, 1_024 * 1_024)
    .default(64 * 1_024)
    .describe('Largest size of the data of one event, as JSON'),
}
