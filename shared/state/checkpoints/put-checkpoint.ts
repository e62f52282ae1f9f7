import { randomInt } from 'node:crypto'
import { AfterturnError } from '../../errors.ts'
import {
  type ChannelMap,
  type ChannelPlace,
  type CheckpointRow,
  readCheckpoints,
  readCheckpointWith,
} from '../../store/states/checkpoint-rows.ts'
import { deleteExpiredThread } from '../../store/states/delete-checkpoints.ts'
import { insertCheckpoint, type NewFrame, type PutOutcome } from '../../store/states/put-checkpoint.ts'
import { type ChainEnd, nextFrame } from '../chain.ts'
import { decodeBody, encodeBody, SMALL_VALUE_BYTES } from './checkpoint-body.ts'
import type { CheckpointServices, Parent } from './checkpoint-services.ts'
import type { PutCheckpointInput } from './checkpoints.ts'

/**
 * Owns writing a checkpoint: which channel holds what is settled here once and for all, and each new value follows the parent's in its chain. Two that
 * follow one parent both want the next place of a chain: one gets it, the other begins new chains.
 */

/** The millisecond and a random part number a chain: in order, as an index likes it. Should two be the same, the statement fails and others are drawn. */
const CHAINS_PER_MS = 4_096
const MAX_TRIES = 20
const FOLLOWING_TRIES = 2

/** @throws STATE_TOO_LARGE, THREAD_DELETED, CHECKPOINT_SUPERSEDED, STATE_CONFLICT; the codes of the store */
export async function putCheckpoint(services: CheckpointServices, input: PutCheckpointInput): Promise<void> {
  const { database, config, clock, frames } = services
  const { ns, checkpointId, parentId, filter } = input
  for (const [channel, value] of input.values)
    if (value !== undefined && value.length > config.stateMaxBytes)
      throw new AfterturnError(
        'STATE_TOO_LARGE',
        `Expected at most ${config.stateMaxBytes} bytes in a channel, got ${value.length} in ${channel}.`,
        { recorded: 'no' },
      )
  for (let tries = 0; ; tries++) {
    if (parentId !== undefined && tries > 0) services.parents.delete(parentKey(input, parentId))
    const parent = parentId === undefined ? undefined : await readParent(services, input, parentId)
    const { channels, small, places } = await settleChannels(services, input, parent)
    // Whoever has lost the race for a place, and not only followed what is gone, begins new chains.
    const isFollowing = tries < FOLLOWING_TRIES
    const endOf = await frames.read(
      isFollowing && parent
        ? places.flatMap(({ before }) =>
            before ? [{ thread: parent.thread, chain: before[1], position: before[2] }] : [],
          )
        : [],
    )
    const added: (ChainEnd & NewFrame)[] = []
    const add = (base: ChainEnd | undefined, raw: Buffer): ChainEnd => {
      // A new version of what it was before.
      if (base?.raw.equals(raw)) return base
      const next = nextFrame(isFollowing ? base : undefined, raw, config.stateCodec)
      const chain =
        next.isContinued && base ? base.chain : clock.now().getTime() * CHAINS_PER_MS + randomInt(CHAINS_PER_MS)
      const end = { ...next, chain }
      added.push(end)
      return end
    }
    const map: Record<string, ChannelPlace> = { ...channels }
    for (const { channel, version, before, value } of places) {
      const base =
        before && parent && isFollowing
          ? endOf({ thread: parent.thread, chain: before[1], position: before[2] })
          : undefined
      const { chain, position } = add(base, value)
      map[channel] = [version, chain, position]
    }
    const body = add(parent?.bodyEnd, encodeBody({ given: asBuffer(input.body), small }))
    const written = await insertCheckpoint(
      database,
      { ...threadOf(services, input), followed: parent },
      {
        ns,
        checkpointId,
        parentId,
        channels: map,
        bodyChain: body.chain,
        bodyPosition: body.position,
        filter,
        frames: added,
        isNewestOnly: input.isNewestOnly ?? false,
      },
    )
    if (written.outcome === 'done') {
      for (const end of added) frames.keep(written.thread, end)
      services.parents.set(parentKey(input, checkpointId), {
        thread: written.thread,
        prunes: parent?.prunes ?? 0,
        channels: map,
        small,
        bodyEnd: body,
      })
      return
    }
    await settleOutcome(services, input, written.outcome)
    if (tries === MAX_TRIES) throw busyThread(input)
  }
}

