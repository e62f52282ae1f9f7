import { redactSecrets } from '../shared/redact/redact-secrets.ts'

/**
 * Masks secrets in jobs shown on the board. Jobs contain only ids; this covers error texts, and any job that may contain more one day.
 * Guarantees: the shape is unchanged, only values are replaced.
 */

const MASK = '•••'
const SECRET_KEY =
  /(password|passwd|passphrase|pwd|secret(?:[-_]?keys?)?|token|api[-_]?key|access[-_]?key|private[-_]?key|authorization|cookie|credentials?)$/i
// A false positive costs nothing here, so these patterns are wider than those that redact before storing.
// The scheme's length is bounded so that a long text of dots and letters cannot cost quadratic time.
const URL_LOGIN = /\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@]{1,500}@/gi
const BEARER = /\b(bearer|basic)\s+[\w.~+/=-]{20,}/gi
const PROVIDER_KEY = /\bsk-[\w-]{8,}/g

/** Copies a JSON value with passwords, tokens and keys masked: recognised by field name, and by form inside texts. */
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
