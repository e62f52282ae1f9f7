import type { Summary } from '../../shared/context/summary.ts'
import { SECTION_NAMES } from './summary-input.ts'

/** Owns when a summary must not stand for what it replaces. */

/** It must save at least this share of what it replaces. */
export const MIN_SAVED_SHARE = 0.1

export type Judged = {
  readonly summary: Summary
  readonly identifiers: readonly string[]
  readonly summaryTokens: number
  /** What it replaces: the summary before it, and the messages. */
  readonly replacedTokens: number
  /** Whether its maker quotes only. The identifiers are listed beside whatever a maker writes. */
  readonly isQuoting: boolean
}

/** Why a summary is rejected, in words for its maker; undefined when it is not. */
export function faultOfSummary(judged: Judged): string | undefined {
  const { summary, identifiers, summaryTokens, replacedTokens, isQuoting } = judged
  const items = SECTION_NAMES.flatMap((name) => summary[name] ?? []).filter((text) => text.trim() !== '')
  const isSilent = !isQuoting || (summary.quotes.length === 0 && identifiers.length === 0)
  if (items.length === 0 && isSilent) return summary.goal.trim() === '' ? 'it was empty' : 'it held nothing but a goal'
  if (summaryTokens >= replacedTokens)
    return `it takes ${summaryTokens} tokens, and what it replaces only ${replacedTokens}`
  if (summaryTokens > replacedTokens * (1 - MIN_SAVED_SHARE))
    return `it takes ${summaryTokens} of ${replacedTokens} tokens, which saves less than a tenth`
  return undefined
}
