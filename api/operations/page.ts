import { AfterturnError } from '../../shared/errors.ts'

/** Owns the cursors of lists. A cursor is opaque: what it holds may change at any time. */

const DEFAULT_PAGE = 100

type Page = { readonly limit?: number | undefined; readonly cursor?: string | undefined }

/**
 * Reads a page of a list, and one item more to know whether there is another.
 * @throws INPUT_INVALID for a cursor that no page returned
 */
export async function readPage<Item>(
  { limit = DEFAULT_PAGE, cursor }: Page,
  read: (part: { limit: number; offset: number }) => Promise<readonly Item[]>,
): Promise<{ readonly items: readonly Item[]; readonly next: string | null }> {
  const offset = cursor === undefined ? 0 : offsetOf(cursor)
  const items = await read({ limit: limit + 1, offset })
  return { items: items.slice(0, limit), next: items.length > limit ? cursorOf(offset + limit) : null }
}

function cursorOf(offset: number): string {
  return Buffer.from(`from:${offset}`).toString('base64url')
}

function offsetOf(cursor: string): number {
  const [, digits] = /^from:(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (digits !== undefined) return Number(digits)
  const fault = { path: 'cursor', expected: 'expected the `next` of a page, got another text' }
  throw new AfterturnError('INPUT_INVALID', `The page is not valid: cursor: ${fault.expected}.`, {
    recorded: 'no',
    faults: [fault],
  })
}
