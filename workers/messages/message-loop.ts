import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { withinDeadline } from '../../shared/deadline.ts'
import { STREAM_GROUP } from '../../shared/messages/message-streams.ts'
import type { Log } from '../../shared/observe/log.ts'
import { streamsOf } from '../../shared/redis/keys.ts'
import { keepStreamsClean } from './keep-streams-clean.ts'

/**
 * Reads the streams of messages: one blocking read over all of them, in one group. Guarantees: a read that Redis never answers ends by a local deadline and
 * its connection is replaced; an entry is acknowledged once its work is in the store; groups that Redis lost are made again, from the beginning.
 */
export type MessageLoop = { stop(): Promise<void> }

/** The fields of an entry; undefined where it was trimmed while it was pending. */
export type AgentEntry = ReadonlyMap<string, string> | undefined

type MessageLoopOptions = {
  readonly keyPrefix: string
  readonly sweepIntervalMs: number
  /** Who reads, unique among processes. */
  readonly consumer: string
  /** Agents whose triggers are read here. */
  readonly agents: readonly string[]
  /** The connection that blocks; it is opened again after it was cut. */
  openReader(): Redis
  redis(): Redis
  readonly log: Log
  /** What is to be done for an entry. @throws when it is to come again */
  handle(stream: 'incoming' | 'completions' | { readonly agent: string }, id: string, entry: AgentEntry): Promise<void>
  /** Puts back what the streams have lost, or had no room for; returns whether more of it waits for room. */
  putBack(): Promise<boolean>
  /** Forgets what is over. */
  sweep(): Promise<void>
}

/** Below the time in which a connection must answer a health check. */
const BLOCK_MS = 2_000
const READ_TIMEOUT_MS = 5_000
const COUNT = 100
const PAUSE_AFTER_FAILURE_MS = 500
const PUT_BACK_EVERY_MS = 1_000

export function startMessageLoop(options: MessageLoopOptions): MessageLoop {
  const { keyPrefix, consumer, agents, log } = options
  const names = streamsOf(keyPrefix)
  const kinds = new Map<string, Parameters<MessageLoopOptions['handle']>[0]>([
    [names.incoming, 'incoming'],
    [names.completions, 'completions'],
    ...agents.map((agent) => [names.triggers(agent), { agent }] as const),
  ])
  const streams = [...kinds.keys()]
  const stopping = new AbortController()
  let lastFailure = ''

  const makeGroups = async () => {
    for (const stream of streams)
      await options
        .redis()
        .xgroup('CREATE', stream, STREAM_GROUP, '0', 'MKSTREAM')
        .catch((error: Error) => {
          if (!error.message.startsWith('BUSYGROUP')) throw error
        })
  }
  const read = async (): Promise<[string, [string, string[] | null][]][]> => {
    const reader = options.openReader()
    const late = () => new Error('Redis did not answer a blocking read')
    const reading = reader.xreadgroup(
      'GROUP',
      STREAM_GROUP,
      consumer,
      'COUNT',
      COUNT,
      'BLOCK',
      BLOCK_MS,
      'STREAMS',
      ...streams,
      ...streams.map(() => '>'),
    )
    try {
      return ((await withinDeadline(reading, READ_TIMEOUT_MS, late)) ?? []) as [string, [string, string[] | null][]][]
    } catch (error) {
      if (!(error as Error).message.startsWith('NOGROUP')) reader.disconnect(true)
      throw error
    }
  }
  const take = async (stream: string, id: string, fields: string[] | null): Promise<void> => {
    const kind = kinds.get(stream)
    if (kind === undefined) return
    await options.handle(kind, id, fields === null ? undefined : fieldsOf(fields))
    // One group reads it: what is done need not stay.
    await options.redis().pipeline().xack(stream, STREAM_GROUP, id).xdel(stream, id).exec()
  }
  const takeAll = async (stream: string, entries: readonly [string, string[] | null][]): Promise<void> => {
    for (const [id, fields] of entries)
      await take(stream, id, fields).catch((error: Error) =>
        log.warn({ stream, id, error: error.message }, 'an entry of a stream comes again'),
      )
  }

  let [sweptAt, putBackAt, isMoreWaiting] = [0, 0, false]
  let lastLost: string | undefined
  const run = async (): Promise<void> => {
    let hasGroups = false
    while (!stopping.signal.aborted) {
      try {
        if (!hasGroups) await makeGroups()
        hasGroups = true
        if (performance.now() - sweptAt > options.sweepIntervalMs) {
          sweptAt = performance.now()
          await options.sweep()
          const streamsOfGroup = { streams, consumer, group: STREAM_GROUP, incoming: names.incoming, take: takeAll }
          const lost = await keepStreamsClean({ redis: options.redis(), ...streamsOfGroup })
          if (lost !== undefined && lost !== lastLost)
            log.warn(
              { stream: names.incoming, upTo: lost },
              'entries were trimmed before they were read: what foreign producers sent in them is lost',
            )
          lastLost = lost
        }
        const found = await read()
        for (const [stream, entries] of found) await takeAll(stream, entries)
        // What was read has made room.
        if ((isMoreWaiting && found.length > 0) || performance.now() - putBackAt > PUT_BACK_EVERY_MS) {
          putBackAt = performance.now()
          isMoreWaiting = await options.putBack()
        }
        lastFailure = ''
      } catch (error) {
        const { message } = error as Error
        // Redis lost its data, and the groups with it.
        hasGroups = false
        if (message !== lastFailure && !stopping.signal.aborted)
          log.warn({ error: message }, 'reading the streams of messages failed, and goes on')
        lastFailure = message
        await sleep(PAUSE_AFTER_FAILURE_MS, undefined, { signal: stopping.signal }).catch(() => {})
      }
    }
  }
  const running = run()
  return {
    async stop() {
      stopping.abort()
      // A blocking read has nothing to lose.
      try {
        options.openReader().disconnect()
      } catch {}
      await running
    },
  }
}

function fieldsOf(flat: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    Array.from({ length: flat.length / 2 }, (_, at) => [flat[2 * at] as string, flat[2 * at + 1] as string]),
  )
}
