import { HELD_REASONS } from '../../shared/fact-verdicts.ts'
import { maskSecrets } from '../mask-secrets.ts'

/** Owns how texts and figures are shown: masked, cut, counted. */

/** Longer ids and reasons are cut where they are one of many. */
const MAX_SHOWN_LENGTH = 200
const COUNT = new Intl.NumberFormat('en-US')

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** Cuts a long text. */
export function shortened(text: string): string {
  return text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH).toWellFormed()}…` : text
}

/** Masks secrets in a reason and cuts it, so that a page can show it. */
export function masked(reason: string): string {
  return shortened(String(maskSecrets(reason)))
}

/** A number with separators. */
export function counted(value: number): string {
  return COUNT.format(value)
}

/** An amount of US dollars; small ones with four decimals. */
export function usdText(usd: number): string {
  return usd.toFixed(usd < 1 ? 4 : 2)
}

/** `1 turn`, `2 turns`. */
export function several(count: number, one: string, many = `${one}s`): string {
  return `${counted(count)} ${count === 1 ? one : many}`
}

/** The state of a memory as every page names it. */
export function memoryState(status: string, validTo: Date | null, now: Date): string {
  if (status === 'quarantined') return 'held for review'
  if (status !== 'active') return status
  return validTo !== null && validTo <= now ? 'ended' : 'holds'
}

/** Why a memory is held, in words; a reason of another version as it is. */
export function heldBecause(reason: string): string {
  return (HELD_REASONS as Readonly<Record<string, string>>)[reason] ?? reason
}

/** Capitalises the first letter. */
export function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** Formats a duration in its two largest units, with no-break spaces: `2 h 5 min`; a dash if null. */
export function formatAge(ageMs: number | null): string {
  if (ageMs === null) return '–'
  if (ageMs < MINUTE_MS) return `${Math.max(0, Math.round(ageMs / SECOND_MS))}\u00a0s`
  if (ageMs < HOUR_MS) return twoUnits(ageMs, MINUTE_MS, 'min', SECOND_MS, 's')
  if (ageMs < DAY_MS) return twoUnits(ageMs, HOUR_MS, 'h', MINUTE_MS, 'min')
  return twoUnits(ageMs, DAY_MS, 'd', HOUR_MS, 'h')
}

function twoUnits(ageMs: number, unitMs: number, unit: string, smallMs: number, small: string): string {
  const rest = Math.floor((ageMs % unitMs) / smallMs)
  return `${Math.floor(ageMs / unitMs)}\u00a0${unit}${rest > 0 ? ` ${rest}\u00a0${small}` : ''}`
}

/** Formats bytes in the largest unit that leaves at least 1. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  return `${(bytes / 1_000 ** power).toFixed(power === 0 ? 0 : 1)}\u00a0${units[power]}`
}
