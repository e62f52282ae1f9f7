import { crc32 } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digestOf, nextFrame, readChain, type StoredFrame } from '../../../../shared/state/chain.ts'
import type { StateCodec } from '../../../../shared/state/codecs.ts'
import { decodeFrame, encodeDifference, encodeFull } from '../../../../shared/state/frame.ts'
import { applyDifference, findDifference } from '../../../../shared/state/splice.ts'

const MAX_BYTES = 16 * 1_024 * 1_024
const CODECS: StateCodec[] = ['zstd', 'zlib', 'none']
const corrupt = expect.objectContaining({ code: 'STATE_CORRUPT' })

/** Two texts of which the second is made of pieces of the first and of others. */
const pairs = fc
  .tuple(
    fc.string({ maxLength: 3_000 }),
    fc.array(fc.tuple(fc.nat(), fc.nat(400), fc.string({ maxLength: 60 })), { maxLength: 8 }),
  )
  .map(([text, pieces]) => {
    const base = Buffer.from(text.repeat(3))
    const next = pieces.flatMap(([from, length, added]) => {
      const start = base.length === 0 ? 0 : from % base.length
      return [base.subarray(start, start + length), Buffer.from(added)]
    })
    return [base, Buffer.concat(next)] as const
  })

function chainOf(states: readonly Buffer[], codecOf: (index: number) => StateCodec = () => 'zstd') {
  const frames: StoredFrame[] = []
  let end: ReturnType<typeof readChain> | undefined
  for (const [index, raw] of states.entries()) {
    const next = nextFrame(end, raw, codecOf(index))
    if (!next.isContinued) frames.length = 0
    frames.push({ position: next.position, frame: next.frame, digest: next.digest })
    end = { ...next, chain: 1 }
  }
  return { frames, end }
}

function applied(base: Buffer, next: Buffer): Buffer {
  const made = Buffer.alloc(next.length)
  expect(applyDifference(base, findDifference(base, next), made)).toBe(true)
  return made
}

describe('differences', () => {
  it('make the second text of the first, whatever the two are', () => {
    fc.assert(
      fc.property(pairs, ([base, next]) => {
        expect(applied(base, next)).toEqual(next)
      }),
      { numRuns: 300 },
    )
  })

  it('find what stayed between changes far apart', () => {
    const base = Buffer.from(
      JSON.stringify(Array.from({ length: 2_000 }, (_, index) => ({ index, text: `line ${index * 7919}` }))),
    )
    const next = Buffer.from(
      base.toString().replace('line 7919"', 'changed"').replace('line 7911081"', 'also changed"'),
    )
    const { inserted, splices } = findDifference(base, next)
    expect(inserted.length).toBeLessThan(200)
    expect(splices.length).toBeLessThan(6)
  })

  it('take linear time of texts that repeat themselves', () => {
    const base = Buffer.alloc(2_000_000, 'ab')
    const next = Buffer.concat([Buffer.from('x'), Buffer.alloc(2_000_000, 'ba'), Buffer.from('y')])
    expect(applied(base, next).equals(next)).toBe(true)
  })
})

