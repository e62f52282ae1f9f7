import type { TokenCounter } from '../token-counter.ts'

/** What an API adds around the schema of one tool. */
const TOOL_TOKENS = 12

/** What the definitions of tools take of a request: their JSON, which is more than what APIs make of it. */
export function countToolTokens(tools: readonly object[], counter: TokenCounter): number {
  return tools.reduce((sum: number, tool) => sum + TOOL_TOKENS + counter.text(JSON.stringify(tool)), 0)
}
