/** Owns how long each stage of a run took. Stages may overlap: while one waits for another process, the next works. */
export type StageTimes = {
  /** Runs the work and adds its time to the stage. */
  time<T>(stage: string, work: () => Promise<T>): Promise<T>
  /** Whole milliseconds by stage, in the order of their beginning. */
  read(): Record<string, number>
}

export function createStageTimes(): StageTimes {
  const times = new Map<string, number>()
  return {
    async time(stage, work) {
      const startedMs = performance.now()
      try {
        return await work()
      } finally {
        times.set(stage, (times.get(stage) ?? 0) + performance.now() - startedMs)
      }
    },
    read: () => Object.fromEntries([...times].map(([stage, ms]) => [stage, Math.round(ms)])),
  }
}
