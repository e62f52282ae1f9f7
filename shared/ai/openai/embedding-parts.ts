import { failureOf, isRefusedInput } from './openai-errors.ts'

/**
 * Owns how a text that is longer than an embedding model takes still gets one vector: it is embedded in parts, and theirs are averaged.
 * Guarantees: linear time; at most `MAX_EMBEDDED_CHARS` of a text are embedded, of its beginning and its end alike.
 */

/** Of what is longer, the middle is left out. */
const MAX_EMBEDDED_CHARS = 131_072
/** What is refused and no longer than this is not refused for its length: the shortest models take 128 tokens. */
const MIN_HALVED_CHARS = 200
/** How servers say that a text is too long; other refusals teach nothing about the length. */
const ABOUT_LENGTH = /token|length|too (long|large|big)|exceed|context|maximum/i

/** The beginning and the end of a text that is too long to be embedded whole; a shorter one as it is. */
export function withoutMiddle(text: string): string {
  if (text.length <= MAX_EMBEDDED_CHARS) return text
  const half = MAX_EMBEDDED_CHARS / 2
  return `${wellFormed(text.slice(0, half))}\n${wellFormed(text.slice(-half))}`
}

/** The two halves of a refused text, cut at a space near the middle; undefined where its length cannot be the reason. */
export function halvesOf(text: string, error: unknown): readonly string[] | undefined {
  if (!isRefusedInput(error) || failureOf(error).isForAll || text.length <= MIN_HALVED_CHARS) return undefined
  const middle = text.length >> 1
  const space = text.indexOf(' ', middle)
  const at = space > 0 && space - middle < MIN_HALVED_CHARS / 4 ? space : middle
  const halves = [wellFormed(text.slice(0, at)), wellFormed(text.slice(at))].filter((half) => half.trim() !== '')
  return halves.length > 0 ? halves : undefined
}

/** Whether a refusal says that the text was too long. */
export function isAboutLength(error: unknown): boolean {
  return failureOf(error).isTooLong === true || (error instanceof Error && ABOUT_LENGTH.test(error.message))
}

/** The direction that vectors of unit length have in common, at unit length; that of the first where they cancel out. */
export function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(), ...others] = vectors
  if (others.length === 0) return first
  const sum = Float64Array.from(first)
  for (const vector of others) for (const [at, number] of vector.entries()) sum[at] = (sum[at] ?? 0) + number
  const norm = Math.hypot(...sum)
  return norm > 1e-6 ? Float32Array.from(sum, (number) => number / norm) : first
}

/** A cut may leave half a surrogate pair at an end. */
function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed()
}
