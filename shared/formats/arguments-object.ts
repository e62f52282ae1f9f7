/** Owns the arguments of calls as APIs take them: a JSON object, whatever the model wrote. */

/** What could not be read as an object, a call that was cut off for one, stands whole under this key. */
const UNREADABLE = 'unreadable_arguments'

/** The arguments as the model wrote them where they are a JSON object, else an object that holds them. */
export function argumentsObject(given: string): string {
  if (isObject(parsed(given))) return given
  if (given.trim() === '') return '{}'
  const value = parsed(given)
  if (value === null) return '{}'
  // Some servers encode twice.
  if (typeof value === 'string' && isObject(parsed(value))) return value
  return JSON.stringify({ [UNREADABLE]: given })
}

/** The arguments as the AI SDK has them: any JSON that they are, else an object that holds them. */
export function argumentsValue(given: string): unknown {
  const value = parsed(given)
  return value === undefined ? parsed(argumentsObject(given)) : value
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
