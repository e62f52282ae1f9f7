import { findSecrets } from './find-secrets.ts'

/** A text without its secrets, and how many there were of each kind. */
export type Redacted = { readonly text: string; readonly found: Record<string, number> }

const MARK = /\[redacted [a-z-]{1,30}\]/

/** Whether a secret was taken out of a text: what is left does not say what it seems to say. */
export function isRedacted(text: string): boolean {
  return MARK.test(text)
}

/** A copy of a JSON value in which each text is redacted. */
export function withoutSecrets<Value>(value: Value): Value {
  if (typeof value === 'string') return redactSecrets(value).text as Value
  if (Array.isArray(value)) return value.map(withoutSecrets) as Value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, withoutSecrets(held)])) as Value
}

/** Writes `[redacted KIND]` over each secret. Line breaks inside one stay, so that line numbers keep their meaning. */
export function redactSecrets(text: string): Redacted {
  const found: Record<string, number> = {}
  let redacted = ''
  let from = 0
  for (const { kind, start, end } of findSecrets(text)) {
    found[kind] = (found[kind] ?? 0) + 1
    const breaks = text.slice(start, end).match(/\r?\n/g)?.join('') ?? ''
    redacted += `${text.slice(from, start)}[redacted ${kind}]${breaks}`
    from = end
  }
  return { text: redacted + text.slice(from), found }
}
