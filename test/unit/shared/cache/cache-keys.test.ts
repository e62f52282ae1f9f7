import { describe, expect, it } from 'vitest'
import { cacheKeyPrefix, completionKey, embeddingKeys } from '../../../../shared/cache/engine/cache-keys.ts'

const MODEL = { provider: 'openai', model: 'm', dims: 8 }
const keyOf = (prefix: string, orgId: string, model: typeof MODEL, text: string) =>
  embeddingKeys(prefix, { orgId }, model)(text)

describe('the key of an embedding', () => {
  it('begins with what all keys of the org begin with, and shows neither org nor text', () => {
    const key = keyOf('afterturn', 'acme', MODEL, 'a secret')
    expect(key.startsWith(cacheKeyPrefix('afterturn', 'emb', { orgId: 'acme' }))).toBe(true)
    expect(key).toMatch(/^afterturn:emb:[\w-]{22}:[\w-]{43}$/)
  })

  it('stays the same: what was paid for lies under it', () => {
    expect(keyOf('p', 'acme', MODEL, 'a text')).toBe(
      'p:emb:zhZSor5cnBJMVq90UU5A4W:1DQI0cmQGEtwYHGg6Yf3ogCxTS7rYgoyRNpGMNToJP0',
    )
  })

  it('is the same for the same and differs in every part', () => {
    const keys = [
      keyOf('p', 'org', MODEL, 'text'),
      keyOf('q', 'org', MODEL, 'text'),
      keyOf('p', 'org2', MODEL, 'text'),
      keyOf('p', 'org', { ...MODEL, provider: 'local' }, 'text'),
      keyOf('p', 'org', { ...MODEL, model: 'm2' }, 'text'),
      keyOf('p', 'org', { ...MODEL, dims: 16 }, 'text'),
      keyOf('p', 'org', MODEL, 'text '),
    ]
    expect(new Set(keys).size).toBe(keys.length)
    expect(keyOf('p', 'org', { ...MODEL }, 'text')).toBe(keys[0])
  })

  it('does not confuse parts whose joins are equal, nor lone surrogates', () => {
    const keys = [
      keyOf('p', 'o', { provider: 'ab', model: 'c', dims: 8 }, 't'),
      keyOf('p', 'o', { provider: 'a', model: 'bc', dims: 8 }, 't'),
      keyOf('p', 'o', { provider: 'a', model: 'bc', dims: 8 }, '\ud800'),
      keyOf('p', 'o', { provider: 'a', model: 'bc', dims: 8 }, '\ufffd'),
    ]
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('of a shared scope is no org’s, whatever the org is called', () => {
    const shared = embeddingKeys('p', { sharedAs: 'acme' }, MODEL)('text')
    const orgs = ['acme', 'shared', 'shared.acme', shared.split(':')[2] as string]
    for (const orgId of orgs) expect(keyOf('p', orgId, MODEL, 'text').split(':')[2]).not.toBe(shared.split(':')[2])
    expect(embeddingKeys('p', { sharedAs: 'other' }, MODEL)('text')).not.toBe(shared)
  })
})

describe('the key of an answer', () => {
  const question = {
    provider: 'openai',
    model: 'm',
    task: { name: 'extract', version: 1 },
    messages: [
      { role: 'system' as const, content: 'rules' },
      { role: 'user' as const, content: 'text' },
    ],
  }

  it('differs in every part of the question, and from every embedding', () => {
    const keys = [
      completionKey('p', 'org', question),
      completionKey('p', 'org2', question),
      completionKey('p', 'org', { ...question, provider: 'other' }),
      completionKey('p', 'org', { ...question, model: 'm2' }),
      completionKey('p', 'org', { ...question, task: { name: 'extract', version: 2 } }),
      completionKey('p', 'org', { ...question, task: { name: 'extract2', version: 1 } }),
      completionKey('p', 'org', { ...question, messages: question.messages.slice(1) }),
      completionKey('p', 'org', { ...question, messages: [{ role: 'user', content: 'rulesusertext' }] }),
      keyOf('p', 'org', MODEL, 'text'),
    ]
    expect(new Set(keys).size).toBe(keys.length)
    expect(keys[0]).toMatch(/^p:cmp:[\w-]{22}:[\w-]{43}$/)
  })
})
