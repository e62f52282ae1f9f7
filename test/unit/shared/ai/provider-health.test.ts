import { describe, expect, it } from 'vitest'
import type { ModelProvider } from '../../../../shared/ai/model-provider.ts'
import { createProviderHealth } from '../../../../shared/ai/provider-health.ts'
import { AfterturnError } from '../../../../shared/errors.ts'
import type { Log } from '../../../../shared/observe/log.ts'

const WHERE = { orgId: 'acme', workstreamId: 'w' }

function healthUnderTest() {
  let ms = 0
  const lines: string[] = []
  const line = (_: object, message: string) => void lines.push(message)
  const log: Log = { debug() {}, info: line, warn: line, error: line }
  const health = createProviderHealth({ now: () => new Date(ms), monotonicMs: () => ms }, log)
  const waiting: (() => void)[] = []
  const pending = { embed: () => new Promise((resolve) => waiting.push(() => resolve({ vectors: [] }))) }
  const watched = health.watch(pending as unknown as ModelProvider)
  return { health, lines, watched, waiting, pass: (more: number) => (ms += more) }
}
const failure = new AfterturnError('MODEL_REFUSED', 'bad key', { cause: { call: 'embed', isForAll: true } })

describe('an outage', () => {
  it('is two lines, however many jobs wait; what was asked before it does not end it', async () => {
    const { health, lines, watched, waiting, pass } = healthUnderTest()
    const before = watched.embed(['a'], {})
    pass(1)
    for (let job = 0; job < 9; job++) health.reportOutage(failure, WHERE)
    pass(1)
    waiting.shift()?.()
    await before
    expect(lines).toHaveLength(1)
    expect(health.outageSince()).toEqual(new Date(1))
    const later = watched.embed(['a'], {})
    waiting.shift()?.()
    await later
    expect(lines).toHaveLength(2)
    expect(health.outageSince()).toBeUndefined()
  })

  it('that comes and goes is told of once a minute', async () => {
    const { health, lines, watched, waiting, pass } = healthUnderTest()
    for (let times = 0; times < 50; times++) {
      health.reportOutage(failure, WHERE)
      pass(100)
      const answer = watched.embed(['a'], {})
      waiting.shift()?.()
      await answer
    }
    expect(lines).toHaveLength(2)
    pass(60_000)
    health.reportOutage(failure, WHERE)
    expect(lines).toHaveLength(3)
  })
})
