import { LRUCache } from 'lru-cache'
import type { Clock } from '../../clock.ts'
import type { Config } from '../../config.ts'
import type { Database } from '../../store/database.ts'
import type { ChannelMap } from '../../store/states/checkpoint-rows.ts'
import type { ChainEnd } from '../chain.ts'
import type { FrameReader } from './checkpoint-frames.ts'

/** What every part of the checkpoint store is given. */
export type CheckpointServices = {
  readonly config: Pick<Config, 'stateCodec' | 'stateMaxBytes'>
  readonly database: Database
  readonly clock: Clock
  readonly frames: FrameReader
  readonly parents: KeptParents
}

/** A checkpoint that was written or read here, as the next one needs it. */
export type Parent = {
  readonly thread: number
  readonly prunes: number
  readonly channels: ChannelMap
  readonly small: ReadonlyMap<string, Buffer>
  readonly bodyEnd: ChainEnd
}
/** The last checkpoints of this process. What one holds never changes; a write finds out whether it is still there. */
type KeptParents = {
  get(key: string): Parent | undefined
  set(key: string, parent: Parent): unknown
  delete(key: string): unknown
}

const ENTRY_BYTES = 2_000

export function createKeptParents(maxBytes: number): KeptParents {
  return new LRUCache<string, Parent>({
    maxSize: Math.max(1, maxBytes),
    sizeCalculation: ({ bodyEnd }, key) => ENTRY_BYTES + key.length + bodyEnd.raw.length,
  })
}
