import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { loadScript } from '../shared/redis/script.ts'

/**
 * Owns how the jobs of a queue are searched by their payloads. Guarantees: each page is one short script, however long the queue and however large its
 * payloads; a job that is there during the whole search is found, in whatever state, also when its payload cannot be read.
 */

export type FoundJob = {
  readonly id: string
  /** As it was enqueued; undefined when it cannot be read. */
  readonly payload: unknown
  /** The payload's JSON, or what there is in its place. */
  readonly payloadText: string
  readonly enqueuedAt: Date
}

/** Asks Redis for one page, within a deadline of its own. */
export type AskPage = (question: (queue: Queue) => Promise<unknown>) => Promise<unknown>

/** In the order in which a job passes through them, so that one which moves on is met later. What runs is also looked at first, since it may move back. */
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
/** Some 2 ms of Redis. */
const MAX_PAGE_JOBS = 2_000
/** A page grows below this size and shrinks above four times of it. */
const PAGE_BYTES = 256 * 1_024

const FIND = loadScript(new URL('./find-jobs.lua', import.meta.url))

/** Gives the jobs whose payload contains a text, page by page; an empty text finds all jobs. */
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
