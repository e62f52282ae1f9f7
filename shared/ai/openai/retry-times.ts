/** Owns how servers write the time to wait: in headers, in seconds or milliseconds, as a date, or as "1m4.77s". */

const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  sec: 1_000,
  second: 1_000,
  seconds: 1_000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
}

/** The ms of "34s", "1m4.77s", "120ms" or "6 seconds"; undefined for anything else. */
export function parseDurationMs(text: string): number | undefined {
  const parts = [...text.trim().matchAll(/(\d{1,9}(?:\.\d{1,9})?) ?([a-z]{1,8})/gi)]
  if (parts.length === 0) return undefined
  const ms = parts.map(([, number, unit]) => Number(number) * (UNITS_MS[(unit as string).toLowerCase()] ?? Number.NaN))
  const sum = ms.reduce((total, part) => total + part, 0)
  return Number.isNaN(sum) ? undefined : Math.ceil(sum)
}

/** The ms that a response's headers ask to wait: `retry-after-ms`, or `Retry-After` in seconds or as a date. Undefined if they ask for nothing. */
export function retryAfterIn(headers: Headers | undefined, now: Date): number | undefined {
  const ms = readNumber(headers?.get('retry-after-ms'))
  if (ms !== undefined) return Math.ceil(ms)
  const header = headers?.get('retry-after')
  const seconds = readNumber(header)
  if (seconds !== undefined) return Math.ceil(seconds * 1_000)
  const until = Date.parse(header ?? '')
  return Number.isNaN(until) ? parseDurationMs(header ?? '') : Math.max(0, until - now.getTime())
}

function readNumber(header: string | null | undefined): number | undefined {
  const number = header ? Number(header) : Number.NaN
  return Number.isFinite(number) && number >= 0 ? number : undefined
}
