import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isStorable } from '../../../../shared/parse-input.ts'
import { decodeState, encodeState, type StateValue } from '../../../../shared/state/strict-json.ts'

const MAX_BYTES = 16 * 1_024 * 1_024
const text = fc.string({ unit: 'binary', maxLength: 20 }).filter(isStorable)
const { state } = fc.letrec((tie) => ({
  state: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(null, true, false),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    text,
    fc.uint8Array({ maxLength: 40 }),
    fc.array(tie('state'), { maxLength: 5 }),
    fc.dictionary(
      text.filter((key) => key !== '__proto__'),
      tie('state'),
      { maxKeys: 5 },
    ),
  ),
}))
const nested = (depth: number) => {
  let value: unknown = 1
  for (let level = 0; level < depth; level++) value = [value]
  return value
}

describe('states', () => {
  it('come back as they were given, bytes and the order of keys included', () => {
    fc.assert(
      fc.property(state, (given) => {
        const raw = encodeState(given, MAX_BYTES)
        const read = decodeState(raw)
        expect(encodeState(read, MAX_BYTES)).toEqual(raw)
        expect(asPlain(read)).toEqual(asPlain(given as StateValue))
      }),
      { numRuns: 500 },
    )
    expect(Object.keys(decodeState(encodeState({ z: 1, a: { y: 1, b: 2 } }, MAX_BYTES)) as object)).toEqual(['z', 'a'])
  })

  it('may hold text that reads like bytes, undefined fields, getters, and one object in two places', () => {
    const shared = { text: '{"\\u0000":"AAAA"}' }
    const given = {
      get first() {
        return shared
      },
      second: shared,
      gone: undefined,
      zero: -0,
      bytes: Buffer.from('abc'),
    }
    expect(decodeState(encodeState(given, MAX_BYTES))).toEqual({
      first: shared,
      second: shared,
      zero: 0,
      bytes: new Uint8Array([97, 98, 99]),
    })
    expect(decodeState(encodeState(nested(511), MAX_BYTES))).toEqual(nested(511))
  })

  it('that are no strict JSON are refused with the path', () => {
    const cycle: Record<string, unknown> = {}
    cycle.inner = { cycle }
    const faults: [unknown, RegExp][] = [
      [cycle, /state\.inner\.cycle: expected a tree, got a cycle/],
      [{ a: [1n] }, /state\.a\.0: .*a bigint/],
      [{ a: Number.NaN }, /state\.a: .*NaN/],
      [{ a: Number.POSITIVE_INFINITY }, /Infinity/],
      [{ a: new Date() }, /state\.a: .*Date/],
      [{ a: new (class Agent {})() }, /Agent/],
      [{ a: new Map() }, /Map/],
      [{ a: () => 1 }, /a function/],
      [{ a: Symbol('x') }, /a symbol/],
      [{ [Symbol('x')]: 1 }, /a symbol/],
      [[undefined], /state\.0: .*undefined/],
      // biome-ignore lint/suspicious/noSparseArray: a hole is what is tried.
      [[1, , 2], /state\.1: .*undefined/],
      [undefined, /state: .*undefined/],
      [JSON.parse('{"a":{"__proto__":{"isAdmin":true}}}'), /state\.a\.__proto__/],
      [{ a: 'x\0' }, /state\.a: .*NUL/],
      [{ 'x\0': 1 }, /NUL/],
      [{ a: '\ud800' }, /surrogate/],
      [nested(513), /512 levels/],
    ]
    for (const [given, message] of faults)
      expect(() => encodeState(given, MAX_BYTES)).toThrow(
        expect.objectContaining({ code: 'INPUT_INVALID', message: expect.stringMatching(message) }),
      )
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
  })

  it('that are too large are refused with the largest field, however they come to be so', () => {
    const large = { small: 'x', files: 'x'.repeat(17 * 1_024 * 1_024) }
    expect(() => encodeState(large, MAX_BYTES)).toThrow(
      expect.objectContaining({ code: 'STATE_TOO_LARGE', message: expect.stringMatching(/largest field is files/) }),
    )
    // 2^60 places of one object.
    let doubled: unknown = ['x']
    for (let level = 0; level < 60; level++) doubled = [doubled, doubled]
    expect(() => encodeState({ doubled }, MAX_BYTES)).toThrow(expect.objectContaining({ code: 'STATE_TOO_LARGE' }))
  })
})

/** Plain arrays for bytes, and ordinary prototypes, so that only content is compared. */
function asPlain(value: StateValue | undefined): unknown {
  if (value instanceof Uint8Array) return { bytes: [...value] }
  if (Array.isArray(value)) return value.map(asPlain)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value).map(([key, item]) => [key, asPlain(item)])
}
