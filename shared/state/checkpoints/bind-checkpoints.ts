import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../../clock.ts'
import type { Config } from '../../config.ts'
import { AfterturnError } from '../../errors.ts'
import { idSchema, parseInput } from '../../parse-input.ts'
import type { Database } from '../../store/database.ts'
import { copyThread, deleteThread, pruneThread } from '../../store/states/delete-checkpoints.ts'
import { insertWrites } from '../../store/states/put-checkpoint.ts'
import { withStoreErrors } from '../../store/with-store-errors.ts'
import { encodeFull } from '../frame.ts'
import { createKeptEnds } from '../kept-ends.ts'
import { createFrameReader } from './checkpoint-frames.ts'
import { type CheckpointServices, createKeptParents } from './checkpoint-services.ts'
import type { Checkpoints, ListCheckpointsInput, PutWritesInput, StoredCheckpoint } from './checkpoints.ts'
import { asBuffer, busyThread, putCheckpoint, settleOutcome, threadOf } from './put-checkpoint.ts'
import { exportCheckpoints, readCheckpointPage, readThreadHistory } from './read-checkpoints.ts'

/** Values of writes from this size on are stored once in a thread. */
const SHARED_VALUE_BYTES = 256
const MAX_FILTER_BYTES = 16 * 1_024
const MAX_WRITE_TRIES = 20
/** Of the memory for states, the part for what checkpoints hold beside their values. */
const PARENT_SHARE = 0.25

const nsSchema = z
  .string()
  .refine((ns) => ns === '' || idSchema.safeParse(ns).success, 'expected a namespace, got another text')
const thread = { orgId: idSchema, threadId: idSchema }
const key = { ...thread, ns: nsSchema, checkpointId: idSchema.optional() }
const run = {
  userId: idSchema.optional(),
  begunAt: z.date().optional(),
  ttlSeconds: z.number().int().min(1).max(315_360_000).optional(),
}
const bytesSchema = z.instanceof(Uint8Array)
const versionSchema = z.union([z.string().max(200), z.number()])
const filterSchema = z
  .record(z.string(), z.unknown())
  .refine(
    (filter) => JSON.stringify(filter).length <= MAX_FILTER_BYTES,
    `expected at most ${MAX_FILTER_BYTES} characters of JSON, got more`,
  )
const threadSchema = z.strictObject(thread)
const keySchema = z.strictObject(key)
const historySchema = z.strictObject({ ...key, channels: z.array(z.string()) })
const putSchema = z.strictObject({
  ...key,
  ...run,
  checkpointId: idSchema,
  parentId: idSchema.optional(),
  body: bytesSchema,
  filter: filterSchema,
  versions: z.record(z.string(), versionSchema),
  values: z.map(z.string(), bytesSchema.optional()),
  accumulated: z.array(z.string()).optional(),
  isNewestOnly: z.boolean().optional(),
})
const writesSchema = z.strictObject({
  ...key,
  ...run,
  checkpointId: idSchema,
  taskId: idSchema,
  taskPath: z.string().max(4_096),
  writes: z.array(z.strictObject({ index: z.number().int(), channel: z.string(), value: bytesSchema })),
  replaces: z.boolean(),
})
const listSchema = z.strictObject({
  orgId: idSchema,
  threadId: idSchema.optional(),
  ns: nsSchema.optional(),
  checkpointId: idSchema.optional(),
  beforeId: idSchema.optional(),
  filter: filterSchema.optional(),
  limit: z.number().int().min(0).optional(),
})
const pruneSchema = z.strictObject({ ...thread, keep: z.number().int().min(0).max(1_000_000) })
const copySchema = z.strictObject({ ...thread, toThreadId: idSchema })

type CheckpointGivens = {
  readonly config: Pick<Config, 'stateCodec' | 'stateMaxBytes' | 'stateMemoryBytes'>
  readonly database: Database
  readonly clock: Clock
  /** Lets each call, and each page of a list, through. */
  enter<T>(call: () => Promise<T>): Promise<T>
}

