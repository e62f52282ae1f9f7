import { z } from 'zod'
import { MEMORY_KINDS } from '../../../shared/memory/memory-kinds.ts'

/** Owns the shape of facts: what a model is given, and what it may answer. */

/** One message as the task sees it. `turn` is a small integer, the only name of a turn that a model ever gets. */
export type TurnText = {
  readonly turn: number
  readonly at: Date
  /** Of the speaker, as `Europe/Lisbon`. @default UTC */
  readonly timeZone?: string
  readonly speaker: string
  readonly role: string
  readonly text: string
}
export type ExtractFactsInput = {
  readonly turns: readonly TurnText[]
  /** What the org adds; the rules read none. */
  readonly instructions?: string
}

/** More facts in one answer are a model that runs wild. */
export const MAX_FACTS = 200
const DEFAULT_IMPORTANCE = 0.5

/** Neither JavaScript nor PostgreSQL writes the year 0 as ISO does. */
function isStorableDay(day: string): boolean {
  return day >= '0001-01-01'
}

/** What is secondary does not cost the fact when a model that knows no schemas gets it wrong. */
export const factSchema = z.object({
  /** One sentence that can be understood alone: names instead of pronouns. */
  fact: z.string().min(1).max(1_000),
  kind: z.enum(MEMORY_KINDS).catch('fact'),
  /** Whom or what the fact is about: a name. */
  subject: z.string().min(1).max(200).nullable().catch(null).default(null),
  /** Which property of the subject it states, where there is one value at a time: `residence`, `employer`. */
  attribute: z.string().min(1).max(100).nullable().catch(null).default(null),
  importance: z.number().min(0).max(1).catch(DEFAULT_IMPORTANCE).default(DEFAULT_IMPORTANCE),
  /** The day that the fact names, as `2026-03-01`: when it happened, begins or is due. */
  when: z.iso.date().refine(isStorableDay).nullable().catch(null).default(null),
  /** Copied letter by letter from the turn. */
  quote: z.string().max(2_000).default(''),
  turn: z.number().int().nonnegative(),
})
export const extractFactsOutput = z.object({ facts: z.array(factSchema).max(MAX_FACTS) })
export type ExtractFactsOutput = z.infer<typeof extractFactsOutput>
export type ExtractedFact = ExtractFactsOutput['facts'][number]
