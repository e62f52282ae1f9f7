import { setTimeout as sleep } from 'node:timers/promises'
import { isAfterturnError } from '../errors.ts'
import { readState, readStateFrames, type StateKey, type StateRow } from '../store/states/state-rows.ts'
import { type NewVersion, writeVersion } from '../store/states/write-state.ts'
import { type ChainEnd, digestOf, nextFrame, readChain } from './chain.ts'
import { conflict, hashOfKey, type StateServices, textOfKey, unknownState } from './state-services.ts'
import type { SavedState, StateOptions } from './states.ts'

/**
 * Owns writing versions: the frame is made outside of any transaction, against the newest state that this process knows, and is written only if that is
 * still the newest. Whoever comes second reads and tries again.
 */

/** How long a save that expects no version tries to be the next. */
const MAX_TRIES_MS = 5_000
const MAX_PAUSE_MS = 20

type SaveOptions = StateOptions & {
  readonly expectedVersion?: number | undefined
  readonly saveId?: string | undefined
}
type Known = { readonly seen: StateRow | undefined; readonly end: ChainEnd | undefined }

/** Saves the bytes of a state. @throws STATE_CONFLICT; the codes of the store */
export async function saveRaw(
  services: StateServices,
  key: StateKey,
  raw: Buffer,
  options: SaveOptions,
): Promise<SavedState> {
  const { database, config, clock, kept, log } = services
  const keyText = textOfKey(key)
  const digest = digestOf(raw)
  const { expectedVersion, saveId } = options
  const until = clock.monotonicMs() + MAX_TRIES_MS
  let known: Known | undefined = kept.get(keyText)
  // Another process may have moved the expiry since.
  if (known && headOf(known.seen, clock.now()) === 0) known = undefined
  for (;;) {
    const isFresh = known === undefined
    known ??= await readNewest(services, key)
    const savedAt = clock.now()
    const head = headOf(known.seen, savedAt)
    if (expectedVersion === undefined || expectedVersion === head) {
      const next = nextFrame(head === 0 ? undefined : known.end, raw, config.stateCodec, digest)
      const place = { ...next, chain: next.isContinued ? known.end?.chain : undefined }
      const seen = known.seen && { ...known.seen, head }
      const written = await writeVersion(database, key, seen, {
        ...versionOptions(services, seen, options),
        place,
        rawBytes: raw.length,
        savedAt,
        saveId,
      })
      if (written) {
        const { version } = written
        const rest = versionOptions(services, seen, options)
        kept.set(keyText, {
          end: { ...next, chain: place.chain ?? version },
          seen: { ...rest, ...written, counter: version, head: version, expiresAt: expiryOf(savedAt, rest.ttlSeconds) },
        })
        const sizes = { rawBytes: raw.length, storedBytes: next.frame.length, depth: next.position }
        log.debug({ state: hashOfKey(key), version, ...sizes }, 'a state was saved')
        return { version, savedAt }
      }
    }
    kept.delete(keyText)
    known = undefined
    if (!isFresh && expectedVersion !== undefined && expectedVersion !== head) continue
    const first = saveId === undefined ? undefined : (await readState(database, key, { saveId }, savedAt))?.chosen
    if (first && !first.digest.equals(digest))
      throw conflict(key, `expected the same content under the save id ${JSON.stringify(saveId)}, got other`)
    if (first) return { version: first.version, savedAt: first.savedAt }
    if (expectedVersion !== undefined && expectedVersion !== head)
      throw conflict(key, `expected version ${expectedVersion}, got ${head === 0 ? 'none' : head}`)
    if (clock.monotonicMs() > until)
      throw conflict(key, `expected to be the only writer for a moment, got others for ${MAX_TRIES_MS} ms`)
    await pause()
  }
}

/** Saves an older version once more. @throws STATE_UNKNOWN, STATE_CONFLICT; the codes of the store */
export async function saveAgain(services: StateServices, key: StateKey, toVersion: number): Promise<SavedState> {
  const { database, clock, kept } = services
  const until = clock.monotonicMs() + MAX_TRIES_MS
  for (;;) {
    const savedAt = clock.now()
    const found = await readState(database, key, { version: toVersion }, savedAt)
    if (!found?.chosen) throw unknownState(key, `version ${toVersion}`)
    const { chain, position, rawBytes, tags, metadata } = found.chosen
    const written = await writeVersion(database, key, found, {
      ...versionOptions(services, found, {}),
      place: { chain, position },
      rawBytes,
      savedAt,
      restoredFrom: toVersion,
      tags,
      metadata,
    })
    kept.delete(textOfKey(key))
    if (written) return { version: written.version, savedAt }
    if (clock.monotonicMs() > until)
      throw conflict(key, `expected to be the only writer for a moment, got others for ${MAX_TRIES_MS} ms`)
    await pause()
  }
}

/** A moment, of random length, so that writers who met do not meet again. */
export function pause(): Promise<void> {
  return sleep(Math.random() * MAX_PAUSE_MS)
}

/** The end of the chain that the newest version is in. */
async function readNewest({ database, clock, config, log }: StateServices, key: StateKey): Promise<Known> {
  const read = await readStateFrames(database, key, {}, { now: clock.now(), isWholeChain: true })
  const chain = read?.chosen?.chain
  if (!read || chain === undefined) return { seen: read, end: undefined }
  try {
    return { seen: read, end: readChain(chain, read.frames, config.stateMaxBytes) }
  } catch (error) {
    if (!isAfterturnError(error, 'STATE_CORRUPT')) throw error
    // A new chain begins: what was damaged before must not keep anybody from saving.
    log.warn({ state: hashOfKey(key), version: read.head, error: error.message }, 'the newest version is damaged')
    return { seen: read, end: undefined }
  }
}

function versionOptions({ config }: StateServices, seen: StateRow | undefined, given: StateOptions) {
  const before = seen && seen.head > 0 ? seen : undefined
  const keepVersions = given.keepVersions ?? before?.keepVersions ?? null
  return {
    keepVersions,
    keptVersions: keepVersions ?? config.stateKeepVersions,
    ttlSeconds:
      given.ttlSeconds === undefined
        ? before
          ? before.ttlSeconds
          : (config.stateTtlSeconds ?? null)
        : given.ttlSeconds,
    isSliding: given.isTtlSliding ?? before?.isSliding ?? false,
    label: given.label,
    tags: given.tags,
    metadata: given.metadata,
  } satisfies Partial<NewVersion>
}

function expiryOf(savedAt: Date, ttlSeconds: number | null): Date | null {
  return ttlSeconds === null ? null : new Date(savedAt.getTime() + ttlSeconds * 1_000)
}

function headOf(seen: StateRow | undefined, now: Date): number {
  if (!seen || (seen.expiresAt !== null && seen.expiresAt <= now)) return 0
  return seen.head
}