/** The checkpoints, and what the export of an org adds to its own lines. */
export type BoundCheckpoints = {
  readonly checkpoints: Checkpoints
  exportLines(scope: { readonly orgId: string; readonly userId?: string | undefined }): AsyncIterable<string>
}

/** Binds checkpoints to a runtime's services. */
export function bindCheckpoints({ config, database, clock, enter }: CheckpointGivens): BoundCheckpoints {
  const services: CheckpointServices = {
    config,
    database,
    clock,
    frames: createFrameReader(database, createKeptEnds(config.stateMemoryBytes), config.stateMaxBytes),
    parents: createKeptParents(config.stateMemoryBytes * PARENT_SHARE),
  }
  const call = <T>(work: () => Promise<T>) => enter(() => withStoreErrors(work()))

  async function putWrites(input: PutWritesInput): Promise<void> {
    const writes = input.writes.map(({ index, channel, value }) => ({
      index,
      channel,
      frame: encodeFull(asBuffer(value), config.stateCodec),
      digest: value.length < SHARED_VALUE_BYTES ? undefined : createHash('sha256').update(value).digest(),
    }))
    for (let tries = 0; tries < MAX_WRITE_TRIES; tries++) {
      const { outcome } = await insertWrites(database, threadOf(services, input), input, writes, input.replaces)
      if (outcome === 'done') return
      await settleOutcome(services, input, outcome)
    }
    throw busyThread(input)
  }

  async function* listed({
    limit = Number.POSITIVE_INFINITY,
    ...filter
  }: ListCheckpointsInput): AsyncGenerator<StoredCheckpoint> {
    let left = limit
    let after: Awaited<ReturnType<typeof readCheckpointPage>>[number] | undefined
    while (left > 0) {
      const page = await call(() =>
        readCheckpointPage(services, { ...filter, ...(Number.isFinite(left) && { limit: left }) }, after),
      )
      for (const { checkpoint } of page) yield checkpoint
      after = page.at(-1)
      if (!after) return
      left -= page.length
    }
  }

  const checkpoints: Checkpoints = {
    put: async (input) => {
      const checked = parseInput(putSchema, input, 'checkpoint')
      await call(() => putCheckpoint(services, checked))
    },
    putWrites: async (input) => {
      const checked = parseInput(writesSchema, input, 'writes')
      if (checked.writes.length > 0) await call(() => putWrites(checked))
    },
    get: async (input) => {
      const checked = parseInput(keySchema, input, 'checkpoint')
      return (await call(() => readCheckpointPage(services, { ...checked, limit: 1 })))[0]?.checkpoint
    },
    list: (input) => listed(parseInput(listSchema, input, 'list')),
    history: async (input) => {
      const checked = parseInput(historySchema, input, 'history')
      return call(() => readThreadHistory(services, checked))
    },
    deleteThread: async (input) => {
      const checked = parseInput(threadSchema, input, 'thread')
      await call(() => deleteThread(database, checked, clock.now()))
    },
    prune: async (input) => {
      const { keep, ...checked } = parseInput(pruneSchema, input, 'thread')
      return {
        checkpoints: await call(() =>
          database.transaction().execute((transaction) => pruneThread(transaction, checked, keep)),
        ),
      }
    },
    copyThread: async (input) => {
      const { toThreadId, ...checked } = parseInput(copySchema, input, 'thread')
      const isCopied = await call(() =>
        database.transaction().execute((transaction) => copyThread(transaction, checked, toThreadId, clock.now())),
      )
      if (!isCopied)
        throw new AfterturnError(
          'STATE_CONFLICT',
          `Expected a thread to copy and none called ${JSON.stringify(toThreadId)}.`,
          {
            recorded: 'no',
          },
        )
    },
  }
  return { checkpoints, exportLines: (scope) => exportCheckpoints(services, scope) }
}
