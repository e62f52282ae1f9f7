import { z } from 'zod'
import { AfterturnError } from './errors.ts'
import { cleanText } from './text/clean-text.ts'

/** Owns what every input is checked with: ids, texts that the store can hold, and how faults are told. */

/** In UTF-8: three ids are one row of an index, and PostgreSQL takes 2,704 bytes there. */
export const MAX_ID_BYTES = 512

/** What `isStorable` wants, in words. */
export const STORABLE = 'expected well-formed text without NUL, got a lone surrogate or NUL'

/** An id as apps make them: any well-formed text, colons, spaces and emoji included. */
export const idSchema = z
  .string()
  .min(1)
  .refine((id) => Buffer.byteLength(id) <= MAX_ID_BYTES, {
    error: (issue) => `expected at most ${MAX_ID_BYTES} bytes of UTF-8, got ${Buffer.byteLength(String(issue.input))}`,
  })
  .refine(isStorable, STORABLE)

const MAX_NAME_LENGTH = 100

/** Who acts, as the host names people, for the audit. Control characters are dropped; it is cut at 100 characters. @default 'app' */
export const bySchema = z
  .string()
  .transform((name) => cleanText(name, MAX_NAME_LENGTH))
  .refine((name) => name !== '', 'expected a name, got nothing')
  .default('app')

/** PostgreSQL's text holds neither NUL nor half a surrogate pair. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

/** The message of a fault in the words of every other: `expected X, got Y`. What was given is told where the issue reports it. */
export function tellFault(issue: Pick<z.core.$ZodIssue, 'message' | 'input'>): string {
  const { message } = issue
  if (/^Too (?:small|big): /.test(message)) return tellLimit(message) + tellSize(issue.input)
  return message
    .replace('Invalid input: ', '')
    .replace('Invalid option: ', '')
    .replace(', received undefined', ', got nothing')
    .replace(', received ', ', got ')
}

function tellLimit(message: string): string {
  return message
    .replace(/^Too (?:small|big): /, '')
    .replace('>=', 'at least ')
    .replace('<=', 'at most ')
    .replace(' >', ' more than ')
    .replace(' <', ' less than ')
    .replace(/ 1 (character|item)s$/, ' 1 $1')
}

/** A number, or how long a text or list is: what it says is nobody else's. */
function tellSize(input: unknown): string {
  if (typeof input === 'number') return `, got ${input}`
  return typeof input === 'string' || Array.isArray(input) ? `, got ${input.length}` : ''
}

/**
 * Checks any input at the border.
 * @throws INPUT_INVALID with every fault, each with its path.
 */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown, what: string): T {
  const result = schema.safeParse(input, { reportInput: true })
  if (result.success) return result.data
  const faults = result.error.issues.map((issue) => ({
    path: issue.path.join('.') || what,
    expected: tellFault(issue),
  }))
  const told = faults.map(({ path, expected }) => `${path}: ${expected}`).join('; ')
  throw new AfterturnError('INPUT_INVALID', `The ${what} is not valid: ${told}.`, { recorded: 'no', faults })
}
