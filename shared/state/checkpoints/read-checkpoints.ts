import { isUtf8 } from 'node:buffer'
import {
  type CheckpointRow,
  type FramePlace,
  readAncestors,
  readCheckpoints,
  readWrites,
  type WriteRow,
} from '../../store/states/checkpoint-rows.ts'
import { decodeFrame } from '../frame.ts'
import { decodeBody } from './checkpoint-body.ts'
import type { CheckpointServices } from './checkpoint-services.ts'
import type {
  ChannelHistory,
  CheckpointKey,
  ListCheckpointsInput,
  StoredCheckpoint,
  StoredWrite,
} from './checkpoints.ts'

/** Owns reading checkpoints whole. Guarantees: bytes are checked before anybody sees them; a list holds one page. */

const PAGE = 50

/** The next checkpoints of a list, at most a page. */
export async function readCheckpointPage(
  services: CheckpointServices,
  { limit = PAGE, ...filter }: ListCheckpointsInput & { readonly userId?: string | undefined },
  after?: { readonly row: CheckpointRow },
): Promise<{ readonly checkpoint: StoredCheckpoint; readonly row: CheckpointRow }[]> {
  const { database, clock } = services
  const rows = await readCheckpoints(database, filter, {
    now: clock.now(),
    after: after?.row,
    limit: Math.min(limit, PAGE),
  })
  const checkpoints = await wholeOf(services, filter.orgId, rows)
  return rows.map((row, index) => ({ row, checkpoint: checkpoints[index] as StoredCheckpoint }))
}

/** Every checkpoint of an org, or of a user in it, as a line of an export. What is no text is base64. */
export async function* exportCheckpoints(
  services: CheckpointServices,
  scope: { readonly orgId: string; readonly userId?: string | undefined },
): AsyncGenerator<string> {
  const textOf = (bytes: Buffer) => (isUtf8(bytes) ? bytes.toString() : { base64: bytes.toString('base64') })
  for (let after: Awaited<ReturnType<typeof readCheckpointPage>>[number] | undefined; ; ) {
    const page = await readCheckpointPage(services, { orgId: scope.orgId, userId: scope.userId }, after)
    for (const { checkpoint } of page) {
      const { orgId: _, body, values, writes, ...about } = checkpoint
      yield JSON.stringify({
        type: 'checkpoint',
        ...about,
        body: textOf(body),
        values: Object.fromEntries([...values].map(([channel, value]) => [channel, textOf(value)])),
        writes: writes.map((write) => ({ ...write, value: textOf(write.value) })),
      })
    }
    after = page.at(-1)
    if (!after) return
  }
}

/** By channel, what the ancestors of a checkpoint wrote. */
export async function readThreadHistory(
  services: CheckpointServices,
  { orgId, threadId, ns, checkpointId, channels }: CheckpointKey & { readonly channels: readonly string[] },
): Promise<Record<string, ChannelHistory>> {
  const { database, clock, config, frames } = services
  const [start] = await readCheckpoints(database, { orgId, threadId, ns, checkpointId }, { now: clock.now(), limit: 1 })
  const ancestors = start ? await readAncestors(database, start, channels) : []
  const written = Map.groupBy(await readWrites(database, ancestors, channels), (write) => write.checkpointId)
  const seedRows = new Map<string, CheckpointRow>()
  const histories = new Map(channels.map((channel) => [channel, [] as StoredWrite[]]))
  // The oldest first.
  for (const ancestor of ancestors.toReversed()) {
    for (const channel of ancestor.remaining) if (hasValue(ancestor, channel)) seedRows.set(channel, ancestor)
    for (const write of written.get(ancestor.checkpointId) ?? [])
      if (ancestor.remaining.includes(write.channel))
        histories.get(write.channel)?.push(writeOf(write, config.stateMaxBytes))
  }
  const places = [...seedRows].map(([channel, row]) => placeOf(row, channel) ?? bodyPlaceOf(row))
  const endOf = await frames.read(places)
  return Object.fromEntries(
    channels.map((channel) => {
      const row = seedRows.get(channel)
      const place = row && placeOf(row, channel)
      const seed = place ? endOf(place).raw : row && decodeBody(endOf(bodyPlaceOf(row)).raw).small.get(channel)
      return [channel, { seed, writes: histories.get(channel) ?? [] }]
    }),
  )
}

async function wholeOf(
  { database, config, frames }: CheckpointServices,
  orgId: string,
  rows: readonly CheckpointRow[],
): Promise<StoredCheckpoint[]> {
  const places = rows.flatMap((row) => [
    bodyPlaceOf(row),
    ...Object.keys(row.channels).flatMap((channel) => placeOf(row, channel) ?? []),
  ])
  const [endOf, writes] = await Promise.all([frames.read(places), readWrites(database, rows)])
  const keyOf = ({ thread, ns, checkpointId }: Pick<WriteRow, 'thread' | 'ns' | 'checkpointId'>) =>
    JSON.stringify([thread, ns, checkpointId])
  const written = Map.groupBy(writes, keyOf)
  return rows.map((row) => {
    const { given, small } = decodeBody(endOf(bodyPlaceOf(row)).raw)
    const values = new Map<string, Buffer>()
    for (const channel of Object.keys(row.channels)) {
      const place = placeOf(row, channel)
      const value = place ? endOf(place).raw : small.get(channel)
      if (value) values.set(channel, value)
    }
    const { threadId, ns, checkpointId, parentId } = row
    const own = (written.get(keyOf(row)) ?? []).map((write) => writeOf(write, config.stateMaxBytes))
    return { orgId, threadId, ns, checkpointId, parentId: parentId ?? undefined, body: given, values, writes: own }
  })
}

function hasValue({ channels }: CheckpointRow, channel: string): boolean {
  return channels[channel] !== undefined && channels[channel].length !== 2
}

function placeOf({ thread, channels }: CheckpointRow, channel: string): FramePlace | undefined {
  const place = channels[channel]
  return place?.length === 3 ? { thread, chain: place[1], position: place[2] } : undefined
}

function bodyPlaceOf({ thread, bodyChain, bodyPosition }: CheckpointRow): FramePlace {
  return { thread, chain: bodyChain, position: bodyPosition }
}

function writeOf({ taskId, channel, frame }: WriteRow, maxRawBytes: number): StoredWrite {
  return { taskId, channel, value: decodeFrame(frame, undefined, maxRawBytes) }
}
