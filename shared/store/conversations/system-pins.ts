import { fnv1a } from '../../text/fnv1a.ts'

/**
 * Owns which system messages hold: the newest system prompt, and what systems said besides. Guarantees: a new version takes the place of the old one;
 * what a note repeats with other figures replaces it too; bounded, whatever an app records.
 */

type Place = readonly [seq: number, position: number]

/** A system message that holds, and what tells whether another is a version of it. */
type SystemPin = {
  readonly at: Place
  /** Whether it is the prompt with which turns begin; the others were added to it. */
  readonly isPrompt: boolean
  readonly chars: number
  readonly hash: number
  /** The lowest hashes of its pieces: two texts share as many of them as they share pieces. */
  readonly sketch: readonly number[]
}

/** The messages that always stay: the first of a user, and the system messages that hold. */
export type Pins = {
  readonly user?: Place
  readonly system?: readonly SystemPin[]
  /** Where the system prompt was replaced, the newest last. */
  readonly changes?: readonly Place[]
}

const MAX_PINS = 16
const MAX_CHANGES = 16
const SKETCH_SIZE = 16
const PIECE_CHARS = 5
const MAX_READ_CHARS = 20_000
/** Texts that share this much are versions of one. */
const VERSION_LIKENESS = 0.5
/** A text that leads a turn is a new prompt, though unlike the old one, from this share of its length on; a shorter one is a note. */
const PROMPT_LENGTH_SHARE = 0.5

/** The pins after a system message; `isLeading` says that its turn begins with it. */
export function pinSystem(
  pins: Pins,
  { at, text, isLeading }: { readonly at: Place; readonly text: string; readonly isLeading: boolean },
): Pins {
  const held = pins.system ?? []
  const given = { at, chars: text.length, hash: fnv1a(text), sketch: sketchOf(text) }
  if (held.some(({ hash, chars }) => hash === given.hash && chars === given.chars)) return pins
  const isOlder = (pin: SystemPin) => pin.at[0] !== at[0]
  const prompt = held.find((pin) => pin.isPrompt)
  const isNewPrompt = (pin: SystemPin) =>
    isLeading && pin.isPrompt && isOlder(pin) && given.chars >= pin.chars * PROMPT_LENGTH_SHARE
  const replaced =
    held.find((pin) => likeness(pin.sketch, given.sketch) >= VERSION_LIKENESS) ?? held.find((pin) => isNewPrompt(pin))
  const isPrompt = replaced ? replaced.isPrompt : isLeading && !prompt
  const system = [...held.filter((pin) => pin !== replaced), { ...given, isPrompt }]
  const dropped = system.length > MAX_PINS ? system.find((pin) => !pin.isPrompt) : undefined
  return {
    ...pins,
    system: system.filter((pin) => pin !== dropped),
    ...(replaced?.isPrompt && { changes: [...(pins.changes ?? []), at].slice(-MAX_CHANGES) }),
  }
}

/** The places of all pins, in no particular order. */
export function pinnedPlaces({ user, system = [] }: Pins): Place[] {
  return [...(user ? [user] : []), ...system.map(({ at }) => at)]
}

/** Digits count as one: a clock in a prompt makes no new one. */
function sketchOf(text: string): number[] {
  const folded = text
    .slice(0, MAX_READ_CHARS)
    .toLowerCase()
    .replace(/\p{Nd}/gu, '0')
    .replace(/\s+/g, ' ')
  const pieces = new Set<number>()
  for (let start = 0; start <= Math.max(0, folded.length - PIECE_CHARS); start++)
    pieces.add(fnv1a(folded.slice(start, start + PIECE_CHARS)))
  return [...pieces].sort((a, b) => a - b).slice(0, SKETCH_SIZE)
}

/** The share of pieces that two texts have in common, reckoned from the lowest of both. */
function likeness(a: readonly number[], b: readonly number[]): number {
  const lowest = [...new Set([...a, ...b])].sort((x, y) => x - y).slice(0, SKETCH_SIZE)
  const [inA, inB] = [new Set(a), new Set(b)]
  return lowest.length === 0 ? 0 : lowest.filter((piece) => inA.has(piece) && inB.has(piece)).length / lowest.length
}
