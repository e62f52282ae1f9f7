import { afterEach, expect, inject, it } from 'vitest'
import { turn } from '../helpers/memory/turns.ts'
import { until, untilSettled } from '../helpers/until.ts'
import { startWorld, type World } from './world/world.ts'

const HOUR_MS = 3_600_000

let world: World
afterEach(() => world.stop())

it('a job that a clock hours ahead made wait does not wait for hours once the clock is right', async () => {
  world = await startWorld({ workers: ['memory-digest'], pgliteTemplateDir: inject('pgliteTemplateDir') })
  const [worker] = world.workers
  worker?.setClock(3 * HOUR_MS)
  world.model.fault({ status: 503, times: Number.POSITIVE_INFINITY })
  await world.runtime.memory.recordTurn(turn(1))
  await world.model.received(1, '/chat/completions')
  // Its first try has failed, and it waits for the second: by that clock.
  await until(
    () => world.runtime.queues.queue('memory-digest').getDelayed(),
    ([job]) => typeof job?.progress === 'object' && 'waitsFor' in job.progress,
  )
  worker?.setClock(0)
  world.model.reset()
  expect(await untilSettled(world.runtime, 'org')).toMatchObject({ turns: { extracted: 1 } })
})
