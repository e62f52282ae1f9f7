import { createRandom } from './random.ts'
import { ORGS } from './traffic.ts'

/** Owns which faults come when. Guarantees: the same seed makes the same schedule. */

const SECOND_MS = 1_000
const HOUR_MS = 3_600_000

/** What a fault befalls. There is one process for each worker, one clock and two lines for each and for the app; a switch for all and one for each org. */
type Target =
  | 'worker'
  | 'clock'
  | 'redis line'
  | 'store line'
  | 'redis'
  | 'cache'
  | 'store'
  | 'pooler'
  | 'provider'
  | 'switch'

type FaultPlan = {
  readonly target: Target
  readonly lastsMs: readonly [least: number, most: number]
  /** Noticed by a health check only: too long for the short form. */
  readonly isSlow?: boolean
  /** Faults for which not every world has the servers. */
  readonly needs?: WorldPart
}

export type WorldPart = 'pooler' | 'next release'

/** Every fault, and how long it lasts. A frozen worker sleeps beyond its leases. */
const FAULTS = {
  'worker killed': { target: 'worker', lastsMs: [100, 1_500] },
  'worker frozen': { target: 'worker', lastsMs: [1_800, 4_000] },
  'worker stopped': { target: 'worker', lastsMs: [100, 1_000] },
  'clock jumped': { target: 'clock', lastsMs: [500, 4_000] },
  'redis line frozen': { target: 'redis line', lastsMs: [500, 4_000] },
  'redis line cut': { target: 'redis line', lastsMs: [100, 2_500] },
  'store line frozen': { target: 'store line', lastsMs: [500, 4_000] },
  'store line cut': { target: 'store line', lastsMs: [100, 2_500] },
  'redis line lost': { target: 'redis line', lastsMs: [0, 1_000], isSlow: true },
  'store line lost': { target: 'store line', lastsMs: [0, 1_000], isSlow: true },
  'redis killed': { target: 'redis', lastsMs: [100, 2_000] },
  'redis restarted': { target: 'redis', lastsMs: [100, 1_000] },
  'redis flushed': { target: 'redis', lastsMs: [0, 0] },
  'redis replaced': { target: 'redis', lastsMs: [100, 1_000] },
  'redis full': { target: 'redis', lastsMs: [500, 3_000] },
  'redis frozen': { target: 'redis', lastsMs: [500, 4_000] },
  'cache killed': { target: 'cache', lastsMs: [500, 4_000] },
  'store killed': { target: 'store', lastsMs: [100, 1_500] },
  'store restarted': { target: 'store', lastsMs: [100, 1_000] },
  'store frozen': { target: 'store', lastsMs: [500, 3_000] },
  'pooler restarted': { target: 'pooler', lastsMs: [0, 1_000], needs: 'pooler' },
  'worker replaced': { target: 'worker', lastsMs: [0, 500], needs: 'next release' },
  'store replaced': { target: 'store', lastsMs: [0, 500], needs: 'next release' },
  'work halted': { target: 'switch', lastsMs: [500, 3_000] },
  'provider limits': { target: 'provider', lastsMs: [500, 3_000] },
  'provider fails': { target: 'provider', lastsMs: [500, 3_000] },
  'provider hangs': { target: 'provider', lastsMs: [500, 3_000] },
  'provider truncates': { target: 'provider', lastsMs: [500, 2_000] },
} as const satisfies Record<string, FaultPlan>

export type FaultKind = keyof typeof FAULTS
const FAULT_KINDS = Object.keys(FAULTS) as FaultKind[]

export type Step = {
  readonly kind: FaultKind
  readonly target: Target
  /** At the earliest: it waits until what its target had before is undone. */
  readonly atMs: number
  readonly lastsMs: number
  /** Which worker, clock or line; 0 where there is one of it. */
  readonly index: number
  /** By how much a clock jumps. */
  readonly clockOffsetMs: number
}

/** From here on slow faults take part. */
const LONG_MS = 60_000
/** Between the beginnings of two faults. */
const GAP_MS: readonly [least: number, most: number] = [200, 1_000]
const JUMPS_MS = [-5 * SECOND_MS, 5 * SECOND_MS, -3 * HOUR_MS, 3 * HOUR_MS]

/** Faults for a fleet of so many workers. Each kind comes once before any comes again. */
export function makeSchedule(
  seed: number,
  durationMs: number,
  workers: number,
  parts: readonly WorldPart[] = [],
): Step[] {
  const random = createRandom(seed)
  const kinds = FAULT_KINDS.filter((kind) => {
    const { needs, isSlow }: FaultPlan = FAULTS[kind]
    return (needs === undefined || parts.includes(needs)) && (durationMs >= LONG_MS || !isSlow)
  })
  const steps: Step[] = []
  let bag: FaultKind[] = []
  for (let atMs = random.between(...GAP_MS); atMs < durationMs; atMs += random.between(...GAP_MS)) {
    if (bag.length === 0) bag = random.shuffled(kinds)
    const kind = bag.pop() as FaultKind
    const { target, lastsMs: range }: FaultPlan = FAULTS[kind]
    const index = random.between(0, countOf(target, workers) - 1)
    const lastsMs = random.between(...range)
    const jumpMs = random.pick(JUMPS_MS)
    steps.push({ kind, target, atMs, lastsMs, index, clockOffsetMs: target === 'clock' ? jumpMs : 0 })
  }
  return steps
}

function countOf(target: Target, workers: number): number {
  if (target === 'worker') return workers
  if (target === 'switch') return 1 + ORGS.length
  return target === 'clock' || target.endsWith(' line') ? workers + 1 : 1
}

/** One line a step, to be read beside the evidence. */
export function formatSchedule(steps: readonly Step[]): string {
  return steps
    .map(({ kind, atMs, lastsMs, index, clockOffsetMs }) => {
      const jump = clockOffsetMs === 0 ? '' : ` by ${clockOffsetMs / SECOND_MS} s`
      return `${String(atMs).padStart(7)} ms  ${kind} #${index}${jump}, for ${lastsMs} ms`
    })
    .join('\n')
}

/** How often each kind came: `worker killed 2, redis frozen 1`. */
export function countFaults(steps: readonly Step[]): string {
  const byKind = Map.groupBy(steps, (step) => step.kind)
  return FAULT_KINDS.flatMap((kind) => (byKind.has(kind) ? [`${kind} ${byKind.get(kind)?.length}`] : [])).join(', ')
}
