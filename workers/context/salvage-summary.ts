import { findJson } from '../../shared/ai/answers/json-in-text.ts'
import { MAX_GOAL_CHARS, MAX_ITEM_CHARS, MAX_ITEMS, SECTION_NAMES, type SummaryOutput } from './summary-input.ts'

/** Owns what is right in a summary that has a flaw of form: one item too long or empty must not cost the others. Guarantees: no word is cut. */

const MAX_KEPT = 10_000

/** The summary, section by section; undefined when the answer was cut off or holds none, so that it is asked for again. */
export function salvageSummary({ text, isCutOff }: { text: string; isCutOff: boolean }): SummaryOutput | undefined {
  const { values, isBroken } = findJson(text)
  const last = isCutOff || isBroken ? undefined : values.findLast(isSummary)
  if (!last) return undefined
  const sections = SECTION_NAMES.map((name) => [name, itemsOf(last[name])] as const)
  const keep = listOf(last.keep).map(Number)
  return {
    ...(Object.fromEntries(sections) as Pick<SummaryOutput, (typeof SECTION_NAMES)[number]>),
    goal: typeof last.goal === 'string' ? clipped(last.goal, MAX_GOAL_CHARS) : '',
    keep: keep.filter((number) => Number.isSafeInteger(number) && number >= 0).slice(0, MAX_KEPT),
  }
}

function isSummary(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && SECTION_NAMES.some((name) => Object.hasOwn(value, name))
}

/** Models write one item as a text of its own, and give items fields. */
function itemsOf(given: unknown): string[] {
  const items = typeof given === 'string' ? [given] : listOf(given)
  return items
    .map((item) => (typeof item === 'object' && item !== null ? Object.values(item).join(': ') : String(item ?? '')))
    .map((item) => clipped(item.trim(), MAX_ITEM_CHARS))
    .filter((item) => item !== '')
    .slice(0, MAX_ITEMS)
}

function listOf(given: unknown): readonly unknown[] {
  return Array.isArray(given) ? given : []
}

/** At the last space that fits; what has none is left out whole. */
function clipped(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text
  const end = text.lastIndexOf(' ', maxChars - 2)
  return end > 0 ? `${text.slice(0, end)} …` : ''
}
