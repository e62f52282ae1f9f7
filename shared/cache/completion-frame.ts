import { isDeepStrictEqual } from 'node:util'
import { crc32 } from 'node:zlib'
import type { z } from 'zod'

/**
 * Owns the bytes of a cached answer: magic (4), version (1), three zeros, input tokens (4), output tokens (4), CRC-32 of all else (4), then JSON; little-endian.
 * Guarantees: what decodes is what was encoded and has the schema's shape. Anything else decodes to undefined and never throws.
 */

/** A task's answer, and the tokens that were paid for it. */
export type CachedAnswer = { readonly output: unknown; readonly inputTokens: number; readonly outputTokens: number }

const MAGIC = 0x43_54_46_41 // "AFTC" in little-endian order
const VERSION = 1
const INPUT_TOKENS_OFFSET = 8
const OUTPUT_TOKENS_OFFSET = 12
const CRC_OFFSET = 16
const HEADER_BYTES = 20
/** A larger answer is not kept: one of them would push out hundreds of others. */
const MAX_FRAME_BYTES = 256 * 1_024

/** The frame of an answer; undefined if it is too large, or JSON and the schema do not give back the same. */
export function encodeAnswer(
  { output, inputTokens, outputTokens }: CachedAnswer,
  schema: z.ZodType,
): Buffer | undefined {
  const json = JSON.stringify(output)
  if (json === undefined || !isDeepStrictEqual(readOutput(json, schema)?.output, output)) return undefined
  const bytes = Buffer.byteLength(json)
  if (HEADER_BYTES + bytes > MAX_FRAME_BYTES) return undefined
  const frame = Buffer.alloc(HEADER_BYTES + bytes)
  frame.writeUInt32LE(MAGIC, 0)
  frame.writeUInt8(VERSION, 4)
  frame.writeUInt32LE(countOf(inputTokens), INPUT_TOKENS_OFFSET)
  frame.writeUInt32LE(countOf(outputTokens), OUTPUT_TOKENS_OFFSET)
  frame.write(json, HEADER_BYTES)
  frame.writeUInt32LE(checksum(frame), CRC_OFFSET)
  return frame
}

/** What is in a frame; undefined if it is cut off, foreign, damaged or of another shape. */
export function decodeAnswer(frame: Buffer, schema: z.ZodType): CachedAnswer | undefined {
  if (frame.length < HEADER_BYTES || frame.readUInt32LE(0) !== MAGIC || frame.readUInt8(4) !== VERSION) return undefined
  if (frame.readUInt32LE(CRC_OFFSET) !== checksum(frame)) return undefined
  const read = readOutput(frame.toString('utf8', HEADER_BYTES), schema)
  return (
    read && {
      output: read.output,
      inputTokens: frame.readUInt32LE(INPUT_TOKENS_OFFSET),
      outputTokens: frame.readUInt32LE(OUTPUT_TOKENS_OFFSET),
    }
  )
}

function readOutput(json: string, schema: z.ZodType): { readonly output: unknown } | undefined {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return undefined
  }
  const result = schema.safeParse(value)
  return result.success ? { output: result.data } : undefined
}

/** A server may say anything of its tokens. */
function countOf(tokens: number): number {
  return Math.max(0, Math.min(tokens, 0xff_ff_ff_ff))
}

function checksum(frame: Buffer): number {
  return crc32(frame.subarray(HEADER_BYTES), crc32(frame.subarray(0, CRC_OFFSET)))
}
