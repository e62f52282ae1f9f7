import { describe, expect, it } from 'vitest'
import type { ModelProvider } from '../../../shared/ai/model-provider.ts'
import type { ModelTask } from '../../../shared/ai/model-task.ts'
import { failureOf as modelFailureOf } from '../../../shared/ai/openai/openai-errors.ts'
import { summariseMessages } from '../../../workers/context/summarise-messages.ts'
import { extractFacts } from '../../../workers/memory/facts/extract-facts.ts'
import { reconcileFacts } from '../../../workers/memory/reconciliation/reconcile-facts.ts'
import { EMBEDDING_TOKENS, PROFILE_KEY } from '../../helpers/models/imitate.ts'
import { summaryOf } from '../../helpers/models/model-answers.ts'
import { useModelServer } from '../../helpers/models/model-under-test.ts'
import { failureOf, NOW, providersOf } from '../../helpers/models/openai-under-test.ts'
import { PROFILES } from '../../helpers/models/profiles/profiles.ts'
import type { Reply, ServerProfile } from '../../helpers/models/profiles/server-profile.ts'

/** One contract for all servers that people have: whatever a server refuses, ignores, renames or answers to a failure, the provider does the same. */

const server = await useModelServer()

function providerOf(profile: ServerProfile, changes: object = {}): ModelProvider {
  server.imitate(profile)
  const dims = 'dims' in profile.embeddings ? profile.embeddings.dims : 8
  return providersOf({ url: server.url.replace('/v1', profile.basePath) })({
    apiKey: PROFILE_KEY,
    completionModel: profile.model,
    embeddingDims: dims,
    ...changes,
  })
}

const turns = [
  { turn: 0, at: NOW, speaker: 'Ann', role: 'user', text: 'I live in Rome.' },
  { turn: 1, at: NOW, speaker: 'Ann', role: 'user', text: 'I keep nine bees.' },
]
const fact = { kind: 'fact', fact: 'Ann lives in Rome.', quote: 'I live in Rome.', turn: 0 }
const statement = {
  fact: 'Ann lives in Rome.',
  subject: 'Ann',
  subjectKey: 'ann',
  attribute: 'home',
  said: '2030-01-01',
}
const decision = { fact: 0, memory: 0, relation: 'replaces' }
const message = { message: 1, role: 'user', speaker: 'Ann', text: 'Ship it.', tokens: 3, worth: 1, isWhole: true }

const TASKS: readonly (readonly [string, ModelTask<never, object>, unknown, object, object])[] = [
  ['extract', extractFacts as never, { turns }, { facts: [fact] }, { facts: [fact] }],
  [
    'reconcile',
    reconcileFacts as never,
    { facts: [{ ...statement, candidates: [0] }], memories: [statement] },
    { decisions: [decision] },
    { decisions: [decision] },
  ],
  [
    'summarise',
    summariseMessages as never,
    { previous: undefined, messages: [message], identifiers: [], quoteTokens: 100, rejected: undefined },
    summaryOf({ goal: 'Ship the export.' }),
    { goal: 'Ship the export.' },
  ],
]

describe.each(PROFILES.map((profile) => [profile.name, profile] as const))('%s', (_, profile) => {
  it.each(TASKS)('can %s, and is asked once when its ways are known', async (_name, task, input, answer, expected) => {
    const provider = providerOf(profile)
    server.completionFor(() => answer)
    for (const isFirst of [true, false]) {
      const before = server.requestCount()
      const { output } = await provider.complete(task, input as never, {})
      // What a draft among its thoughts said is no answer.
      expect(output).toMatchObject(expected)
      if (!isFirst) expect(server.requestCount()).toBe(before + 1)
    }
  })

  it('embeds, also what is longer than it takes, or says plainly that it has no embeddings', async () => {
    const provider = providerOf(profile)
    const long = 'A bee is an insect. '.repeat((EMBEDDING_TOKENS * 4 * 3) / 20)
    if (!('dims' in profile.embeddings)) {
      const failure = await failureOf(provider.embed(['short', long], {}))
      expect(failure).toMatchObject({ code: 'MODEL_REFUSED', cause: { call: 'embed', isForAll: true } })
      return
    }
    const { vectors } = await provider.embed(['short', long], {})
    expect(vectors.map(({ length }) => length)).toEqual([profile.embeddings.dims, profile.embeddings.dims])
    for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 5)
    const before = server.requestCount()
    await provider.embed(['short', long], {})
    expect(server.requestCount()).toBe(before + 1)
  })

  it('tells a wrong key from a wrong request', async () => {
    const provider = providerOf(profile, { apiKey: 'sk-wrong-0123456789' })
    server.completionFor(() => ({ facts: [] }))
    const call = provider.complete(extractFacts, { turns }, {})
    if (!profile.errors.badKey) return await call
    const failure = await failureOf(call)
    expect(failure).toMatchObject({ code: 'MODEL_REFUSED', cause: { isForAll: true } })
    expect(failure.message).not.toContain('sk-wrong')
    return undefined
  })

  it('is left alone for as long as it asks', async () => {
    const provider = providerOf(profile)
    server.fault(asFault(profile.errors.limited))
    const failure = await failureOf(provider.complete(extractFacts, { turns }, {}))
    expect(failure).toMatchObject({ code: 'MODEL_RATE_LIMITED', retryable: true })
    expect(failure.retryAfterMs).toBe(profile.errors.limited.retryAfterMs)
  })

  it('is waited for while it has no room, and says so', async () => {
    const provider = providerOf(profile)
    server.fault(asFault(profile.errors.overloaded))
    const failure = await failureOf(provider.complete(extractFacts, { turns }, {}))
    expect(failure.code).toMatch(/^MODEL_(UNAVAILABLE|RATE_LIMITED)$/)
    expect(failure.message).not.toContain('no body')
    expect(failure.message).not.toContain('<')
  })

  it('has a cut answer of one turn saved, and one of many refused', async () => {
    const provider = providerOf(profile)
    const facts = Array.from({ length: 4 }, () => fact)
    server.completionFor(() => ({ facts }))
    await provider.complete(extractFacts, { turns }, {})
    server.behave({ truncateJson: true })
    const cut = await failureOf(provider.complete(extractFacts, { turns }, {}))
    expect(cut).toMatchObject({ code: 'MODEL_OUTPUT_INVALID', retryable: true })
    const { output } = await provider.complete(extractFacts, { turns: turns.slice(0, 1) }, {})
    expect(output.facts.length).toBeGreaterThan(0)
    expect(output.facts.length).toBeLessThan(facts.length)
  })

  it('has a prompt beyond its context noticed, whatever it makes of it', async () => {
    const provider = providerOf(profile)
    server.completionFor(() => ({ facts: [] }))
    const text = 'the bees of room one are well. '.repeat((8_192 * 4) / 25)
    const failure = await failureOf(provider.complete(extractFacts, { turns: [{ ...turns[0], text } as never] }, {}))
    const { isTooLong = false, isPromptCut = false } = modelFailureOf(failure)
    expect([isTooLong, isPromptCut]).toContain(true)
    expect(failure.message).not.toContain('bees')
  })
})

it('every quirk names where it is public', () => {
  expect(PROFILES.length).toBeGreaterThanOrEqual(12)
  for (const { quirks } of PROFILES) {
    expect(quirks.length).toBeGreaterThanOrEqual(3)
    for (const { source } of quirks) expect(source).toMatch(/^https:\/\//)
  }
})

function asFault({ status, headers, body }: Reply) {
  return { status, body, ...(headers ? { headers } : {}) }
}
