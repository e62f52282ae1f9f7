import { redactSecrets } from '../shared/redact/redact-secrets.ts'

/**
 * Owns what must not be seen of a job on the board. Jobs hold ids only; this is for the day one holds more, and for error texts.
 * Guarantees: the shape stays, only values change.
 */

const MASK = '•••'
const SECRET_KEY =
  /(password|passwd|passphrase|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|authorization|cookie|credentials?)$/i
// Here a false alarm costs nothing, so these are wider than what is redacted before it is stored.
// The scheme's length is bounded so that a long text of dots and letters cannot cost quadratic time.
const URL_LOGIN = /\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@]{1,500}@/gi
const BEARER = /\b(bearer|basic)\s+[\w.~+/=-]{20,}/gi
const PROVIDER_KEY = /\bsk-[\w-]{8,}/g

/** Copies a JSON value with passwords, tokens and keys masked: by the name of their field, and inside texts by their form. */
export function maskSecrets(value: unknown): unknown {
  if (typeof value === 'string') return maskText(value)
  if (Array.isArray(value)) return value.map(maskSecrets)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, held]) => [key, isSecretField(key, held) ? MASK : maskSecrets(held)]),
  )
}

function isSecretField(key: string, held: unknown): boolean {
  return held !== undefined && held !== null && held !== '' && SECRET_KEY.test(key)
}

function maskText(text: string): string {
  const masked = text.replace(URL_LOGIN, `$1${MASK}@`).replace(BEARER, `$1 ${MASK}`).replace(PROVIDER_KEY, `sk-${MASK}`)
  return redactSecrets(masked).text
}