/** What a write that did not take effect means; returns when it is to be tried again. */
export async function settleOutcome(
  { database, clock }: CheckpointServices,
  thread: { readonly orgId: string; readonly threadId: string },
  outcome: PutOutcome,
): Promise<void> {
  const named = JSON.stringify(thread.threadId)
  if (outcome === 'deleted')
    throw new AfterturnError('THREAD_DELETED', `The thread ${named} was deleted after this run began.`, {
      recorded: 'no',
    })
  if (outcome === 'superseded')
    throw new AfterturnError(
      'CHECKPOINT_SUPERSEDED',
      `Expected the newest checkpoint of the thread ${named} as the parent, got an older one: another run continues it.`,
      { recorded: 'no' },
    )
  if (outcome === 'expired') await deleteExpiredThread(database, thread, clock.now())
}

export function busyThread({ threadId }: { readonly threadId: string }): AfterturnError {
  return new AfterturnError('STORE_BUSY', `The thread ${JSON.stringify(threadId)} is written to by too many at once.`, {
    recorded: 'no',
  })
}

export function threadOf(
  { clock }: CheckpointServices,
  {
    orgId,
    threadId,
    userId,
    begunAt,
    ttlSeconds,
  }: Pick<PutCheckpointInput, 'orgId' | 'threadId' | 'userId' | 'begunAt' | 'ttlSeconds'>,
) {
  return { orgId, threadId, userId, begunAt, ttlSeconds, now: clock.now() }
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}

type NewValue = {
  readonly channel: string
  readonly version: string | number
  readonly value: Buffer
  /** Where the parent's value is, to be continued. */
  readonly before: readonly [version: string | number, chain: number, position: number] | undefined
}

/** What each channel holds: a new value, the parent's, or that of the newest checkpoint with this version. */
async function settleChannels(
  services: CheckpointServices,
  input: PutCheckpointInput,
  parent: Parent | undefined,
): Promise<{ readonly channels: ChannelMap; readonly small: Map<string, Buffer>; readonly places: NewValue[] }> {
  const { versions, values } = input
  const channels: Record<string, ChannelPlace> = {}
  const small = new Map<string, Buffer>()
  const places: NewValue[] = []
  for (const channel of new Set([...Object.keys(versions), ...values.keys()])) {
    const version = versions[channel] ?? 0
    const before = parent?.channels[channel]
    const value = values.get(channel)
    if (value !== undefined && value.length <= SMALL_VALUE_BYTES) {
      channels[channel] = [version]
      small.set(channel, asBuffer(value))
    } else if (value !== undefined) {
      places.push({ channel, version, value: asBuffer(value), before: before?.length === 3 ? before : undefined })
    } else if (values.has(channel)) {
      channels[channel] = [version, null]
    } else {
      const kept = before?.[0] === version ? parent : undefined
      const found = kept ?? (await readOther(services, input, channel, version))
      const place = found?.channels[channel]
      if (place) channels[channel] = place
      const smallValue = found?.small.get(channel)
      if (place?.length === 1 && smallValue) small.set(channel, smallValue)
    }
  }
  for (const channel of input.accumulated ?? [])
    if (!places.some((place) => place.channel === channel) && (channels[channel]?.length ?? 2) === 2)
      channels[channel] = [versions[channel] ?? 0, false]
  return { channels, small, places }
}

async function readParent(
  services: CheckpointServices,
  input: PutCheckpointInput,
  parentId: string,
): Promise<Parent | undefined> {
  const key = parentKey(input, parentId)
  const known = services.parents.get(key)
  if (known) return known
  const { orgId, threadId, ns } = input
  const [row] = await readCheckpoints(
    services.database,
    { orgId, threadId, ns, checkpointId: parentId },
    { now: services.clock.now(), limit: 1 },
  )
  const parent = row && (await parentOf(services, row))
  if (parent) services.parents.set(key, parent)
  return parent
}

async function parentOf({ frames }: CheckpointServices, row: CheckpointRow): Promise<Parent> {
  const place = { thread: row.thread, chain: row.bodyChain, position: row.bodyPosition }
  const bodyEnd = (await frames.read([place]))(place)
  return {
    thread: row.thread,
    prunes: row.prunes,
    channels: row.channels,
    small: decodeBody(bodyEnd.raw).small,
    bodyEnd,
  }
}

async function readOther(
  services: CheckpointServices,
  { orgId, threadId, ns }: PutCheckpointInput,
  channel: string,
  version: string | number,
): Promise<Parent | undefined> {
  const now = services.clock.now()
  const row = await readCheckpointWith(services.database, { orgId, threadId, ns }, { channel, version }, now)
  return row && parentOf(services, row)
}

function parentKey({ orgId, threadId, ns }: PutCheckpointInput, checkpointId: string): string {
  return JSON.stringify([orgId, threadId, ns, checkpointId])
}
