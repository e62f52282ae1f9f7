import { describe, expect, it } from 'vitest'
import { decodeEmbedding, encodeEmbedding } from '../../../../shared/cache/embedding-frame.ts'
import { vectorOf } from '../../../helpers/model-answers.ts'

const DIMS = 16
const vector = vectorOf('a text', DIMS)

describe('the frame of an embedding', () => {
  it('gives back exactly the numbers that went in', () => {
    const frame = encodeEmbedding(vector)
    expect(frame.length).toBe(16 + 4 * DIMS)
    expect(decodeEmbedding(frame, DIMS)).toEqual(vector)
  })

  it('is the same bytes on every machine', () => {
    expect(encodeEmbedding(Float32Array.of(1, -0.5)).toString('hex')).toBe(
      '4146544501000000020000007c0fbc9d0000803f000000bf',
    )
  })

  it('takes a view into a larger array and frames at any offset', () => {
    const large = Float32Array.from([9, ...vector, 9])
    const frame = encodeEmbedding(large.subarray(1, DIMS + 1))
    for (const offset of [1, 2, 3]) {
      const pool = Buffer.alloc(frame.length + 8)
      frame.copy(pool, offset)
      expect(decodeEmbedding(pool.subarray(offset, offset + frame.length), DIMS)).toEqual(vector)
    }
  })

  it('does not share memory with the frame', () => {
    const frame = encodeEmbedding(vector)
    const decoded = decodeEmbedding(frame, DIMS)
    frame.fill(0)
    expect(decoded).toEqual(vector)
  })

  it('refuses every frame with one flipped bit', () => {
    const frame = encodeEmbedding(vector)
    for (let bit = 0; bit < frame.length * 8; bit += 1) {
      const flipped = Buffer.from(frame)
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      expect(decodeEmbedding(flipped, DIMS), `bit ${bit}`).toBeUndefined()
    }
  })

  it('refuses every beginning of a frame, and one that is too long', () => {
    const frame = encodeEmbedding(vector)
    for (let length = 0; length < frame.length; length += 1) {
      expect(decodeEmbedding(frame.subarray(0, length), DIMS)).toBeUndefined()
    }
    expect(decodeEmbedding(Buffer.concat([frame, Buffer.alloc(4)]), DIMS)).toBeUndefined()
  })

  it('refuses other dimensions, foreign values and numbers that are not finite', () => {
    expect(decodeEmbedding(encodeEmbedding(vector), DIMS + 1)).toBeUndefined()
    expect(decodeEmbedding(Buffer.from('[0.1,0.2]'), DIMS)).toBeUndefined()
    expect(decodeEmbedding(Buffer.alloc(16 + 4 * DIMS, 'x'), DIMS)).toBeUndefined()
    for (const number of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(decodeEmbedding(encodeEmbedding(Float32Array.of(1, number)), 2)).toBeUndefined()
    }
  })
})
