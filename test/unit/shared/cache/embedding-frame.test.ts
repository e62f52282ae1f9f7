import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { decodeEmbeddings, encodeEmbedding } from '../../../../shared/cache/embedding-frame.ts'
import { vectorOf } from '../../../helpers/models/model-answers.ts'

const DIMS = 16
const vector = vectorOf('a text', DIMS)

const decodeEmbedding = (frame: Buffer, dims: number) => decodeEmbeddings([frame], dims)[0]

describe('the frame of an embedding', () => {
  it('gives back exactly the numbers that went in', () => {
    const frame = encodeEmbedding({ vector, tokens: 7 }, 'float32')
    expect(frame.length).toBe(16 + 4 * DIMS)
    expect(decodeEmbedding(frame, DIMS)).toEqual({ vector, tokens: 7 })
  })

  it('is the same bytes on every machine', () => {
    expect(encodeEmbedding({ vector: Float32Array.of(1, -0.5), tokens: 0 }, 'float32').toString('hex')).toBe(
      '4146544501000000020000007c0fbc9d0000803f000000bf',
    )
  })

  it('that says of itself that all numbers are finite, as earlier writers did, is read too', () => {
    const claiming = Buffer.from('414654450180000002000000c7ff3bd30000803f000000bf', 'hex')
    expect(decodeEmbedding(claiming, 2)).toEqual({ vector: Float32Array.of(1, -0.5), tokens: 0 })
  })

  it('is told apart from others of its read: what is bad or absent between them costs them nothing', () => {
    const others = Array.from({ length: 3 }, (_, index) => vectorOf(`text ${index}`, DIMS))
    const frames = others.map((one, tokens) => encodeEmbedding({ vector: one, tokens }, 'float32'))
    const half = encodeEmbedding({ vector, tokens: 7 }, 'float16')
    const bad = encodeEmbedding({ vector: new Float32Array(DIMS).fill(Number.NaN), tokens: 0 }, 'float32')
    const mixed = [null, frames[0], bad, half, Buffer.from('foreign'), frames[1], bad, frames[2], null] as Buffer[]
    const read = decodeEmbeddings(mixed, DIMS)
    expect(read[3]).toEqual(decodeEmbedding(half, DIMS))
    expect([1, 5, 7].map((place) => read[place])).toEqual(others.map((one, tokens) => ({ vector: one, tokens })))
    expect([0, 2, 4, 6, 8].map((place) => read[place])).toEqual(Array(5).fill(undefined))
  })

  it('takes a view into a larger array and frames at any offset', () => {
    const large = Float32Array.from([9, ...vector, 9])
    const frame = encodeEmbedding({ vector: large.subarray(1, DIMS + 1), tokens: 7 }, 'float32')
    for (const offset of [1, 2, 3]) {
      const pool = Buffer.alloc(frame.length + 8)
      frame.copy(pool, offset)
      expect(decodeEmbedding(pool.subarray(offset, offset + frame.length), DIMS)).toEqual({ vector, tokens: 7 })
    }
  })

  it('does not share memory with the frame', () => {
    const frame = encodeEmbedding({ vector, tokens: 7 }, 'float32')
    const decoded = decodeEmbedding(frame, DIMS)
    frame.fill(0)
    expect(decoded).toEqual({ vector, tokens: 7 })
  })

  it('refuses every frame with one flipped bit', () => {
    const frame = encodeEmbedding({ vector, tokens: 7 }, 'float32')
    for (let bit = 0; bit < frame.length * 8; bit += 1) {
      const flipped = Buffer.from(frame)
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      expect(decodeEmbedding(flipped, DIMS), `bit ${bit}`).toBeUndefined()
    }
  })

  it('refuses every beginning of a frame, and one that is too long', () => {
    const frame = encodeEmbedding({ vector, tokens: 7 }, 'float32')
    for (let length = 0; length < frame.length; length += 1) {
      expect(decodeEmbedding(frame.subarray(0, length), DIMS)).toBeUndefined()
    }
    expect(decodeEmbedding(Buffer.concat([frame, Buffer.alloc(4)]), DIMS)).toBeUndefined()
  })

  it('refuses other dimensions, foreign values and numbers that are not finite', () => {
    expect(decodeEmbedding(encodeEmbedding({ vector, tokens: 7 }, 'float32'), DIMS + 1)).toBeUndefined()
    expect(decodeEmbedding(Buffer.from('[0.1,0.2]'), DIMS)).toBeUndefined()
    expect(decodeEmbedding(Buffer.alloc(16 + 4 * DIMS, 'x'), DIMS)).toBeUndefined()
    for (const number of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      for (const numbers of [
        [number, 1],
        [1, number],
        [1, 0, number],
        [1, 0, 0, number],
        [1, 0, 0, 0, 0, number],
        [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0],
      ])
        for (const format of ['float32', 'float16'] as const) {
          const frame = encodeEmbedding({ vector: Float32Array.from(numbers), tokens: 0 }, format)
          expect(decodeEmbedding(frame, numbers.length)).toBeUndefined()
          // The claim of earlier writers, under a checksum that fits it.
          frame.writeUInt8(frame.readUInt8(5) | 0x80, 5)
          frame.writeUInt32LE(crc32(frame.subarray(16), crc32(frame.subarray(0, 12))), 12)
          expect(decodeEmbedding(frame, numbers.length)).toBeUndefined()
        }
  })

  it('holds the numbers in half the bytes as float16, to three digits, and says so itself', () => {
    const frame = encodeEmbedding({ vector, tokens: 7 }, 'float16')
    expect(frame.length).toBe(16 + 2 * DIMS)
    const decoded = decodeEmbedding(frame, DIMS)
    expect(decoded?.tokens).toBe(7)
    for (const [index, number] of vector.entries()) {
      const read = decoded?.vector[index] as number
      expect(Math.abs(read - number)).toBeLessThanOrEqual(Math.abs(number) * 2 ** -11 + 2 ** -24)
    }
    const flipped = Buffer.from(frame)
    for (let bit = 0; bit < frame.length * 8; bit += 1) {
      frame.copy(flipped)
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      expect(decodeEmbedding(flipped, DIMS), `bit ${bit}`).toBeUndefined()
    }
  })

  it('takes whatever a server says of its tokens', () => {
    for (const [said, kept] of [
      [-1, 0],
      [Number.NaN, 0],
      [1e9, 65_535],
    ] as const)
      expect(decodeEmbedding(encodeEmbedding({ vector, tokens: said }, 'float32'), DIMS)?.tokens).toBe(kept)
  })
})
