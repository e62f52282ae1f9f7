import type { DeadLetters } from '../../shared/control/dead-letters.ts'
import { type LetterGroup, readLetterGroups } from '../../shared/store/console/dead-letter-groups.ts'
import { type Sampled, type SampledServices, sampled } from '../../shared/store/console/sampled.ts'
import { readInTime } from '../../shared/store/with-store-errors.ts'

/** Counting this many takes a few milliseconds; beyond it the groups are those of the newest sample. */
const COUNTED_AT_ONCE = 2_000
const SHOWN_GROUPS = 50

/** The open dead letters by cause, with the time at which they were counted. */
export async function sampleLetterGroups(
  services: SampledServices & { readonly deadLetters: Pick<DeadLetters, 'count'> },
): Promise<Sampled<{ readonly groups: readonly LetterGroup[] }>> {
  const read = async () => ({ groups: await readInTime(readLetterGroups(services.database, SHOWN_GROUPS)) })
  if ((await services.deadLetters.count()) > COUNTED_AT_ONCE) return sampled(services, 'dead-letter-groups', read)
  return { sampledAt: services.clock.now(), value: await read() }
}
