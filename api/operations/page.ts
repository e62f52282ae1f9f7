import { AfterturnError } from '../../shared/errors.ts'
import type { MemoryPlace } from '../../shared/store/memories/memories.ts'

/** Owns the cursors of lists. A cursor is opaque: what it holds may change at any time. */

const DEFAULT_PAGE = 100

/** Where an item stands among others by time. */
type TimedPlace = { readonly at: Date; readonly id: string }

type Page = { readonly limit?: number | undefined; readonly cursor?: string | undefined }

/**
 * Reads a page of a list in the order of a time and an id that each item has, and one item more to know whether there is another. Whatever is written or
 * deleted between two pages, none comes twice and none is left out whose time stays.
 * @throws INPUT_INVALID for a cursor that no page returned
 */
export async function readPageByTime<Item>(
  { limit = DEFAULT_PAGE, cursor }: Page,
  read: (limit: number, after: TimedPlace | undefined) => Promise<readonly Item[]>,
  placeOf: (item: Item) => TimedPlace,
): Promise<{ readonly items: readonly Item[]; readonly next: string | null }> {
  const found = await read(limit + 1, cursor === undefined ? undefined : timedPlaceOf(cursor))
  const items = found.slice(0, limit)
  const last = items.at(-1)
  if (found.length <= limit || last === undefined) return { items, next: null }
  const { at, id } = placeOf(last)
  return { items, next: cursorOf('at', `${at.toISOString()} ${id}`) }
}

/** Reads a page of memories, newest observation first. */
export function readMemoryPage<Item extends MemoryPlace>(
  page: Page,
  read: (part: { readonly limit: number; readonly after?: MemoryPlace }) => Promise<readonly Item[]>,
): ReturnType<typeof readPageByTime<Item>> {
  return readPageByTime(
    page,
    (limit, after) => read({ limit, ...(after && { after: { id: Number(after.id), observedAt: after.at } }) }),
    ({ id, observedAt }) => ({ id: String(id), at: observedAt }),
  )
}

/**
 * Reads a page of a list in the order of a key that each item has. Whatever is written or deleted between two pages, none comes twice and none is left out.
 * @throws INPUT_INVALID for a cursor that no page returned
 */
export async function readPageAfter<Item>(
  { limit = DEFAULT_PAGE, cursor }: Page,
  read: (after: string | undefined) => AsyncIterable<Item>,
  keyOf: (item: Item) => string,
): Promise<{ readonly items: readonly Item[]; readonly next: string | null }> {
  const items: Item[] = []
  for await (const item of read(cursor === undefined ? undefined : partOf(cursor, 'after'))) {
    const last = items.at(-1)
    if (items.length === limit && last !== undefined) return { items, next: cursorOf('after', keyOf(last)) }
    items.push(item)
  }
  return { items, next: null }
}

function cursorOf(kind: 'at' | 'after', part: string): string {
  return Buffer.from(`${kind}:${part}`).toString('base64url')
}

function timedPlaceOf(cursor: string): TimedPlace {
  const [time = '', id = ''] = partOf(cursor, 'at').split(' ')
  const at = new Date(time)
  return Number.isNaN(at.getTime()) || id === '' ? refuse() : { at, id }
}

function partOf(cursor: string, kind: 'at' | 'after'): string {
  const text = Buffer.from(cursor, 'base64url').toString()
  return text.startsWith(`${kind}:`) ? text.slice(kind.length + 1) : refuse()
}

function refuse(): never {
  const fault = { path: 'cursor', expected: 'expected the `next` of a page, got another text' }
  throw new AfterturnError('INPUT_INVALID', `The page is not valid: cursor: ${fault.expected}.`, {
    recorded: 'no',
    faults: [fault],
  })
}
