import { describe, expect, it } from 'vitest'
import { embeddingKey, embeddingKeyPrefix } from '../../../../shared/cache/embedding-key.ts'

const MODEL = { provider: 'openai', model: 'm', dims: 8 }

describe('the key of an embedding', () => {
  it('begins with what all keys of the org begin with, and shows neither org nor text', () => {
    const key = embeddingKey('afterturn', 'acme', MODEL, 'a secret')
    expect(key.startsWith(embeddingKeyPrefix('afterturn', 'acme'))).toBe(true)
    expect(key).toMatch(/^afterturn:emb:[\w-]{22}:[\w-]{43}$/)
  })

  it('is the same for the same and differs in every part', () => {
    const keys = [
      embeddingKey('p', 'org', MODEL, 'text'),
      embeddingKey('q', 'org', MODEL, 'text'),
      embeddingKey('p', 'org2', MODEL, 'text'),
      embeddingKey('p', 'org', { ...MODEL, provider: 'local' }, 'text'),
      embeddingKey('p', 'org', { ...MODEL, model: 'm2' }, 'text'),
      embeddingKey('p', 'org', { ...MODEL, dims: 16 }, 'text'),
      embeddingKey('p', 'org', MODEL, 'text '),
    ]
    expect(new Set(keys).size).toBe(keys.length)
    expect(embeddingKey('p', 'org', { ...MODEL }, 'text')).toBe(keys[0])
  })

  it('does not confuse parts whose joins are equal, nor lone surrogates', () => {
    const keys = [
      embeddingKey('p', 'o', { provider: 'ab', model: 'c', dims: 8 }, 't'),
      embeddingKey('p', 'o', { provider: 'a', model: 'bc', dims: 8 }, 't'),
      embeddingKey('p', 'o', { provider: 'a', model: 'bc', dims: 8 }, '\ud800'),
      embeddingKey('p', 'o', { provider: 'a', model: 'bc', dims: 8 }, '\ufffd'),
    ]
    expect(new Set(keys).size).toBe(keys.length)
  })
})
