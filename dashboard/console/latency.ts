import { START_BOUNDS_MS } from '../../shared/store/console/fleet-rows.ts'

/** Returns the bound below which this share of the starts lies; undefined without starts. Starts beyond the last bound count as that bound. */
export function latencyAt(counts: readonly number[], share: number): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return undefined
  let seen = 0
  for (const [at, count] of counts.entries()) {
    seen += count
    if (seen >= share * total) return START_BOUNDS_MS[at] ?? START_BOUNDS_MS.at(-1)
  }
  return START_BOUNDS_MS.at(-1)
}

/** `≤ 2.5 s`; a dash without starts. */
export function latencyText(counts: readonly number[], share: number): string {
  const ms = latencyAt(counts, share)
  if (ms === undefined) return '–'
  return ms < 1_000 ? `≤ ${ms}\u00a0ms` : `≤ ${ms / 1_000}\u00a0s`
}
