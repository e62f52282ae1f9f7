import type { z } from 'zod'

/**
 * A model task is one question that the fleet asks: what goes in, the prompt, the shape of the answer, and rules that answer it offline.
 * A provider runs tasks and knows none of them; a task knows no provider. A change of prompt or schema is a new `version`.
 */
export type ModelTask<Input, Output> = {
  /** kebab-case; with the version it names the task in logs, costs and caches. */
  readonly name: string
  readonly version: number
  /** The shape of the answer; sent as a JSON schema and checked again when the answer comes. */
  readonly output: z.ZodType<Output>
  readonly maxOutputTokens: number
  /** `0` asks for the likeliest answer, and lets it be cached. A reasoning model takes none, and is not sent it. @default the model's own */
  readonly temperature?: number
  /** What an LLM is asked. */
  prompt(input: Input): ChatMessage[]
  /** What is right in an answer that is cut off or not of the shape; undefined when nothing is, or when less input would give a whole answer. */
  salvage?(answer: { readonly text: string; readonly isCutOff: boolean }, input: Input): Output | undefined
  /** What the `local` provider answers: deterministic, free, and labelled as rules. */
  rules(input: Input): Output
}

export type ChatMessage = { readonly role: 'system' | 'user'; readonly content: string }
