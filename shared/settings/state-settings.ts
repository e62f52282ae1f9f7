import { count, oneOf } from './value-checks.ts'

const MIB = 1_024 * 1_024

/** How states of agents are kept. */
export const stateSettings = {
  stateCodec: oneOf('zstd', 'zlib', 'lz4', 'none')
    .default('zstd')
    .describe('How states are compressed; stored states stay readable after a change. lz4 needs the package lz4-napi'),
  stateMaxBytes: count(1_024, 256 * MIB)
    .default(16 * MIB)
    .describe('Largest size of one state, as JSON'),
  stateKeepVersions: count(1, 100_000)
    .default(20)
    .describe('Versions kept per state, unless a save says otherwise; labelled versions do not count'),
  stateTtlSeconds: count(1, 315_360_000)
    .optional()
    .describe('How long after its last save a state expires, in seconds, unless a save says otherwise. Unset: never'),
  stateMemoryBytes: count(0, 1_024 * MIB)
    .default(32 * MIB)
    .describe('Memory that each process uses for recent states, against which it compares the next version'),
}
