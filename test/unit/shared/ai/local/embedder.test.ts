import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { embedLocally, LOCAL_EMBEDDING_MODEL } from '../../../../../shared/ai/local/embedder.ts'

function cosine(a: string, b: string): number {
  const [left, right] = [embedLocally(a), embedLocally(b)]
  return left.reduce((sum, value, i) => sum + value * (right[i] ?? 0), 0)
}

describe('embedLocally', () => {
  it.each([
    'She adopted a puppy last week.',
    '',
    '   ',
    '!!! ...',
    '_',
    '\ud800',
    '🎉🎉',
    '猫が好きです',
    'const userName = getUserById(user_id)',
    'x'.repeat(100_000),
    'the the the',
    '0',
  ])('gives finite numbers of unit length for %j', (text) => {
    const vector = embedLocally(text)
    expect(vector).toHaveLength(LOCAL_EMBEDDING_MODEL.dims)
    expect(vector.every(Number.isFinite)).toBe(true)
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5)
  })

  it('gives the same vector for the same text', () => {
    expect(embedLocally('Where did she go hiking?')).toEqual(embedLocally('Where did she go hiking?'))
  })

  it('gives the vectors that are stored already, to the last bit', () => {
    const texts = [
      'She adopted a puppy last week.',
      'function getUserName(user_id) { return users.get(user_id)?.name }',
      '猫が好きです',
      '!!!',
    ]
    const digest = createHash('sha256')
    for (const text of texts) digest.update(new Uint8Array(embedLocally(text).buffer))
    expect(digest.digest('hex')).toBe('f2db6b0879c55c66c7ac5c72795010e50db3f878b72546398a0ddb325e61ad91')
  })

  it('ranks what means the same above what does not', () => {
    const query = 'Which animals does she keep at home?'
    expect(cosine(query, 'We have two cats and a dog.')).toBeGreaterThan(
      cosine(query, 'The meeting was moved to Friday.'),
    )
    expect(cosine('buy a car', 'purchase an automobile')).toBeGreaterThan(cosine('buy a car', 'paint a landscape'))
  })

  it('keeps unrelated texts apart', () => {
    expect(Math.abs(cosine('The painting hangs in the museum.', 'Restart the server after the update.'))).toBeLessThan(
      0.3,
    )
  })

  it('relates identifiers to the words that they are made of', () => {
    expect(cosine('find a user by email', 'async function findUserByEmail(email) {}')).toBeGreaterThan(
      cosine('find a user by email', 'async function renderSidebar(width) {}') + 0.2,
    )
    expect(cosine('parse_config', 'parseConfig')).toBeCloseTo(1, 1)
  })

  it('works without English: shared characters and misspellings still tell', () => {
    expect(cosine('猫が好きです', '猫が大好き')).toBeGreaterThan(cosine('猫が好きです', '会議は金曜日'))
    expect(cosine('Kubernetis', 'Kubernetes')).toBeGreaterThan(cosine('Kubernetis', 'Zarathustra'))
  })
})
