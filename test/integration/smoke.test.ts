import { expect, it } from 'vitest'
import { useRuntimes } from '../helpers/runtime.ts'
import { useStore } from '../helpers/store.ts'
import { untilSettled } from '../helpers/until.ts'

const runtimes = useRuntimes(useStore())

it('a recorded turn becomes a memory', async () => {
  const runtime = await runtimes.start()
  await runtime.startWorkers()
  await runtime.memory.recordTurn({
    orgId: 'o',
    workstreamId: 'w',
    turnId: 't',
    messages: [{ role: 'user', name: 'Maya', content: 'I moved to Lisbon in March.' }],
  })
  const status = await untilSettled(runtime, 'o')
  expect(status).toMatchObject({ turns: { extracted: 1, pending: 0 }, memories: 1 })
})
