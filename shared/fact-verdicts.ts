/** Why a proposed fact is held for a review, with what it means; the console shows the words. */
export const HELD_REASONS = {
  'instruction-like': 'it reads like an order to a model',
  unquoted: 'its turn does not prove it',
  'not-own-words': 'somebody else says it of the speaker',
} as const

export type HeldReason = keyof typeof HELD_REASONS

/** Why a proposed fact is dropped, with what it means. */
export const DROP_REASONS = {
  secret: 'it held a secret, or characters that no database takes',
  forget: 'it repeated a request to forget something',
  wordless: 'it held no letter and no digit',
} as const

export type DropReason = keyof typeof DROP_REASONS

/** A proposal that was dropped; `turn` is the turn's row. */
export type DroppedFact = { readonly turn: number; readonly reason: DropReason }
