import { sql } from 'kysely'
import { LRUCache } from 'lru-cache'
import type { Database } from '../database.ts'
import { onePlan, plannedOnce } from '../planned-once.ts'
import { codeOf } from './vector-codes.ts'
import { formatModelName, isOfSpace, type VectorSpace } from './vector-space.ts'

/**
 * Owns the codes of vectors that a process holds to search them: 128 bytes an item, compared in well under a microsecond.
 * Guarantees: a search sees every code that was committed before it began; memory is bounded, beyond it codes are read again for each search.
 */

export type HeldCodes = {
  /** The items with the nearest codes, in no order; at least `limit` where there are as many. */
  nearest(database: Database, space: VectorSpace, query: Float32Array, limit: number): Promise<number[]>
  /** Lets go of all codes. */
  clear(): void
}

/** The codes of one audience, of which `last` is the newest. There may be room behind them, which is filled in the same way by whoever is first. */
type Held = SpaceVersion & {
  readonly last: number
  readonly count: number
  readonly items: Float64Array
  /** In pieces of 16 bits, for which the number of bits that are set is a table. */
  readonly pieces: Uint16Array
}

/** After this time erased codes are gone from memory. */
const MAX_AGE_MS = 3_600_000
/** Codes that one statement reads. */
const PAGE_CODES = 20_000
const ITEM_BYTES = 8
/** PostgreSQL says before a string of bits how many they are. */
const LENGTH_BYTES = 4
const PIECE_BYTES = 2

/** Makes an empty holder, for any number of databases. */
export function createHeldCodes(memoryBytes: number): HeldCodes {
  const held = new LRUCache<string, Held>({
    ttl: MAX_AGE_MS,
    ttlAutopurge: true,
    maxSize: memoryBytes,
    sizeCalculation: ({ items, pieces }) => items.byteLength + pieces.byteLength + 1,
  })

  const read = async (database: Database, space: VectorSpace): Promise<Held[]> => {
    const version = await readVersion(database, space)
    if (version === undefined) return []
    const keys = space.audiences.map((audience) => keyOf(space, audience))
    const known = keys.map((key) => held.get(key) ?? NONE_HELD)
    const isCurrent = known.every((one) => one.revision === version.revision && one.additions >= version.additions)
    for (let isWhole = isCurrent; !isWhole; ) {
      const pages = await readAdded(database, space, known)
      // The space has been erased meanwhile.
      if (pages.length === 0) return []
      pages.forEach((page, at) => {
        const one = known[at] as Held
        known[at] = append(page.revision === one.revision ? one : NONE_HELD, page)
        held.set(keys[at] as string, known[at])
      })
      isWhole = pages.every(({ count }) => count < PAGE_CODES)
    }
    return known
  }

  return {
    async nearest(database, space, query, limit) {
      return nearestOf(await read(database, space), piecesOf(codeOf(query)), limit)
    },
    clear: () => held.clear(),
  }
}

function keyOf({ orgId, kind, model }: VectorSpace, audience: string): string {
  return JSON.stringify([orgId, kind, formatModelName(model), model.dims, audience])
}

/** The state of a space's codes: a revision names a set that only grows, and `additions` rises with it. */
type SpaceVersion = { readonly revision: string; readonly additions: number }

async function readVersion(database: Database, space: VectorSpace): Promise<SpaceVersion | undefined> {
  const { rows } =
    await sql<SpaceVersion>`${onePlan} select revision::text, additions from vector_spaces where ${isOfSpace(space)}`.execute(
      database,
    )
  return rows[0]
}

type Added = SpaceVersion & { readonly codes: Buffer; readonly last: number; readonly count: number }

