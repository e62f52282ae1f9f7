import { z } from 'zod'

/** Owns the shape of facts: what a model is given, and what it may answer. */

/** The kinds of memory, in the order in which pages list them. */
export const FACT_KINDS = ['fact', 'preference', 'decision', 'task', 'event', 'relationship'] as const
export type FactKind = (typeof FACT_KINDS)[number]

/** One message as the task sees it. `turn` is a small integer, the only name of a turn that a model ever gets. */
export type TurnText = {
  readonly turn: number
  readonly at: Date
  readonly speaker: string
  readonly role: string
  readonly text: string
}
export type ExtractFactsInput = { readonly turns: readonly TurnText[] }

const factSchema = z.object({
  /** One sentence that can be understood alone: names instead of pronouns. */
  fact: z.string().min(1).max(1_000),
  kind: z.enum(FACT_KINDS),
  /** Copied letter by letter from the turn. */
  quote: z.string().min(1).max(2_000),
  turn: z.number().int().nonnegative(),
})
export const extractFactsOutput = z.object({ facts: z.array(factSchema).max(200) })
export type ExtractFactsOutput = z.infer<typeof extractFactsOutput>
