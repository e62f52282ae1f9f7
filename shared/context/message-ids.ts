import { comparePlaces, type MessagePlace } from '../store/conversations/workstream-context.ts'

/** Owns the ids by which raw messages are looked up: `12.3` is one message, `12.3-40.0` all from the first to before the second. */

export type Range = { readonly from: MessagePlace; readonly before: MessagePlace }

/** The id of one message: its turn's number and its place in the turn. */
export function formatMessageId([seq, position]: MessagePlace): string {
  return `${seq}.${position}`
}

/** The id of a range. */
export function rangeId({ from, before }: Range): string {
  return `${formatMessageId(from)}-${formatMessageId(before)}`
}

const ID = /^(\d{1,12})\.(\d{1,7})(?:-(\d{1,12})\.(\d{1,7}))?$/

/** What an id stands for; undefined for one that cannot be. */
export function parseId(id: string): Range | undefined {
  const found = ID.exec(id)
  if (!found) return undefined
  const [from, end] = [place(found[1], found[2]), place(found[3], found[4])]
  const before: MessagePlace = found[3] === undefined ? [from[0], from[1] + 1] : end
  return comparePlaces(from, before) < 0 ? { from, before } : undefined
}

function place(seq: string | undefined, position: string | undefined): MessagePlace {
  return [Number(seq), Number(position)]
}
