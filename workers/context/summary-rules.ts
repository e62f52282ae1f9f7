import { identifiersIn } from './identifiers.ts'
import { rankQuotes } from './rank-quotes.ts'
import { findInstructions } from './standing-instructions.ts'
import type { SummaryInput, SummaryOutput } from './summary-input.ts'

/** Owns the summary without a model: it quotes, and never words anything anew. What it cannot tell (decisions, tasks) it leaves to the quotes. */

const MAX_LISTED = 12
const MAX_LINE_CHARS = 200
const ERROR_LINE = /\b(?:[A-Z]\w*(?:Error|Exception)\b|error|failed|failure|fatal|panic|traceback)\b.{3,}/i
const FILE = /\.\w{1,8}$/

/** The most informative messages word by word, error lines, files and names. */
export function summaryByRules({ previous, messages, quoteTokens }: SummaryInput): SummaryOutput {
  const errors: string[] = []
  const files = new Map<string, number>()
  const images: string[] = []
  for (const { role, text } of messages) {
    if (role !== 'user') {
      const line = text.split('\n', 400).find((one) => ERROR_LINE.test(one.slice(0, 1_000)))
      if (line !== undefined) errors.push(line.trim().slice(0, MAX_LINE_CHARS).toWellFormed())
    }
    for (const name of identifiersIn(text))
      if (name.includes('/') && FILE.test(name) && !name.includes('://')) files.set(name, (files.get(name) ?? 0) + 1)
    for (const [image] of text.matchAll(/\[image https?:\/\/[^\]\s]{1,300}\]/g)) images.push(image)
  }
  const newest = (old: readonly string[] = [], found: readonly string[] = []) =>
    [...new Set([...old, ...found])].slice(-MAX_LISTED)
  const mostNamed = [...files].sort(([, a], [, b]) => b - a).map(([name]) => name)
  return {
    goal: previous?.goal ?? '',
    instructions: findInstructions(messages, previous?.instructions),
    decisions: [],
    facts: newest(previous?.facts, images),
    files: [...new Set([...(previous?.files ?? []), ...mostNamed])].slice(0, MAX_LISTED),
    openTasks: [],
    errors: newest(previous?.errors, errors),
    lookups: [],
    keep: rankQuotes(messages, quoteTokens).map(({ message }) => message),
  }
}
