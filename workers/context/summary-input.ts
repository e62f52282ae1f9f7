import { z } from 'zod'
import { SECTIONS, type Section, type Summary } from '../../shared/context/summary.ts'

/** Owns the shape of the question "what stands for these messages?" and of its answer. */

/** A message as the task sees it. `message` is a small integer, the only name of a message that a model gets. */
export type MessageText = {
  readonly message: number
  readonly role: string
  readonly speaker: string
  readonly text: string
  /** What quoting it whole takes. */
  readonly tokens: number
  /** By how much quoting it is worth more, or less, than its words are. */
  readonly worth: number
  /** Whether it may be quoted: its text is whole. */
  readonly isWhole: boolean
  /** Whether the last summary quoted it: then nobody knows any more which role said it. */
  readonly isQuote?: boolean
}

export type SummaryInput = {
  /** What stands for everything before these messages; its quotes are messages with the lowest numbers. */
  readonly previous: Pick<Summary, 'goal' | Section> | undefined
  readonly messages: readonly MessageText[]
  /** Names that the answer must hold letter by letter. */
  readonly identifiers: readonly string[]
  /** What quotes may take, in tokens; below 0 where there is no room for any. */
  readonly quoteTokens: number
  /** Why the last answer was rejected; undefined for the first try. */
  readonly rejected: string | undefined
}

export const MAX_ITEMS = 60
export const MAX_ITEM_CHARS = 1_000
export const MAX_GOAL_CHARS = 2_000
const items = z.array(z.string().min(1).max(MAX_ITEM_CHARS)).max(MAX_ITEMS)

export const summaryOutput = z.object({
  goal: z.string().max(MAX_GOAL_CHARS),
  /** What users told the agent to do from now on, word by word. */
  instructions: items.nullish().transform((given) => given ?? []),
  decisions: items,
  facts: items,
  files: items,
  openTasks: items,
  errors: items,
  lookups: items,
  /** The messages that are worth keeping word by word, the most worth first. */
  keep: z.array(z.number().int().nonnegative()).max(10_000),
})
export type SummaryOutput = z.infer<typeof summaryOutput>
export const SECTION_NAMES = Object.keys(SECTIONS) as Section[]
