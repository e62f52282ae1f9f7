import { expect, it } from 'vitest'
import { turn } from '../../helpers/memory/turns.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'

/** `memory.untilDigested`: apps wait for the fleet without a loop of their own. */

const runtimes = useRuntimes(useStore())
const orgId = 'waits'

it('resolves once the turns are extracted; a workstream without turns waits for nothing', async () => {
  const runtime = await runtimes.start()
  await runtime.memory.recordTurn(turn(1, { orgId }))
  await runtime.memory.untilDigested({ orgId, workstreamId: 'quiet' })
  const waiting = runtime.memory.untilDigested({ orgId })
  await runtime.startWorkers()
  await waiting
  expect((await runtime.memory.status({ orgId })).turns).toEqual({ pending: 0, extracted: 1, deadLettered: 0 })
})

it('ends with the signal, and with the runtime', async () => {
  const runtime = await runtimes.start({ digestWindowMs: 60_000, digestMaxWaitMs: 60_000 })
  await runtime.memory.recordTurn(turn(1, { orgId: 'undigested' }))
  const stop = new AbortController()
  const waits = [stop.signal, undefined].map((signal) =>
    runtime.memory.untilDigested({ orgId: 'undigested', ...(signal && { signal }) }).catch((error: unknown) => error),
  )
  stop.abort(new Error('enough'))
  expect(await waits[0]).toMatchObject({ message: 'enough' })
  await runtime.disconnect()
  expect(await waits[1]).toMatchObject({ code: 'RUNTIME_CLOSED' })
})

it('refuses a selection that is none', async () => {
  const runtime = await runtimes.start()
  await expect(runtime.memory.untilDigested({ orgId: '' })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
})
