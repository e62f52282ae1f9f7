import { describe, expect, it } from 'vitest'
import { idSchema, MAX_ID_BYTES } from '../../../../shared/parse-input.ts'
import { compositeKey, workstreamLeaseKey } from '../../../../shared/redis/keys.ts'

/** Ids that a careless join, cut or encoding would confuse. */
const AWKWARD = [
  ...[
    'a',
    'b',
    'a:b',
    ':',
    '::',
    'a:',
    ':a',
    '%',
    '%3A',
    'a%3Ab',
    '%253A',
    '~',
    '%7E',
    'a~b',
    ' ',
    'a b',
    '+',
    '1',
    '01',
    '123',
  ],
  ...['é', 'e\u0301', '😀', '😀😀', '\u{10FFFF}', '\u200b', '__proto__', '*', '{a}', 'A', 'a\n', '\t', '"', "'", '\\'],
  ...['x'.repeat(80), 'x'.repeat(81), `${'x'.repeat(80)}y`, 'x'.repeat(500), `${'x'.repeat(499)}y`, ':'.repeat(500)],
  ...['😀'.repeat(128), `${'😀'.repeat(127)}😁`, '%3A'.repeat(100), '~'.repeat(200), '7'.repeat(500)],
]

describe('a composite key', () => {
  it('is different for every different pair and triple of ids', () => {
    const seen = new Map<string, string>()
    const note = (...ids: string[]) => {
      const key = compositeKey(...ids)
      const other = seen.get(key)
      if (other !== undefined) expect.unreachable(`${JSON.stringify(ids)} has the key of ${other}`)
      seen.set(key, JSON.stringify(ids))
    }
    for (const a of AWKWARD) {
      note(a)
      for (const b of AWKWARD) {
        note(a, b)
        for (const c of AWKWARD.slice(0, 24)) note(a, b, c)
      }
    }
    expect(seen.size).toBe(AWKWARD.length * (1 + AWKWARD.length * 25))
  })

  it('does not confuse a short id with the shortened form of a long one', () => {
    const shortened = compositeKey('x'.repeat(500))
    expect(compositeKey(shortened)).not.toBe(shortened)
    expect(compositeKey(decodeURIComponent(shortened))).not.toBe(shortened)
  })

  it('is bounded, and of characters that a Redis key, a log and a URL can hold', () => {
    for (const id of [...AWKWARD, '😀'.repeat(MAX_ID_BYTES / 4), '\u0001'.repeat(MAX_ID_BYTES)]) {
      const key = compositeKey(id, id, id)
      expect(key.length).toBeLessThanOrEqual(3 * 80 + 2)
      expect(key).toMatch(/^[\w%~!'()*.:-]+$/)
    }
  })

  it('stays the same: deployed keys depend on it', () => {
    expect(compositeKey('acme', 'thread:1', 'turn 2')).toBe('acme:thread%3A1:turn%202')
    expect(compositeKey('x'.repeat(81))).toBe(`${'x'.repeat(24)}~TR97uHbGquAT8Gp0MLjGVF_zDY-SUoOOsYtjV8GiuhM`)
    expect(workstreamLeaseKey('p', 'a', 'b:c')).toBe('p:lease:workstream:a:b%3Ac')
  })
})

describe('ids that have no key', () => {
  it.each(['\ud800', 'a\udc00', '😀'.slice(0, 1), 'a\0b', '', 'x'.repeat(MAX_ID_BYTES + 1)])(
    '%j is refused at the border',
    (id) => {
      expect(idSchema.safeParse(id).success).toBe(false)
    },
  )

  it('every id that the border lets in has one', () => {
    for (const id of AWKWARD) {
      expect(idSchema.safeParse(id).success, id).toBe(true)
      expect(() => compositeKey(id)).not.toThrow()
    }
  })
})
