import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { decodeAnswer, encodeAnswer } from '../../../../shared/cache/completion-frame.ts'

const schema = z.object({ facts: z.array(z.string()) })
const answer = { output: { facts: ['Maya lives in Lisbon. 🙂'] }, inputTokens: 120, outputTokens: 9 }
const frame = encodeAnswer(answer, schema) as Buffer

describe('the frame of an answer', () => {
  it('gives back exactly what went in', () => {
    expect(decodeAnswer(frame, schema)).toEqual(answer)
  })

  it('refuses every frame with one flipped bit, every beginning, and what is foreign', () => {
    for (let bit = 0; bit < frame.length * 8; bit += 1) {
      const flipped = Buffer.from(frame)
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      expect(decodeAnswer(flipped, schema), `bit ${bit}`).toBeUndefined()
    }
    for (let length = 0; length < frame.length; length += 1)
      expect(decodeAnswer(frame.subarray(0, length), schema)).toBeUndefined()
    expect(decodeAnswer(Buffer.from('{"facts":[]}'), schema)).toBeUndefined()
  })

  it('refuses an answer of another shape', () => {
    expect(decodeAnswer(frame, z.object({ facts: z.array(z.number()) }))).toBeUndefined()
  })

  it('is not made for what JSON and the schema do not give back the same, nor for what is too large', () => {
    const shout = z.object({ word: z.string().transform((word) => `${word}!`) })
    expect(encodeAnswer({ ...answer, output: { word: 'hi!' } }, shout)).toBeUndefined()
    expect(encodeAnswer({ ...answer, output: { at: new Date(0) } }, z.object({ at: z.date() }))).toBeUndefined()
    expect(encodeAnswer({ ...answer, output: undefined }, z.undefined())).toBeUndefined()
    expect(encodeAnswer({ ...answer, output: { facts: ['x'.repeat(300_000)] } }, schema)).toBeUndefined()
  })

  it('takes whatever a server says of its tokens', () => {
    const odd = encodeAnswer({ ...answer, inputTokens: -1, outputTokens: Number.NaN }, schema) as Buffer
    expect(decodeAnswer(odd, schema)).toMatchObject({ inputTokens: 0, outputTokens: 0 })
  })
})
