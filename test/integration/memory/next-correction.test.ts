import { describe, expect, it } from 'vitest'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

/** A correction in the next message takes the place of what it corrects, be that in the same batch or stored; each turn alone leaves only its own words. */

const runtimes = useRuntimes(useStore())
const STATEMENT = 'My brother Tom works at Siemens.'
const CORRECTION = 'Sorry, I meant Bosch.'

describe.each([
  ['in one batch', 'apart'],
  ['in two batches', ''],
])('a correction of the message before, %s', (name, together) => {
  const owner = { orgId: name.replaceAll(' ', '-'), userId: 'maya', workstreamId: 'talk' }

  async function told(orgId: string) {
    const runtime = await runtimes.start()
    await runtime.startWorkers(['memory-digest', 'memory-extraction'])
    const place = { ...owner, orgId }
    for (const [index, content] of [STATEMENT, CORRECTION].entries()) {
      await runtime.memory.recordTurn({
        ...place,
        turnId: `${index}`,
        messages: [
          { role: 'user', content },
          { role: 'assistant', content: 'Noted.' },
        ],
      })
      if (together === '') await runtime.memory.untilDigested({ orgId })
    }
    await runtime.memory.untilDigested({ orgId })
    const memories = () => runtime.memory.list(place)
    return { runtime, place, memories, facts: async () => (await memories()).map(({ fact }) => fact) }
  }

  it('replaces it, with both turns as its sources', async () => {
    const { runtime, place, memories } = await told(owner.orgId)
    const [memory, ...others] = await memories()
    expect(others).toEqual([])
    expect(memory).toMatchObject({
      fact: expect.stringContaining('Bosch'),
      sources: [{ turnId: '0' }, { turnId: '1' }],
    })
    const history = await runtime.memory.history({ ...place, memoryId: memory?.id ?? 0 })
    expect(JSON.stringify(history)).toContain('Siemens')
  })

  it('goes with either turn', async () => {
    const first = await told(`${owner.orgId}-first`)
    await first.runtime.memory.erase({ orgId: first.place.orgId, workstreamId: 'talk', turnId: '0' })
    expect(await first.facts()).toEqual([`The user said: "${CORRECTION}"`])
    const second = await told(`${owner.orgId}-second`)
    await second.runtime.memory.erase({ orgId: second.place.orgId, workstreamId: 'talk', turnId: '1' })
    expect(await second.facts()).toEqual([`The user said: "${STATEMENT}"`])
  })
})

it('is made within a turn of several messages', async () => {
  const runtime = await runtimes.start()
  await runtime.startWorkers(['memory-digest', 'memory-extraction'])
  const place = { orgId: 'one-turn', userId: 'maya', workstreamId: 'talk' }
  const messages = [STATEMENT, 'Noted.', CORRECTION].map((content, at) => ({
    role: at === 1 ? ('assistant' as const) : ('user' as const),
    content,
  }))
  await runtime.memory.recordTurn({ ...place, turnId: '0', messages })
  await runtime.memory.untilDigested({ orgId: place.orgId })
  const facts = async () => (await runtime.memory.list(place)).map(({ fact }) => fact)
  const expected = [expect.stringContaining('Bosch')]
  expect(await facts()).toEqual(expected)
})

it('corrects no words of another user of the workstream, nor the first value once more', async () => {
  const runtime = await runtimes.start()
  await runtime.startWorkers(['memory-digest', 'memory-extraction'])
  const place = { orgId: 'two-users', workstreamId: 'talk' }
  const said = [
    ['maya', STATEMENT],
    ['tom', CORRECTION],
    ['tom', STATEMENT],
    ['tom', CORRECTION],
    ['tom', 'Sorry, I meant Philips.'],
  ] as const
  for (const [index, [userId, content]] of said.entries()) {
    await runtime.memory.recordTurn({ ...place, userId, turnId: `${index}`, messages: [{ role: 'user', content }] })
    await runtime.memory.untilDigested({ orgId: place.orgId })
  }
  const facts = async (userId: string) => (await runtime.memory.list({ ...place, userId })).map(({ fact }) => fact)
  expect(await facts('maya')).toEqual([`The user said: "${STATEMENT}"`])
  const ofTom = JSON.stringify(await facts('tom'))
  expect(ofTom).toContain('works at Philips')
  expect(ofTom).not.toContain('Siemens')
})

it('stays when its turns are extracted once more', async () => {
  const runtime = await runtimes.start()
  await runtime.startWorkers(['memory-digest', 'memory-extraction', 'memory-reextraction'])
  const place = { orgId: 'again', userId: 'maya', workstreamId: 'talk' }
  for (const [index, content] of [STATEMENT, CORRECTION].entries())
    await runtime.memory.recordTurn({ ...place, turnId: `${index}`, messages: [{ role: 'user', content }] })
  await runtime.memory.untilDigested({ orgId: place.orgId })
  const before = await runtime.memory.list(place)
  await runtime.memory.reextract({ orgId: place.orgId, by: 'Ruth' })
  await until(
    async () => (await runtime.memory.status({ orgId: place.orgId })).reextraction,
    (left) => left === null,
  )
  expect(await runtime.memory.list(place)).toEqual(before)
})
