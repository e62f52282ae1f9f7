/** Time as this process had it, for bounds that must hold on a busy machine too: what it waits for a core does not count. */

/** The processor time that work takes on this thread, in ms. */
export async function cpuMsOf(work: () => unknown): Promise<number> {
  const before = process.threadCpuUsage()
  await work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}

const STEP_MS = 10

/** Counts the steps of a timer, each of 10 ms however late it comes, until the work settles; answers them in ms. */
export async function stepMsOf(work: () => Promise<unknown>): Promise<number> {
  let steps = 0
  const timer = setInterval(() => {
    steps += 1
  }, STEP_MS)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
  return steps * STEP_MS
}
