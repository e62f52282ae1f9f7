import { type Job, Worker } from 'bullmq'

/**
 * BullMQ's worker, which also records when the request that locked a job was sent, and fetches nothing once it is closing. Guarantees: the
 * recorded time is monotonic and never later than the real one. Must not change anything else about BullMQ.
 */
export class FleetWorker extends Worker {
  readonly #lockedAtMs = new WeakMap<Job, number>()

  /** On the clock of `performance.now()`; undefined for a job that was fetched in a way unknown here. */
  lockedAtMs(job: Job): number | undefined {
    return this.#lockedAtMs.get(job)
  }

  protected override async moveToActive(token: string, name?: string): Promise<Job> {
    // BullMQ fetches when its wait for a job ends, even if it began to close in the meantime. It reads undefined as an empty queue.
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
