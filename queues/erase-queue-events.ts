import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import type { FoundJob } from './find-jobs.ts'

/**
 * Removes from a queue's stream of events what names erased data: BullMQ tells there which jobs were absorbed, by their keys, which hold ids. Other events
 * stay: somebody may read them.
 */

const PAGE_EVENTS = 500
const KEY_FIELDS = ['deduplicationId', 'debounceId']
/** The meaning of the parts of the product's keys. */
const PARTS = ['orgId', 'workstreamId', 'turnId']

/** Removes the events whose keys name what is to be erased. `ask` is asked for each page, within its deadline. */
export async function eraseQueueEvents(
  ask: <Answer>(question: (queue: Queue) => Promise<Answer>) => Promise<Answer>,
  redis: Redis,
  isNamed: (jobs: readonly FoundJob[]) => Promise<readonly boolean[]>,
): Promise<void> {
  for (let after = '-'; ; ) {
    const page = await ask((queue) => redis.xrange(queue.toKey('events'), after, '+', 'COUNT', PAGE_EVENTS))
    const named = page.flatMap(([id, fields]) => {
      const key = keyOf(fields)
      return key === undefined ? [] : [jobOf(id, key)]
    })
    const isErased = named.length === 0 ? [] : await isNamed(named)
    const erased = named.filter((_, index) => isErased[index]).map(({ id }) => id)
    if (erased.length > 0) await ask((queue) => redis.xdel(queue.toKey('events'), ...erased))
    if (page.length < PAGE_EVENTS) return
    after = `(${page.at(-1)?.[0]}`
  }
}

function keyOf(fields: readonly string[]): string | undefined {
  const at = fields.findIndex((field, index) => index % 2 === 0 && KEY_FIELDS.includes(field))
  return at < 0 ? undefined : fields[at + 1]
}

/** A job with this key, as far as the key says; its id is the event's. */
function jobOf(id: string, key: string): FoundJob {
  const payload = Object.fromEntries(key.split(':').map((part, index) => [PARTS[index] ?? 'more', decoded(part)]))
  const enqueuedAt = new Date(Number(id.split('-')[0]))
  return { id, payload, payloadText: JSON.stringify(payload), enqueuedAt }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    // A key of a host's own.
    return part
  }
}