/** The next codes of each audience, those that are held left out; nothing where the space is empty. */
async function readAdded(database: Database, space: VectorSpace, known: readonly Held[]): Promise<Added[]> {
  const { rows } = await sql<Added>`
    with space as materialized (
      select id, revision::text, additions from vector_spaces where ${isOfSpace(space)})
    select space.revision, space.additions, coalesce(added.codes, '') as codes, coalesce(added.last, 0) as last, added.count
    from space cross join unnest(${plannedOnce.text(space.audiences)}, ${plannedOnce.text(known.map(({ revision }) => revision))}, ${plannedOnce.bigint(known.map(({ last }) => last))})
      with ordinality as held (audience, revision, last, place)
    cross join lateral (
      select string_agg(int8send(item) || varbit_send(code), ''::bytea order by nth) as codes, max(nth) as last, count(*) as count
      from (
        select nth, item, code from vector_codes
        where space = space.id and audience = held.audience and nth > case when held.revision = space.revision then held.last else 0 end
        order by nth limit ${PAGE_CODES}) page) added
    order by held.place`.execute(database)
  return rows
}

const NONE_HELD: Held = {
  revision: '',
  additions: 0,
  last: 0,
  count: 0,
  items: new Float64Array(0),
  pieces: new Uint16Array(0),
}

function append(held: Held, { codes, count, last, ...version }: Added): Held {
  // There may be more behind a full page.
  if (count === PAGE_CODES) version = { ...version, additions: 0 }
  if (count === 0) return { ...held, ...version }
  const stride = codes.length / count
  const codeBytes = stride - ITEM_BYTES - LENGTH_BYTES
  const { items, pieces } = withRoom(held, held.count + count, codeBytes / PIECE_BYTES)
  const bytes = new Uint8Array(pieces.buffer)
  for (let nth = 0; nth < count; nth++) {
    const from = nth * stride
    items[held.count + nth] = codes.readUInt32BE(from) * 2 ** 32 + codes.readUInt32BE(from + 4)
    codes.copy(bytes, (held.count + nth) * codeBytes, from + ITEM_BYTES + LENGTH_BYTES, from + stride)
  }
  return { ...version, last, count: held.count + count, items, pieces }
}

function withRoom(held: Held, count: number, width: number): Pick<Held, 'items' | 'pieces'> {
  if (count <= held.items.length) return held
  const room = Math.max(count, Math.ceil(held.items.length * GROWTH))
  const items = new Float64Array(room)
  const pieces = new Uint16Array(room * width)
  items.set(held.items)
  pieces.set(held.pieces)
  return { items, pieces }
}

const GROWTH = 1.25

function piecesOf(code: Buffer): Uint16Array {
  const pieces = new Uint16Array(code.length / PIECE_BYTES)
  code.copy(new Uint8Array(pieces.buffer))
  return pieces
}

const BITS_SET = Uint8Array.from({ length: 2 ** 16 })
for (let piece = 1; piece < BITS_SET.length; piece++) BITS_SET[piece] = (BITS_SET[piece >> 1] ?? 0) + (piece & 1)

/** By counting how many codes have each distance: distances are few, and sorting would take longer than comparing. */
function nearestOf(all: readonly Held[], query: Uint16Array, limit: number): number[] {
  const counts = new Uint32Array(query.length * 16 + 1)
  const distances = all.map((held) => distancesTo(held, query, counts))
  let farthest = 0
  for (let seen = counts[0] ?? 0; seen < limit && farthest < counts.length - 1; seen += counts[farthest] ?? 0)
    farthest++
  return all.flatMap(({ items, count }, at) => {
    const of = distances[at] as Uint16Array
    const near: number[] = []
    for (let nth = 0; nth < count; nth++) if ((of[nth] as number) <= farthest) near.push(items[nth] as number)
    return near
  })
}

function distancesTo({ pieces, count }: Held, query: Uint16Array, counts: Uint32Array): Uint16Array {
  const distances = new Uint16Array(count)
  const width = query.length
  for (let nth = 0, at = 0; nth < count; nth++) {
    let distance = 0
    for (let piece = 0; piece < width; piece++, at++)
      distance += BITS_SET[(pieces[at] as number) ^ (query[piece] as number)] as number
    distances[nth] = distance
    counts[distance] = (counts[distance] as number) + 1
  }
  return distances
}
