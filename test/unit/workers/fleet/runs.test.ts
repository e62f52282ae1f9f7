import { describe, expect, it } from 'vitest'
import { AfterturnError } from '../../../../shared/errors.ts'
import { createRuns } from '../../../../workers/fleet/runs.ts'

const job = { queue: 'work', jobId: '1', timeoutMs: undefined, stopSignal: undefined }
const stopping = new AfterturnError('SHUTTING_DOWN', 'stop')
const cancelled = new AfterturnError('JOB_CANCELLED', 'stop')

describe('the runs of a process', () => {
  it('stop together, and one that starts after that is stopped at once', () => {
    const runs = createRuns()
    const before = runs.start(job)
    runs.stopAll(stopping)
    expect([before, runs.start(job)].map((run) => run.stopReason())).toEqual([stopping, stopping])
  })

  it('keep the first reason that stopped them', () => {
    const run = createRuns().start(job)
    run.stop(cancelled)
    run.stop(stopping)
    expect(run.stopReason()).toBe(cancelled)
  })

  it('are counted by queue, the ended ones too', () => {
    const runs = createRuns()
    runs.end(runs.start(job))
    runs.start(job)
    runs.start({ ...job, queue: 'other' })
    expect([runs.count('work'), runs.count('other'), runs.count('none')]).toEqual([
      { running: 1, started: 2 },
      { running: 1, started: 1 },
      { running: 0, started: 0 },
    ])
  })

  it('are stopped by a signal that had fired before they started', () => {
    const stopSignal = AbortSignal.abort(cancelled)
    expect(createRuns().start({ ...job, stopSignal }).signal.reason).toBe(cancelled)
  })
})
