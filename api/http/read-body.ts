import express, { type Request, type RequestHandler } from 'express'
import { AfterturnError } from '../../shared/errors.ts'
import type { OperationInput } from '../operations/call-operation.ts'

/** Owns how a body becomes fields. Guarantees: bounded bytes and depth; UTF-8 and one JSON object, or a refusal with its reason. */

const DEFAULT_MAX_BODY_BYTES = 1_024 * 1_024
const MAX_DEPTH = 64
/** Shorter whole numbers are kept as they are. */
const ROUNDED_DIGITS = 16
const NUMBER_PART = new Set(Buffer.from('0123456789+-.eE'))
const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPENING = new Set([0x5b, 0x7b])
const CLOSING = new Set([0x5d, 0x7d])

/** Collects a body of at most so many bytes; it is not decompressed. */
export function collectBody(maxBytes: number = DEFAULT_MAX_BODY_BYTES): RequestHandler {
  return express.raw({ type: () => true, limit: maxBytes, inflate: false })
}

/**
 * The fields of a collected body; none of an empty one.
 * @throws REQUEST_UNSUPPORTED, REQUEST_MALFORMED
 */
export function readFields(request: Request): OperationInput {
  const bytes: unknown = request.body
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) return {}
  if (!request.is('json'))
    throw refuse(
      'REQUEST_UNSUPPORTED',
      `Expected application/json, got ${JSON.stringify(request.get('content-type') ?? 'no type')}.`,
    )
  if (depthOf(bytes) > MAX_DEPTH) throw malformed(`at most ${MAX_DEPTH} levels`, 'more')
  const value = parse(bytes)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed('a JSON object', 'another value')
  return value as OperationInput
}

function parse(bytes: Buffer): unknown {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw malformed('UTF-8', 'other bytes')
  }
  try {
    return JSON.parse(text)
  } catch {
    throw malformed('JSON', 'another text')
  }
}

/** How deep brackets are nested, outside texts; it is known before anything is built. */
function depthOf(bytes: Buffer): number {
  let [depth, deepest, isInText] = [0, 0, false]
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (isInText) {
      if (byte === BACKSLASH) at += 1
      else if (byte === QUOTE) isInText = false
    } else if (byte === QUOTE) isInText = true
    else if (OPENING.has(byte)) deepest = Math.max(deepest, ++depth)
    else if (CLOSING.has(byte)) depth -= 1
  }
  return deepest
}

/**
 * Refuses whole numbers outside texts that JavaScript would round: they are ids of other programs, and what is kept must be what was sent.
 * @throws INPUT_INVALID
 */
export function refuseRounded(request: Request): void {
  const bytes: Buffer = request.body
  let isInText = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (byte === QUOTE) isInText = !isInText
    else if (isInText && byte === BACKSLASH) at += 1
    else if (!isInText && NUMBER_PART.has(byte)) {
      const start = at
      while (at + 1 < bytes.length && NUMBER_PART.has(bytes[at + 1] as number)) at += 1
      if (at - start + 1 >= ROUNDED_DIGITS) refuseNumber(bytes.toString('latin1', start, at + 1))
    }
  }
}

function refuseNumber(text: string): void {
  if (!/^-?\d+$/.test(text) || String(Number(text)) === text) return
  const message = `expected a number that JavaScript keeps, got ${text.slice(0, 40)}; send it as a text`
  throw new AfterturnError('INPUT_INVALID', `The state is not valid: ${message}.`, { recorded: 'no' })
}

function malformed(expected: string, got: string): AfterturnError {
  return refuse('REQUEST_MALFORMED', `The body is not valid: expected ${expected}, got ${got}.`)
}

function refuse(code: 'REQUEST_MALFORMED' | 'REQUEST_UNSUPPORTED', message: string): AfterturnError {
  return new AfterturnError(code, message, { recorded: 'no' })
}
