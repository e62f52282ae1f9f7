import { AfterturnError } from './errors.ts'

/**
 * Writes an id as a segment of a URL's path.
 * @throws INPUT_INVALID for what no path can carry: nothing, a lone surrogate, and the dots that a URL resolves
 */
export function pathSegment(name: string, value: unknown): string {
  const text = typeof value === 'object' ? '' : String(value ?? '')
  if (text !== '' && text !== '.' && text !== '..' && text.isWellFormed()) return encodeURIComponent(text)
  const expected = 'expected an id that a path can carry, got none, dots alone, or a lone surrogate'
  throw new AfterturnError('INPUT_INVALID', `The request is not valid: ${name}: ${expected}.`, {
    recorded: 'no',
    faults: [{ path: name, expected }],
  })
}
