import { touchState } from '../store/states/change-state.ts'
import {
  readState,
  readStateFrames,
  type StateKey,
  type VersionChoice,
  type VersionRow,
} from '../store/states/state-rows.ts'
import { readChain } from './chain.ts'
import { hashOfKey, namingVersion, type StateServices, textOfKey } from './state-services.ts'

/** Owns reading a version. Guarantees: the store says which version it is; bytes come from this process only if their digest is the stored one. */

type ReadVersion = { readonly row: VersionRow; readonly raw: Buffer; readonly expiresAt: Date | null }

/** The bytes of a version; undefined when there is none. @throws STATE_CORRUPT; the codes of the store */
export async function readVersion(
  services: StateServices,
  key: StateKey,
  choice: VersionChoice,
): Promise<ReadVersion | undefined> {
  const { database, clock, config, kept, counts, log } = services
  const now = clock.now()
  const isNewest = choice.version === undefined && choice.label === undefined
  const keyText = textOfKey(key)
  const known = isNewest ? kept.get(keyText) : undefined
  const found = known && (await readState(database, key, choice, now))
  const isKept = found?.chosen?.digest.equals(known?.end.digest as Buffer) ?? false
  if (isKept && known && found?.chosen) {
    counts.hits += 1
    // A deletion moves frames, and a rollback goes back to some: what follows this end must follow it where it is.
    const isInPlace = found.chosen.chain === known.end.chain && found.chosen.position === known.end.position
    if (isInPlace) kept.set(keyText, { end: known.end, seen: found })
    else kept.delete(keyText)
    await slide(services, found, now)
    log.debug({ state: hashOfKey(key), version: found.chosen.version, source: 'memory' }, 'a state was loaded')
    return { row: found.chosen, raw: known.end.raw, expiresAt: found.expiresAt }
  }
  if (known && !found?.chosen) return undefined
  counts.misses += 1
  const read = await readStateFrames(database, key, choice, { now })
  const row = read?.chosen
  if (!read || !row) return undefined
  const end = namingVersion(key, row.version, () => readChain(row.chain, read.frames, config.stateMaxBytes))
  if (isNewest) kept.set(keyText, { end, seen: read })
  await slide(services, read, now)
  log.debug(
    {
      state: hashOfKey(key),
      version: row.version,
      rawBytes: end.raw.length,
      storedBytes: end.fullBytes + end.differenceBytes,
      depth: end.position,
      source: 'store',
    },
    'a state was loaded',
  )
  return { row, raw: end.raw, expiresAt: read.expiresAt }
}

async function slide(
  { database }: StateServices,
  {
    id,
    isSliding,
    ttlSeconds,
  }: { readonly id: number; readonly isSliding: boolean; readonly ttlSeconds: number | null },
  now: Date,
): Promise<void> {
  if (isSliding && ttlSeconds !== null) await touchState(database, id, ttlSeconds, now)
}
