import { findSecrets, type SecretKind } from './find-secrets.ts'

/** A text without its secrets, and how many there were of each kind. */
export type Redacted = { readonly text: string; readonly found: Partial<Record<SecretKind, number>> }

/** Writes `[redacted KIND]` over each secret. Line breaks inside one stay, so that line numbers keep their meaning. */
export function redactSecrets(text: string): Redacted {
  const found: Partial<Record<SecretKind, number>> = {}
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
