import { createHash } from 'node:crypto'
import type { StateCodec } from './codecs.ts'
import { corrupt, decodeFrame, encodeDifference, encodeFull } from './frame.ts'

/**
 * Owns chains of frames: a whole state first, then at most 63 differences, each from the state before it. A chain is only ever extended at its end, and
 * goes as a whole when no version needs it.
 */

const MAX_CHAIN_FRAMES = 64

/** The newest state of a chain, and what the chain costs by now. */
export type ChainEnd = {
  readonly chain: number
  readonly position: number
  readonly raw: Buffer
  readonly digest: Buffer
  /** Bytes of the first frame, of the state that it holds, and of the differences after it. */
  readonly fullBytes: number
  readonly fullRawBytes: number
  readonly differenceBytes: number
}

export type StoredFrame = { readonly position: number; readonly frame: Buffer; readonly digest: Buffer }

/** What is to be stored for a state: the next frame of a chain, or the first of a new one. */
type NextFrame = Omit<ChainEnd, 'chain'> & { readonly frame: Buffer; readonly isContinued: boolean }

/** Makes the frame of a state that follows another, if there is one. */
export function nextFrame(
  end: ChainEnd | undefined,
  raw: Buffer,
  codec: StateCodec,
  digest = digestOf(raw),
): NextFrame {
  const difference = end && hasRoom(end, raw.length) ? encodeDifference(end.raw, raw, codec) : undefined
  // A difference that is small beside the last whole state need not be weighed against a new one.
  const full = difference && difference.length * 2 < (end?.fullBytes ?? 0) ? undefined : encodeFull(raw, codec)
  if (end && difference && (!full || difference.length < full.length)) {
    const { position, fullBytes, fullRawBytes, differenceBytes } = end
    const costs = { fullBytes, fullRawBytes, differenceBytes: differenceBytes + difference.length }
    return { frame: difference, isContinued: true, position: position + 1, raw, digest, ...costs }
  }
  const frame = full as Buffer
  const costs = { fullBytes: frame.length, fullRawBytes: raw.length, differenceBytes: 0 }
  return { frame, isContinued: false, position: 0, raw, digest, ...costs }
}

/** Differences must not come to cost more than a whole state would. */
function hasRoom({ position, fullBytes, fullRawBytes, differenceBytes }: ChainEnd, rawBytes: number): boolean {
  const wholeBytes = fullBytes * Math.max(1, rawBytes / Math.max(1, fullRawBytes))
  return position + 1 < MAX_CHAIN_FRAMES && differenceBytes < wholeBytes
}

/**
 * The end of a chain, from its frames up to there.
 * @throws STATE_CORRUPT; CONFIG_INVALID when a codec's package is not installed
 */
export function readChain(chain: number, frames: readonly StoredFrame[], maxRawBytes: number): ChainEnd {
  let raw: Buffer | undefined
  let fullRawBytes = 0
  let storedBytes = 0
  const passing = alternatingRoom()
  for (const [index, { position, frame }] of frames.entries()) {
    if (position !== index) throw corrupt(`expected frame ${index} of a chain, got ${position}`)
    raw = decodeFrame(frame, raw, maxRawBytes, index < frames.length - 1 ? passing : undefined)
    if (index === 0) fullRawBytes = raw.length
    storedBytes += frame.length
  }
  const last = frames.at(-1)
  if (!raw || !last) throw corrupt('expected the frames of a chain, got none')
  if (!last.digest.equals(digestOf(raw))) throw corrupt('expected the SHA-256 of the state, got another')
  const fullBytes = frames[0]?.frame.length as number
  const costs = { fullBytes, fullRawBytes, differenceBytes: storedBytes - fullBytes }
  return { chain, position: last.position, raw, digest: last.digest, ...costs }
}

/** Two buffers in turn for the states that are passed through: making one for each takes twenty times as long as writing it. */
function alternatingRoom(): (bytes: number) => Buffer {
  let [next, last] = [Buffer.alloc(0), Buffer.alloc(0)]
  return (bytes) => {
    const taken = last.length < bytes ? Buffer.allocUnsafe(Math.ceil(bytes * ROOM_GROWTH)) : last
    last = next
    next = taken
    return taken.subarray(0, bytes)
  }
}

const ROOM_GROWTH = 1.25

export function digestOf(raw: Buffer): Buffer {
  return createHash('sha256').update(raw).digest()
}
