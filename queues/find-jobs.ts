import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { loadScript } from '../shared/redis/script.ts'

/**
 * Searches the jobs of a queue by their payloads. Guarantees: each page is one short script, however long the queue and however large its
 * payloads; a job that exists during the whole search is found in any state, even if its payload cannot be parsed.
 */

export type FoundJob = {
  readonly id: string
  /** As it was enqueued; undefined when it cannot be parsed. */
  readonly payload: unknown
  /** The payload's JSON, or the text found in its place. */
  readonly payloadText: string
  readonly enqueuedAt: Date
}

/** Requests one page from Redis, with its own deadline. */
type AskPage = (question: (queue: Queue) => Promise<unknown>) => Promise<unknown>

/**
 * In the order in which a job passes through them, so that a job that moves during the search is found in a later state. `active` also comes
 * first, since a running job may move back.
 */
const STATES = [
  'active',
  'delayed',
  'wait',
  'paused',
  'prioritized',
  'waiting-children',
  'active',
  'completed',
  'failed',
]
const MIN_PAGE_JOBS = 100
/** Blocks Redis for about 2 ms. */
const MAX_PAGE_JOBS = 2_000
/** Pages grow while smaller than this, and shrink when more than four times larger. */
const PAGE_BYTES = 256 * 1_024

const FIND = loadScript(new URL('./find-jobs.lua', import.meta.url))

/** Yields the jobs whose payload contains a text, page by page; an empty text finds all jobs. */
export async function* findJobs(ask: AskPage, redis: Redis, text: string): AsyncGenerator<FoundJob[]> {
  let pageJobs = MIN_PAGE_JOBS
  for (const state of STATES) {
    let cursor = ''
    do {
      const reply = await ask((queue) => FIND(redis, [queue.toKey(state)], [queue.toKey(''), text, cursor, pageJobs]))
      const [next, bytes, ...found] = reply as [string, number, ...string[]]
      cursor = next
      if (bytes < PAGE_BYTES) pageJobs = Math.min(MAX_PAGE_JOBS, pageJobs * 2)
      else if (bytes > 4 * PAGE_BYTES) pageJobs = Math.max(MIN_PAGE_JOBS, Math.floor(pageJobs / 2))
      if (found.length > 0) yield jobsOf(found)
    } while (cursor !== '')
  }
}

function jobsOf(found: readonly string[]): FoundJob[] {
  return Array.from({ length: found.length / 3 }, (_, index) => {
    const [id, timestamp, payloadText] = found.slice(3 * index, 3 * index + 3) as [string, string, string]
    return { id, payload: parseOrUndefined(payloadText), payloadText, enqueuedAt: new Date(Number(timestamp)) }
  })
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
