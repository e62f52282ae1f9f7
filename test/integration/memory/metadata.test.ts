import { expect, it } from 'vitest'
import type { MetadataFilter } from '../../../shared/metadata.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'

/** Metadata of turns and facts: filtered by in search, list and prompt blocks, within the org, kept by nobody once its turn is gone. */

const runtimes = useRuntimes(useStore())

it('filters memories and turns by value, alternatives and ranges, and shows what was noted', async () => {
  const runtime = await runtimes.start()
  const { memory } = runtime
  const viewer = { orgId: 'noted', userId: 'ana' }
  const add = (fact: string, metadata?: Record<string, string | number | boolean>, orgId = 'noted') =>
    memory.add({ ...viewer, orgId, fact, metadata })
  const oslo = await add('The office in Oslo has a red door.', { project: 'north', year: 2024, isOpen: true })
  const rome = await add('The office in Rome has a blue door.', { project: 'south', year: 2026, since: '2026-03-01' })
  await add('The office in Kiel has a green door.')
  await add('The office in Oslo has a white door.', { project: 'north' }, 'other')
  await memory.recordTurn({
    ...viewer,
    workstreamId: 'chat',
    turnId: 'one',
    metadata: { project: 'north' },
    messages: [{ role: 'user', content: 'The door of the office squeaks.' }],
  })
  const found = async (metadata?: MetadataFilter) => {
    const { memories, turns } = await memory.search({ ...viewer, query: 'Which door has the office?', metadata })
    return [...memories.map(({ id }) => id), ...turns.map(({ turnId }) => turnId)]
  }
  expect(await found()).toHaveLength(4)
  expect(await found({ project: 'north' })).toEqual([oslo.memoryId, 'one'])
  expect(await found({ project: { in: ['south', 'west'] } })).toEqual([rome.memoryId])
  expect(await found({ year: { gte: 2024, lt: 2026 } })).toEqual([oslo.memoryId])
  expect(await found({ since: { gt: '2026-01-31' } })).toEqual([rome.memoryId])
  expect(await found({ project: 'north', isOpen: true })).toEqual([oslo.memoryId])
  // A number is no string, and a boolean in no range.
  for (const none of [{ year: '2024' }, { isOpen: { gt: 0 } }, { project: 'north', year: 2026 }, { absent: 1 }])
    expect(await found(none)).toEqual([])

  const [listed, ...others] = await memory.list({ ...viewer, metadata: { project: 'north' } })
  expect(listed?.metadata).toEqual({ project: 'north', year: 2024, isOpen: true })
  expect(others).toEqual([])
  const order = { ...viewer, kind: 'instruction', fact: 'Always answer in Norwegian.' } as const
  await memory.add({ ...order, metadata: { project: 'north' } })
  const block = (project: string) =>
    memory.promptBlock({ ...viewer, query: 'Which door has the office?', metadata: { project } })
  expect((await block('south')).memoryIds).toEqual([rome.memoryId])
  expect((await block('north')).text).toMatch(/Norwegian/)

  const next = await memory.update({
    orgId: 'noted',
    memoryId: rome.memoryId,
    fact: 'The office in Rome has two doors.',
  })
  expect(await found({ year: 2026 })).toEqual([next.memoryId])
  // The same fact of another turn has the metadata of both, and shows that of the last.
  await add('The office in Oslo has a red door.', { project: 'west' })
  expect(await found({ project: { in: ['north'] }, year: 2024 })).toEqual([oslo.memoryId])
  const shown = await memory.list({ ...viewer, metadata: { project: 'west' } })
  expect(shown.map(({ metadata }) => metadata)).toEqual([{ project: 'west', year: 2024, isOpen: true }])

  const lines: string[] = []
  for await (const line of memory.export({ orgId: 'noted' })) lines.push(line)
  expect(lines.filter((line) => line.includes('"type":"turn"') && line.includes('"year":2024'))).toHaveLength(1)
  await memory.erase({ orgId: 'noted', workstreamId: 'chat' })
  expect(await found({ project: 'north' })).not.toContain('one')
  await memory.erase({ orgId: 'noted' })
  expect(await found({ project: 'west' })).toEqual([])
})

it('refuses metadata that is nested, endless or too large, and filters without a condition', async () => {
  const { memory } = await runtimes.start()
  const add = (metadata: unknown) => memory.add({ orgId: 'bad', fact: 'Is tall.', metadata: metadata as never })
  const refused = { code: 'INPUT_INVALID', recorded: 'no' }
  const many = Object.fromEntries(Array.from({ length: 33 }, (_, key) => [`k${key}`, key]))
  for (const bad of [
    { a: { b: 1 } },
    { a: [1] },
    { a: null },
    { a: Number.NaN },
    { '': 1 },
    { a: 'x'.repeat(201) },
    many,
    [1],
  ])
    await expect(add(bad), JSON.stringify(bad)).rejects.toMatchObject(refused)
  for (const bad of [{}, { a: {} }, { a: { gt: 1, lt: 'x' } }, { a: { in: [] } }, { a: { like: 'x' } }])
    await expect(
      memory.search({ orgId: 'bad', query: 'tall', metadata: bad as never }),
      JSON.stringify(bad),
    ).rejects.toMatchObject(refused)
  expect(await memory.status({ orgId: 'bad' })).toMatchObject({ memories: 0 })
})
