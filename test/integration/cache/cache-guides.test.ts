import { readFileSync } from 'node:fs'
import { expect, inject, it } from 'vitest'
import type { Runtime } from '../../../runtime.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { findEverywhere } from '../../helpers/services/find-leftovers.ts'
import { useStore } from '../../helpers/services/store.ts'

/** The examples of the guides run as they stand, and what they leave in Redis shows no secret and no text. */

const runtimes = useRuntimes(useStore())
const examplesOf = (guide: string) =>
  [
    ...readFileSync(new URL(`../../../docs/guides/${guide}.md`, import.meta.url), 'utf8').matchAll(
      /^```ts\n([\s\S]*?)^```$/gm,
    ),
  ].map(([, code]) => code as string)

it.each(['caches', 'sessions'])('the examples of %s run', async (guide) => {
  const runtime = await runtimes.start({ secretKeys: 'k'.repeat(32) })
  const examples = examplesOf(guide)
  expect(examples.length).toBeGreaterThanOrEqual(2)
  for (const example of examples) {
    const body = example.replace(/^import .*$/gm, '').replace(/^await runtime\.(dis)?connect\(\)$/gm, '')
    const lines: unknown[] = []
    const run = Object.getPrototypeOf(async () => {}).constructor as new (
      ...parts: string[]
    ) => (...args: unknown[]) => Promise<void>
    await new run('createRuntimeFromEnvironment', 'console', body)(() => runtime, {
      log: (...args: unknown[]) => lines.push(...args),
    })
    expect(lines.every((line) => line !== undefined)).toBe(true)
  }
  expect(runtime.answers.stats().badFrames).toBe(0)
})

async function useEverything(runtime: Runtime): Promise<void> {
  const orgId = 'canary-org'
  const text = 'canary-text of canary@example.com'
  const at = { orgId, slug: 'canary-slug', version: '1' }
  await runtime.caches.content({ load: async () => ({ 'canary.md': text }) }).file({ ...at, path: 'canary.md' })
  await runtime.caches.tools.list({
    orgId,
    userId: 'canary-user',
    server: 'https://canary',
    credentials: { token: 'canary-token' },
    fetch: async () => ({ tools: [{ name: 'canary-tool' }], ttlMs: 60_000 }),
  })
  await runtime.caches
    .metadata({ name: 'canary', load: async () => text })
    .get({ orgId, key: 'canary-key', viewer: 'canary' })
  await runtime.tokens.get({
    orgId,
    issuer: 'https://canary',
    clientId: 'canary',
    fetchToken: async () => ({ accessToken: 'canary-token', expiresInSeconds: 3_600 }),
  })
  await runtime.answers.complete({
    orgId,
    model: 'canary',
    messages: [{ role: 'user', content: text }],
    call: async () => ({ text }),
  })
  const { sessionId } = await runtime.sessions.start({
    orgId,
    userId: 'canary@example.com',
    data: { text },
    tokens: { accessToken: 'canary-token' },
  })
  await runtime.sessions.find({ sessionId })
}

it.each(['k'.repeat(32), undefined])('a dump of both Redis roles shows no canary (keys: %s)', async (secretKeys) => {
  const runtime = await runtimes.start(secretKeys ? { secretKeys } : {})
  await useEverything(runtime).catch((error) => {
    // Without keys a session takes no tokens.
    if (secretKeys || error.code !== 'CONFIG_INVALID') throw error
  })
  const found = await findEverywhere(runtime.database, [inject('redisUrl'), inject('cacheRedisUrl')], 'canary')
  const inRedis = found.filter((place) => !/rows of/.test(place))
  const clear = inRedis.filter((place) => !/:(plugin_|tools:|cache:metadata:)/.test(place))
  expect(secretKeys ? inRedis : clear).toEqual([])
})
