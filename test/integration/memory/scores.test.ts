import { beforeEach, describe, expect, it } from 'vitest'
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
  orgId = `scores-${++orgs}`
})

const facts = async (query: string, more: object = {}) =>
  (await runtime.memory.search({ orgId, query, ...more })).memories.map(({ fact }) => fact)

describe('a score', () => {
  it('means the same for every query, from 0 to 1, and a search may ask for a least one', async () => {
    await remember(runtime.database, orgId, [
      { fact: 'Maya keeps bees behind the house.' },
      { fact: 'Maya plays chess on Sundays.' },
      { fact: 'Ben repairs old radios.' },
    ])
    const scores = async (query: string, more: object = {}) =>
      (await runtime.memory.search({ orgId, query, ...more })).memories.map(({ score }) => score)
    const [bees, ...others] = await scores('who keeps bees behind the house?')
    expect(bees).toBeGreaterThan(0.8)
    for (const score of [...others, ...(await scores('tax declaration of the company'))])
      expect(score).toBeLessThan(0.5)
    expect(await facts('who keeps bees behind the house?', { minScore: 0.6 })).toEqual([
      'Maya keeps bees behind the house.',
    ])
    expect(await facts('tax declaration of the company', { minScore: 0.6 })).toEqual([])
    expect((await runtime.memory.promptBlock({ orgId, query: 'Hello, good morning!' })).text).toBe('')
  })

  it('means no more where only small words are shared, in other languages either', async () => {
    await remember(runtime.database, orgId, [
      { fact: 'Le carrelage de la cuisine est vert foncé.' },
      { fact: 'Køkkenfliserne er mørkegrønne.' },
      { fact: 'Maya flyttade till Lund.' },
    ])
    for (const query of ['quelle est la hauteur de la tour', 'hvor højt er tårnet', 'hur högt är tornet'])
      expect((await runtime.memory.promptBlock({ orgId, query })).text).toBe('')
    expect(await facts('de quelle couleur est le carrelage de la cuisine', { minScore: 0.3, limit: 1 })).toHaveLength(1)
    // One small word is no sign of its language: it may be a word of another.
    expect(await facts('Lund till', { minScore: 0.3, limit: 1 })).toEqual(['Maya flyttade till Lund.'])
  })
})
