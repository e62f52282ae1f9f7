import { expect, it } from 'vitest'
import { readJobState } from '../../../queues/state/job-state.ts'
import { heldHandler, useFleets, work } from '../../helpers/fleet.ts'

const { ended, queue, serve } = useFleets()

it('is read as BullMQ has it, of each state that a job can be in', async () => {
  const { handler, runs, started } = heldHandler()
  const jobs = queue('work')
  const add = (opts: object) => jobs.add('work', { key: 'a' }, opts)
  const held = [await add({}), await add({ delay: 60_000 }), await add({ priority: 3 })]
  const states = async () => {
    const seen = await Promise.all(held.map(({ id }) => readJobState(jobs, id as string)))
    expect(seen).toEqual(await Promise.all(held.map((job) => job.getState())))
    return seen
  }
  expect(await states()).toEqual(['waiting', 'delayed', 'prioritized'])
  await serve(work, handler, 1)
  await started(1)
  expect(await states()).toEqual(['active', 'delayed', 'prioritized'])
  runs[0]?.finish()
  await started(2)
  runs[1]?.finish()
  await ended('work', held[2]?.id as string, 'completed')
  expect(await states()).toEqual(['completed', 'delayed', 'completed'])
  expect(await readJobState(jobs, 'none')).toBe('unknown')
})
