import { type Job, Worker } from 'bullmq'

/**
 * BullMQ's worker, which in addition knows when the request that locked a job was sent, and fetches nothing once it closes. Guarantees: the
 * moment that it answers is never later than the real one, and is monotonic. Must not decide anything else: that is BullMQ's.
 */
export class FleetWorker extends Worker {
  readonly #lockedAtMs = new WeakMap<Job, number>()

  /** On `performance.now()`'s clock; undefined for a job that did not come in a way known here. */
  lockedAtMs(job: Job): number | undefined {
    return this.#lockedAtMs.get(job)
  }

  protected override async moveToActive(token: string, name?: string): Promise<Job> {
    // BullMQ asks when its wait for a job ends, though it may have begun to close meanwhile. No job is what it takes for an empty queue.
    if (this.closing) return undefined as unknown as Job
    return this.#noting(() => super.moveToActive(token, name))
  }

  // The requests that end a job also fetch the next one.
  protected override handleCompleted(...args: Parameters<HandleCompleted>): Promise<Job> {
    return this.#noting(() => super.handleCompleted(...args))
  }

  protected override handleFailed(...args: Parameters<HandleFailed>): Promise<Job> {
    return this.#noting(() => super.handleFailed(...args))
  }

  async #noting(request: () => Promise<Job>): Promise<Job> {
    const sentAtMs = performance.now()
    const job = await request()
    if (job && !this.#lockedAtMs.has(job)) this.#lockedAtMs.set(job, sentAtMs)
    return job
  }
}

type Ending<Result> = (result: Result, job: Job, token: string, fetchNext?: () => boolean) => Promise<Job>
type HandleCompleted = Ending<unknown>
type HandleFailed = Ending<Error>
