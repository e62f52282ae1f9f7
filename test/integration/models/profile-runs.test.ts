import { expect, it } from 'vitest'
import { turn } from '../../helpers/memory/turns.ts'
import { PROFILE_KEY } from '../../helpers/models/imitate.ts'
import { summaryOf } from '../../helpers/models/model-answers.ts'
import { useModelServer } from '../../helpers/models/model-under-test.ts'
import { PROFILES } from '../../helpers/models/profiles/profiles.ts'
import type { ServerProfile } from '../../helpers/models/profiles/server-profile.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until, untilSettled } from '../../helpers/until.ts'

/** One turn through the whole fleet against each server: a turn too long for the context, and memories found, with embeddings or without. */

const runtimes = useRuntimes(useStore())
const model = await useModelServer()

const settingsFor = (profile: ServerProfile) => ({
  openaiApiKey: PROFILE_KEY,
  openaiBaseUrl: model.url.replace('/v1', profile.basePath),
  completionModel: profile.model,
  // What is found out of a server is kept, and these have one address.
  embeddingModel: `embedding of ${profile.name}`,
  embeddingDims: 'dims' in profile.embeddings ? profile.embeddings.dims : 64,
  embeddingMaxTokens: 1_024,
  retryBackoffMs: 10,
  sweepIntervalMs: 1_000,
})

/** Those that differ most; the contract of the provider runs against all. */
const RUN = PROFILES.filter(({ name }) =>
  ['Ollama', 'LM Studio', 'llama.cpp', 'Groq', 'Anthropic (compatible endpoint)'].includes(name),
)

it.each(RUN.map((profile) => [profile.name, profile] as const))('%s', async (_, profile) => {
  model.imitate(profile)
  model.behave({ contextTokens: 3_000 })
  const runtime = await runtimes.start(settingsFor(profile))
  await runtime.startWorkers(['memory-digest'])
  const orgId = profile.name
  const words = Array.from({ length: 2_500 }, (_number, index) => `hive ${index}`).join(' ')
  const messages = [
    { role: 'user' as const, content: 'I keep nine bees in Rome.' },
    { role: 'assistant' as const, content: words },
  ]
  await runtime.memory.recordTurn(turn(1, { orgId, messages }))
  expect(await untilSettled(runtime, orgId)).toMatchObject({ turns: { extracted: 1 }, deadLetters: [] })
  const found = await runtime.memory.search({ orgId, query: 'bees in Rome' })
  expect(JSON.stringify(found)).toContain('nine bees')
})

it('adds the vectors once a server has embeddings', async () => {
  const [profile] = PROFILES.filter(({ embeddings }) => !('dims' in embeddings))
  if (!profile) throw new Error('Every server has embeddings.')
  model.imitate(profile)
  const runtime = await runtimes.start(settingsFor(profile))
  const orgId = 'later'
  await runtime.startWorkers(['memory-digest'])
  await runtime.memory.recordTurn(turn(1, { orgId }))
  await untilSettled(runtime, orgId)
  const added = await runtime.memory.add({ orgId, fact: 'Ann keeps nine bees.' })
  expect(added.outcome).toBe('added')
  model.reset()
  model.imitate({ ...profile, embeddings: { dims: 64, dimensions: 'honoured', tooLong: { status: 400, body: '' } } })
  const before = model.textCount()
  await runtime.startWorkers(['memory-reembedding'])
  // A turn and two memories: each once.
  await until(
    () => model.textCount() - before,
    (count) => count >= 3,
  )
})

it('a text that the embedding model refuses costs no memory', async () => {
  const runtime = await runtimes.start({ openaiBaseUrl: model.url, embeddingDims: 64, retryBackoffMs: 10 })
  const orgId = 'refused'
  const error = { message: 'Flagged by moderation', code: 'content_policy' }
  const times = Number.POSITIVE_INFINITY
  model.fault({
    status: 400,
    error,
    times,
    path: '/embeddings',
    when: ({ input }) => JSON.stringify(input).includes('bees'),
  })
  await runtime.startWorkers(['memory-digest'])
  const messages = [{ role: 'user' as const, content: 'I keep nine bees in Rome.' }]
  await runtime.memory.recordTurn(turn(1, { orgId, messages }))
  expect(await untilSettled(runtime, orgId)).toMatchObject({ turns: { extracted: 1 }, deadLetters: [] })
  const found = await runtime.memory.search({ orgId, query: 'nine bees' })
  expect(JSON.stringify(found)).toContain('nine bees')
})

it.each(['Ollama', 'LM Studio', 'llama.cpp'])('a conversation is folded in the short context of %s', async (name) => {
  const profile = PROFILES.find((one) => one.name === name) as ServerProfile
  model.imitate(profile)
  model.behave({ contextTokens: 2_000 })
  model.completionFor(() => summaryOf({ goal: 'Keep bees.', facts: ['All hives are well.'] }))
  const runtime = await runtimes.start({ ...settingsFor(profile), contextWindowTokens: 8_000 })
  await runtime.startWorkers(['context-compaction'])
  const said = (number: number) => ({
    role: number % 2 === 0 ? ('user' as const) : ('assistant' as const),
    content: `Hive ${number} has ${number} frames. ${'All is well with its bees today. '.repeat(6)}`,
  })
  const messages = Array.from({ length: 130 }, (_, number) => said(number))
  const workstreamId = `folded ${name}`
  await runtime.memory.recordTurn({ orgId: 'fold', workstreamId, turnId: 't', messages })
  const scope = { orgId: 'fold', workstreamId, budgetTokens: 4_000 }
  const queue = runtime.queues.queue('context-compaction')
  const look = async () => {
    const { parts, messages: shown } = await runtime.context.load(scope)
    const ends = (await queue.getCompleted()).map(({ returnvalue }) => JSON.stringify(returnvalue))
    const failed = (await queue.getFailed()).map(({ failedReason }) => failedReason)
    return { isFolded: parts.some(({ kind }) => kind === 'summary'), text: JSON.stringify(shown[1]), ends, failed }
  }
  const { text } = await until(look, ({ isFolded }) => isFolded)
  expect(text).toContain('Keep bees.')
})
