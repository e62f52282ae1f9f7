/** Owns the form of `SECRET_KEYS`: keys separated by commas, newest first. Must not show a key in what it returns about them. */

export const MAX_SECRET_KEYS = 8
export const MIN_SECRET_KEY_CHARS = 32

/** The keys of a ring, newest first. */
export function splitSecretKeys(secretKeys: string): string[] {
  return secretKeys.split(',').map((key) => key.trim())
}

/** How a list of keys is wrong, without a character of them; undefined if it is right. */
export function secretKeyFault(secretKeys: string): string | undefined {
  const keys = splitSecretKeys(secretKeys)
  if (keys.length > MAX_SECRET_KEYS) return `${keys.length} keys`
  const short = keys.find((key) => key.length < MIN_SECRET_KEY_CHARS)
  if (short !== undefined) return `a key of ${short.length} characters`
  return new Set(keys).size < keys.length ? 'the same key twice' : undefined
}
