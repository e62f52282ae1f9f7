import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createSecretRing } from '../../../../shared/access/secret-ring.ts'
import { isSecret, parseConfig } from '../../../../shared/config.ts'
import type { AfterturnError } from '../../../../shared/errors.ts'

const OLD = 'o'.repeat(40)
const NEW = 'n'.repeat(40)

function codeOf(run: () => unknown): string {
  try {
    run()
    return 'none'
  } catch (error) {
    return (error as AfterturnError).code
  }
}

describe('a secret ring', () => {
  const before = createSecretRing(OLD)
  const during = createSecretRing(`${NEW}, ${OLD}`)
  const after = createSecretRing(NEW)

  it('verifies what any of its keys signed, under the same label and over the same data only', () => {
    const signature = before.sign('cursor', 'data')
    expect(signature).toMatch(/^[\w-]{6}\.[\w-]{43}$/)
    expect(during.verify('cursor', 'data', signature)).toBe(true)
    expect(after.verify('cursor', 'data', signature)).toBe(false)
    expect(during.verify('other', 'data', signature)).toBe(false)
    expect(during.verify('cursor', 'datum', signature)).toBe(false)
    expect(after.verify('cursor', 'data', during.sign('cursor', 'data'))).toBe(true)
  })

  it.each(['', '.', 'a.b.c', `${'A'.repeat(6)}.${'A'.repeat(43)}`, '\0', '.'.repeat(100_000)])(
    'verifies no text that is no signature',
    (signature) => expect(during.verify('cursor', 'data', signature)).toBe(false),
  )

  it('refuses other spellings of a signature', () => {
    const signature = during.sign('cursor', 'data')
    for (const other of [`${signature}=`, `${signature}.`, ` ${signature}`, `${signature}A`])
      expect(during.verify('cursor', 'data', other)).toBe(false)
  })

  it('opens what any of its keys sealed', () => {
    const sealed = before.seal('token', 'a secret', 'place')
    expect(during.open('token', sealed, 'place').toString()).toBe('a secret')
    expect(after.open('token', during.seal('token', '', 'place'), 'place')).toHaveLength(0)
    expect(sealed.includes('a secret')).toBe(false)
    expect(before.seal('token', 'a secret', 'place').equals(sealed)).toBe(false)
    expect(codeOf(() => after.open('token', sealed, 'place'))).toBe('SEAL_KEY_UNKNOWN')
  })

  it('opens nothing under another label, with other associated data, or with a bit changed anywhere', () => {
    const sealed = during.seal('token', 'a secret', 'place')
    expect(codeOf(() => during.open('tokens', sealed, 'place'))).toBe('SEAL_BROKEN')
    expect(codeOf(() => during.open('token', sealed, 'elsewhere'))).toBe('SEAL_BROKEN')
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed)
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
      expect(codeOf(() => during.open('token', changed, 'place'))).toMatch(/^SEAL_/)
    }
    for (let length = 0; length < sealed.length; length++)
      expect(codeOf(() => during.open('token', sealed.subarray(0, length), 'place'))).toBe('SEAL_BROKEN')
  })

  it('shows no key', () => {
    const shown = inspect(during, { depth: 10, showHidden: true }) + JSON.stringify(during)
    expect(shown).not.toMatch(/o{8}|n{8}/)
  })
})

describe('the setting', () => {
  const config = { redisUrl: 'redis://h', databaseUrl: 'postgresql://u@db/x' }

  it.each(['short', `${OLD},`, `${OLD},${OLD}`, Array.from({ length: 9 }, (_, at) => `${at}${OLD}`).join(','), ''])(
    'refuses %j without showing it',
    (secretKeys) => {
      expect(() => parseConfig({ ...config, secretKeys })).toThrow(/secretKeys: expected 1 to 8 .* \(masked\); set/)
      expect(() => createSecretRing(secretKeys)).toThrow(/^(?!.*(short|oooo)).*secretKeys/)
    },
  )

  it('is a secret', () => {
    expect(isSecret('secretKeys')).toBe(true)
    expect(parseConfig({ ...config, secretKeys: `${NEW}, ${OLD}` }).secretKeys).toBe(`${NEW}, ${OLD}`)
  })
})
