import { beforeEach, expect, it } from 'vitest'
import type { Runtime } from '../../../runtime.ts'
import { remember } from '../../helpers/memory/remember.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'

const runtimes = useRuntimes(useStore())
let runtime: Runtime
let orgId: string
let orgs = 0
beforeEach(async () => {
  runtime = await runtimes.start()
  orgs += 1
  orgId = `instructions-${orgs}`
})

it('instructions of the user stand in every prompt block, in a frame of their own', async () => {
  await remember(runtime.database, orgId, [
    { fact: 'Ana said: "Always answer in German."', kind: 'instruction', userId: 'ana' },
    { fact: 'Ben said: "Never use emojis."', kind: 'instruction', userId: 'ben' },
    { fact: 'Ana keeps three bees.', userId: 'ana' },
  ])
  const { text, memoryIds } = await runtime.memory.promptBlock({
    orgId,
    userId: 'ana',
    query: 'How many bees are there?',
  })
  expect(text.split('\n').filter((line) => line.startsWith('How the user wants')).length).toBe(1)
  expect(text.indexOf('Always answer in German')).toBeLessThan(text.indexOf('Facts, each with'))
  expect(text.indexOf('three bees')).toBeGreaterThan(text.indexOf('Facts, each with'))
  expect(text).not.toContain('emojis')
  expect(memoryIds).toHaveLength(2)
})

it('a budget that is too small leaves instructions out, and holds', async () => {
  const fact = `Ana said: "Always answer ${'very '.repeat(200)}briefly."`
  await remember(runtime.database, orgId, [{ fact, kind: 'instruction', userId: 'ana' }])
  const { tokens } = await runtime.memory.promptBlock({ orgId, userId: 'ana', query: 'bees', budgetTokens: 200 })
  expect(tokens).toBeLessThanOrEqual(200)
})

it('held memories are counted, and found by nobody', async () => {
  await remember(runtime.database, orgId, [
    { fact: 'Ana works at Siemens.', status: 'quarantined', statusReason: 'not-own-words' },
    { fact: 'Ana keeps three bees.' },
  ])
  expect(await runtime.memory.status({ orgId })).toMatchObject({ memories: 1, held: 1 })
  expect(await runtime.memory.quarantine.list({ orgId })).toMatchObject([{ reason: 'not-own-words' }])
})
