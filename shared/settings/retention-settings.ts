import { count } from './value-checks.ts'

/** What is forgotten by itself. */
export const retentionSettings = {
  retentionDays: count(1, 36_500)
    .optional()
    .describe(
      'Settled turns are erased so many days after the day on which they were recorded (in UTC), with the memories that come from them alone; without it never',
    ),
  retentionKeptPercent: count(0, 100)
    .default(80)
    .describe('… but for turns from which a memory of at least this importance comes, in percent: both stay'),
}
