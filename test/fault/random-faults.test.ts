import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, inject, it } from 'vitest'
import { countTurns } from '../../shared/store/turns/turns.ts'
import { runSchedule } from './inject.ts'
import { findViolations } from './invariants.ts'
import { createRandom } from './random.ts'
import { untilAtRest } from './rest.ts'
import { countFaults, formatSchedule, makeSchedule } from './schedule.ts'
import { noteSettlements } from './settlements.ts'
import { startTraffic } from './traffic.ts'
import { startWorld, type World } from './world/world.ts'

/**
 * Everything goes wrong at random times while turns are recorded; afterwards every promise must hold. `FAULT_SEED` and `FAULT_MINUTES` come from
 * `npm run test:fault -- --seed S --minutes N`. The same seed makes the same faults and the same turns; how they meet is up to the machine.
 */

const WORKERS = ['memory-digest', 'memory-digest', 'memory-extraction', 'workers']
const MINUTE_MS = 60_000
/** Enough for each fault of `schedule.ts` but the slow ones. */
const SHORT_MS = 16_000
/** After the last fault: leases, back-offs, due times, sweeps, and health checks of lines that were lost, on a busy machine. */
const REST_TIMEOUT_MS = 90_000
const FIXED_SEED = 1
const MINUTES = Number(process.env.FAULT_MINUTES || 0)

declare module 'vitest' {
  interface TaskMeta {
    /** One line that says what was done, and what came of it. */
    report?: string
  }
}

const rounds = planRounds(Number(process.env.FAULT_SEED || 0), MINUTES)
/** Made by `npm run test:services`; without it there is no PostgreSQL. */
const SANDBOX = fileURLToPath(new URL('../../.data/trixie', import.meta.url))
const STORES = [
  { store: 'PGlite', sandbox: undefined, rounds },
  { store: 'PostgreSQL behind PgBouncer', sandbox: SANDBOX, rounds: MINUTES > 0 ? rounds : rounds.slice(-1) },
]
let world: World | undefined
afterEach(async () => {
  await world?.stop()
  world = undefined
})

describe.for(STORES)('on $store', ({ store, sandbox, rounds }) => {
  it.skipIf(sandbox !== undefined && !existsSync(sandbox)).for(rounds)(
    'seed $seed, $durationMs ms of faults: nothing is lost, doubled, mixed up or left behind',
    async ({ seed, durationMs }, { task }) => {
      world = await startWorld({ workers: WORKERS, pgliteTemplateDir: inject('pgliteTemplateDir'), sandbox })
      await noteSettlements(world.database)
      const steps = makeSchedule(seed, durationMs, WORKERS.length, sandbox === undefined ? [] : ['pooler'])
      const traffic = startTraffic(world, createRandom(seed))
      const { violations, halts } = await runSchedule(world, steps)
      const book = await traffic.stop()
      const healedMs = performance.now()
      violations.push(...(await untilAtRest(world, REST_TIMEOUT_MS)))
      const restS = Math.round((performance.now() - healedMs) / 1_000)
      violations.push(...(await findViolations(world, book, halts)))
      if (violations.length > 0) console.error(describeFailure(world, seed, formatSchedule(steps)))
      const turns = await countTurns(world.database)
      task.meta.report =
        `fault: ${store}, seed ${seed}: ${steps.length} faults (${countFaults(steps)}), ${book.recorded.length} turns checked ` +
        `(${turns.extracted} extracted, ${turns.deadLettered} dead letters) at rest after ${restS} s, ${violations.length} violations`
      expect(violations).toEqual([])
    },
  )
})

/** A short run has a seed that is always the same and one that is new; a longer one goes on from its seed, a minute each. */
function planRounds(seed: number, minutes: number): { seed: number; durationMs: number }[] {
  const first = seed || 1 + Math.floor(Math.random() * 1_000_000)
  if (minutes === 0) return (seed ? [seed] : [FIXED_SEED, first]).map((one) => ({ seed: one, durationMs: SHORT_MS }))
  return Array.from({ length: Math.ceil(minutes) }, (_, round) => ({
    seed: first + round,
    durationMs: Math.min(MINUTE_MS, minutes * MINUTE_MS),
  }))
}

const EVIDENCE_LINES = 30

function describeFailure({ processes, workers }: World, seed: number, schedule: string): string {
  const tails = ['store', ...workers.map(({ name }) => name)].map(
    (name) => `--- ${name}\n${processes.output(name).trimEnd().split('\n').slice(-EVIDENCE_LINES).join('\n')}`,
  )
  return `The faults of seed ${seed}:\n${schedule}\n${tails.join('\n')}`
}
