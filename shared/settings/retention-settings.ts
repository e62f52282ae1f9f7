import { count } from './value-checks.ts'

/** Which turns and states are erased by age. */
export const retentionSettings = {
  retentionDays: count(1, 36_500)
    .optional()
    .describe(
      'Days from recording, in UTC, after which settled turns are erased together with the memories that come from them alone. States not saved for this long are erased too, unless a version has a label. Unset: never',
    ),
  retentionKeptPercent: count(0, 100)
    .default(80)
    .describe('Turns behind a memory of at least this importance, in percent, are exempt from retention'),
}
