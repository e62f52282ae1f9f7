import { describe, expect, it } from 'vitest'
import { createKeyText, readKeyText } from '../../../../shared/access/api-key-text.ts'
import { createKnownKeys } from '../../../../shared/access/known-keys.ts'
import { pathSegment } from '../../../../shared/path-segment.ts'

describe('the text of a key', () => {
  it('is read as it was made, and never twice the same', () => {
    const keys = Array.from({ length: 50 }, createKeyText)
    expect(new Set(keys.map(({ text }) => text)).size).toBe(50)
    for (const { id, text, secretHash } of keys) {
      expect(text).toMatch(/^aft_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/)
      expect(readKeyText(text)).toEqual({ id, secretHash })
    }
  })

  it('with any letter changed is none, before the store is asked', () => {
    const { text } = createKeyText()
    for (let at = 4; at < text.length; at++) {
      const other = text[at] === 'a' ? 'b' : 'a'
      expect(readKeyText(text.slice(0, at) + other + text.slice(at + 1)), `at ${at}`).toBeUndefined()
    }
    for (const none of ['', 'aft', `${text} `, `${text}\n`, text.toUpperCase(), 'a'.repeat(8_000)])
      expect(readKeyText(none)).toBeUndefined()
  })
})

describe('known keys', () => {
  const row = { keyId: 'k' } as never
  function keysUnderTest() {
    const listeners: ((keyId: string | undefined) => void)[] = []
    const state = { isHeard: true, reads: 0 }
    const known = createKnownKeys({
      onChange: (listener) => void listeners.push(listener),
      isHeard: () => state.isHeard,
      announce: async () => {},
    })
    const get = (read = async () => row) =>
      known.get('k', () => {
        state.reads += 1
        return read()
      })
    return { state, get, tell: (keyId?: string) => listeners.forEach((listener) => void listener(keyId)) }
  }

  it('are asked of the store once, and again after a change', async () => {
    const { state, get, tell } = keysUnderTest()
    await get()
    await get()
    expect(state.reads).toBe(1)
    tell('k')
    await get()
    tell()
    await get()
    expect(state.reads).toBe(3)
  })

  it('are not remembered while a change may be missed, nor when one comes while they are read', async () => {
    const { state, get, tell } = keysUnderTest()
    state.isHeard = false
    await get()
    await get()
    state.isHeard = true
    await get(async () => {
      tell('k')
      return row
    })
    await get()
    expect(state.reads).toBe(4)
  })
})

describe('a segment of a path', () => {
  it.each([
    ['a/b', 'a%2Fb'],
    ['ü 😀', '%C3%BC%20%F0%9F%98%80'],
    ['...', '...'],
    [7, '7'],
  ])('writes %j', (id, segment) => {
    expect(pathSegment('id', id)).toBe(segment)
  })
  it.each(['', '.', '..', '\ud800', undefined])('refuses %j, which would name another place', (id) => {
    expect(() => pathSegment('turnId', id)).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID', faults: [{ path: 'turnId', expected: expect.any(String) }] }),
    )
  })
})