describe('frames', () => {
  it('give back what they hold, in every codec, also where the base begins like a trained dictionary', () => {
    fc.assert(
      fc.property(pairs, fc.constantFrom(...CODECS), fc.boolean(), ([text, next], codec, isMagic) => {
        const base = isMagic ? Buffer.concat([Buffer.from([0x37, 0xa4, 0x30, 0xec]), text]) : text
        expect(decodeFrame(encodeFull(next, codec), undefined, MAX_BYTES)).toEqual(next)
        const difference = encodeDifference(base, next, codec)
        if (difference) expect(decodeFrame(difference, base, MAX_BYTES)).toEqual(next)
      }),
      { numRuns: 200 },
    )
  })

  it('notice every bit that flips, and every end that is missing', () => {
    const base = Buffer.from(
      JSON.stringify({ messages: ['I moved to Lisbon.', 'Noted, thank you for telling me about it.'] }),
    )
    const next = Buffer.from(
      JSON.stringify({ messages: ['I moved to Lisbon.', 'Noted.', 'What else is there to say about Lisbon?'] }),
    )
    for (const codec of CODECS)
      for (const frame of [encodeFull(next, codec), encodeDifference(base, next, codec) as Buffer]) {
        for (let bit = 0; bit < frame.length * 8; bit++) {
          const flipped = Buffer.from(frame)
          flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7))
          expect(() => decodeFrame(flipped, base, MAX_BYTES)).toThrow(corrupt)
        }
        for (let end = 0; end < frame.length; end++)
          expect(() => decodeFrame(frame.subarray(0, end), base, MAX_BYTES)).toThrow(corrupt)
      }
  })

  it('cost no memory when they lie about their size, with a checksum that is right', () => {
    const bomb = encodeFull(Buffer.alloc(MAX_BYTES), 'zstd')
    const sealed = (frame: Buffer, change: (frame: Buffer) => void) => {
      const copy = Buffer.from(frame)
      change(copy)
      copy.writeUInt32LE(crc32(copy.subarray(12), crc32(copy.subarray(0, 8))), 8)
      return copy
    }
    const hostile = [
      sealed(bomb, (frame) => frame.writeUInt32LE(0xff_ff_ff_ff, 4)),
      sealed(bomb, (frame) => frame.writeUInt32LE(100, 4)),
      sealed(bomb, (frame) => frame.writeUInt8(0x12, 3)),
      sealed(bomb, (frame) => frame.writeUInt8(0x11, 3)),
      sealed(bomb, (frame) => frame.writeUInt8(0x2f, 3)),
      sealed(bomb, (frame) => frame.writeUInt8(0x03, 3)),
      sealed(bomb, (frame) => frame.fill(0xff, 12)),
    ]
    global.gc?.()
    const before = process.memoryUsage().rss
    for (let count = 0; count < 1_000; count++)
      expect(() => decodeFrame(hostile[count % hostile.length] as Buffer, Buffer.from('base'), MAX_BYTES)).toThrow()
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1_024 * 1_024)
  })
})

describe('chains', () => {
  const turns = (count: number) => {
    const messages: string[] = []
    return Array.from({ length: count }, (_, turn) => {
      messages.push(
        `turn ${turn}: ${'the agent has said something new '.repeat(4)}${digestOf(Buffer.from(`${turn}`)).toString('hex')}`,
      )
      return Buffer.from(JSON.stringify({ turn, messages }))
    })
  }

  it('are at most 64 long, and each state is read back from them', () => {
    const states = turns(130)
    const { frames, end } = chainOf(states)
    expect(frames.length).toBeLessThanOrEqual(64)
    expect(end?.raw).toEqual(states.at(-1))
    expect(readChain(1, frames, MAX_BYTES)).toMatchObject({ raw: states.at(-1), position: frames.length - 1 })
  })

  it('take Deflate for the few bytes of a turn, which is smaller there, and Zstandard for a whole state', () => {
    const [base, next] = turns(60).slice(-2) as [Buffer, Buffer]
    const [short, asDeflate] = [encodeDifference(base, next, 'zstd'), encodeDifference(base, next, 'zlib')]
    expect(short).toEqual(asDeflate)
    const long = Buffer.from(JSON.stringify(turns(60).map(String)))
    expect(encodeFull(long, 'zstd')).not.toEqual(encodeFull(long, 'zlib'))
    expect(encodeFull(long, 'zstd').length).toBeLessThan(encodeFull(long, 'zlib').length)
  })

  it('may be written with any codec after any other', () => {
    const { frames } = chainOf(turns(30), (index) => CODECS[index % CODECS.length] as StateCodec)
    expect(readChain(1, frames, MAX_BYTES).raw).toEqual(turns(30).at(-1))
  })

  it('begin anew when the state has become another', () => {
    const noise = Array.from({ length: 2_000 }, (_, index) => digestOf(Buffer.from(`${index}`)).toString('hex')).join(
      '',
    )
    expect(chainOf([...turns(5), Buffer.from(noise)]).frames).toHaveLength(1)
  })

  it('with a frame that is missing, changed places or is from another chain are damaged', () => {
    const { frames } = chainOf(turns(40).slice(32))
    const [first, second, ...rest] = frames as [StoredFrame, StoredFrame, ...StoredFrame[]]
    expect(() => readChain(1, [first, ...rest], MAX_BYTES)).toThrow(corrupt)
    expect(() => readChain(1, [second, first, ...rest], MAX_BYTES)).toThrow(corrupt)
    expect(() => readChain(1, [], MAX_BYTES)).toThrow(corrupt)
    const other = chainOf(turns(41).slice(33)).frames.slice(1)
    expect(() => readChain(1, [first, ...other], MAX_BYTES)).toThrow(corrupt)
  })
})
