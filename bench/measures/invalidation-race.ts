/** Owns random schedules of loads and invalidations, and how they are judged: whoever asks after an invalidation must not get what was loaded before it. */

/** A cache as the schedules use it: several processes, one key. */
type RacingCache = {
  readonly processes: number
  get(process: number, load: () => Promise<number>): Promise<number | undefined>
  invalidate(process: number): Promise<unknown>
  clear(): Promise<unknown>
}

const STEPS = 12
const KINDS = ['get', 'slow', 'slow', 'invalidate', 'answer', 'fail'] as const

/** How many answers were stale, over all schedules. */
export async function countStale(cache: RacingCache, schedules: number, seed: number): Promise<number> {
  let state = seed
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * below)
  }
  let stale = 0
  for (let schedule = 0; schedule < schedules; schedule++) {
    await cache.clear()
    let truth = 0
    let running = 0
    const waiting: (() => void)[] = []
    const ask = async (process: number, load: () => Promise<number>) => {
      const atLeast = truth
      running += 1
      const value = await cache.get(process, load).catch(() => undefined)
      if (value !== undefined && value < atLeast) stale += 1
      running -= 1
    }
    for (let step = 0; step < STEPS; step++) {
      const process = random(cache.processes)
      const kind = KINDS[random(KINDS.length)]
      if (kind === 'get') void ask(process, async () => truth)
      if (kind === 'fail') void ask(process, async () => Promise.reject(new Error('away')))
      if (kind === 'slow')
        void ask(process, async () => {
          const value = truth
          await new Promise<void>((resolve) => waiting.push(resolve))
          return value
        })
      if (kind === 'answer') for (const resolve of waiting.splice(0)) resolve()
      if (kind === 'invalidate') {
        truth += 1
        await cache.invalidate(process)
      }
      if (random(2) === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    void ask(random(cache.processes), async () => truth)
    while (running > 0) {
      for (const resolve of waiting.splice(0)) resolve()
      await new Promise((resolve) => setImmediate(resolve))
    }
    await ask(random(cache.processes), async () => truth)
  }
  return stale
}
