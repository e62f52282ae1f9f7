import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'

/** The memory guide's first example: what it records is found by what it asks, with the provider that needs no model. */

const runtimes = useRuntimes(useStore())
const GUIDE = readFileSync(new URL('../../../docs/guides/memory.md', import.meta.url), 'utf8')

it('what the guide records answers what it asks', async () => {
  const [, name, content] = /name: '(.+?)', content: '(.+?)'/.exec(GUIDE) ?? []
  const questions = [...GUIDE.matchAll(/\.\.\.viewer, query: '(.+?)'/g)].map(([, query]) => query as string)
  expect(questions).toHaveLength(2)
  const runtime = await runtimes.start()
  await runtime.startWorkers(['memory-digest', 'memory-extraction'])
  const viewer = { orgId: 'guide', userId: 'maya' }
  await runtime.memory.recordTurn({
    ...viewer,
    workstreamId: 'support-42',
    turnId: 'turn-1',
    messages: [{ role: 'user', name, content: content as string }],
  })
  await runtime.memory.untilDigested({ orgId: viewer.orgId })
  for (const query of questions) {
    const { text, memoryIds } = await runtime.memory.promptBlock({ ...viewer, query, budgetTokens: 500 })
    expect(text, query).toContain('Lisbon')
    expect(memoryIds, query).toHaveLength(1)
  }
  // What limits.md says of it.
  const idsOf = async (query: string) => (await runtime.memory.promptBlock({ ...viewer, query })).memoryIds
  expect(await idsOf('Who is Maya?')).toHaveLength(1)
  expect(await idsOf('Which flat is best?')).toEqual([])
  const { memories } = await runtime.memory.search({ ...viewer, query: 'Which flat is best?' })
  expect(memories.map(({ score }) => score)).toEqual([0])
})
