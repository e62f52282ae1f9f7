import { isAfterturnError } from '../errors.ts'
import { parseInput } from '../parse-input.ts'
import {
  readStates,
  readVersions,
  type StateFilter,
  type StateKey,
  type VersionRow,
} from '../store/states/state-rows.ts'
import { withStoreErrors } from '../store/with-store-errors.ts'
import { deleteState, deleteVersion, labelVersion } from './change-state.ts'
import { loadLz4 } from './codecs.ts'
import { createKeptEnds } from './kept-ends.ts'
import { readVersion } from './load-state.ts'
import { pause, saveAgain, saveRaw } from './save-state.ts'
import { conflict, type StateServices, textOfKey, unknownState } from './state-services.ts'
import { readStateStats, type StatsSources } from './state-stats.ts'
import { createTurns } from './state-turns.ts'
import type { StateSummary, States, StateVersion } from './states.ts'
import * as schemas from './states-input.ts'
import { decodeState, encodeState } from './strict-json.ts'
import { exportStates, verifyStates } from './verify-states.ts'

const UPDATE_TIMEOUT_MS = 5_000
const LIST_PAGE = 100

/** The state store, and what the export of an org adds to its own lines. */
export type BoundStates = {
  readonly states: States
  exportLines(scope: { readonly orgId: string; readonly userId?: string | undefined }): AsyncIterable<string>
}

/** Binds the state store to a runtime's services. @throws CONFIG_INVALID when the codec's package is not installed */
export function bindStates(
  given: Omit<StateServices, 'kept' | 'counts'> &
    StatsSources & {
      readonly memoryBytes: number
      /** Lets each page of a list through. */
      enter<T>(read: () => Promise<T>): Promise<T>
    },
): BoundStates {
  const services: StateServices = { ...given, kept: createKeptEnds(given.memoryBytes), counts: { hits: 0, misses: 0 } }
  const { config, database, clock } = services
  const turns = createTurns()
  if (config.stateCodec === 'lz4') loadLz4()

  const load = async (key: StateKey, choice: { version?: number | undefined; label?: string | undefined }) => {
    const read = await readVersion(services, key, choice)
    return read && { ...versionOf(read.row), state: decodeState(read.raw), expiresAt: read.expiresAt ?? undefined }
  }

  async function* listed(filter: StateFilter, from = ''): AsyncGenerator<StateSummary> {
    for (let afterId = from; ; ) {
      const page = await given.enter(() =>
        withStoreErrors(readStates(database, filter, { now: clock.now(), afterId, limit: LIST_PAGE })),
      )
      for (const { userId, expiresAt, ...state } of page)
        yield { ...state, userId: userId === '' ? undefined : userId, expiresAt: expiresAt ?? undefined }
      if (page.length < LIST_PAGE) return
      afterId = page.at(-1)?.stateId as string
    }
  }

  const states: States = {
    async save(input) {
      const { state, orgId, userId, stateId, ...options } = parseInput(schemas.saveSchema, input, 'state')
      const raw = encodeState(state, config.stateMaxBytes)
      return withStoreErrors(saveRaw(services, { orgId, userId, stateId }, raw, options))
    },
    async load(input) {
      const { version, label, ...key } = parseInput(schemas.loadSchema, input, 'state')
      const what =
        version === undefined ? (label === undefined ? 'a version' : `the label ${label}`) : `version ${version}`
      const loaded = await withStoreErrors(load(key, { version, label }))
      if (!loaded) throw unknownState(key, what)
      return loaded
    },
    async update(input, change) {
      const {
        orgId,
        userId,
        stateId,
        timeoutMs = UPDATE_TIMEOUT_MS,
        ...options
      } = parseInput(schemas.updateSchema, input, 'state')
      const key = { orgId, userId, stateId }
      const until = clock.monotonicMs() + timeoutMs
      const late = () => conflict(key, `expected its turn within ${timeoutMs} ms, got none`)
      return turns(textOfKey(key), timeoutMs, late, async () => {
        for (;;) {
          const loaded = await withStoreErrors(load(key, {}))
          const raw = encodeState(await change(loaded?.state), config.stateMaxBytes)
          const expectedVersion = loaded?.version ?? 0
          try {
            return await withStoreErrors(saveRaw(services, key, raw, { ...options, expectedVersion }))
          } catch (error) {
            if (!isAfterturnError(error, 'STATE_CONFLICT') || clock.monotonicMs() > until) throw error
          }
          await pause()
        }
      })
    },
    list(input) {
      const { afterStateId, ...filter } = parseInput(schemas.listSchema, input, 'filter')
      return listed(filter, afterStateId)
    },
    async versions(input) {
      const { before, limit, ...key } = parseInput(schemas.versionsSchema, input, 'state')
      return (await withStoreErrors(readVersions(database, key, { now: clock.now(), before, limit }))).map(versionOf)
    },
    async rollback(input) {
      const { toVersion, ...key } = parseInput(schemas.rollbackSchema, input, 'rollback')
      return withStoreErrors(saveAgain(services, key, toVersion))
    },
    async label(input) {
      const { version, label, ...key } = parseInput(schemas.labelSchema, input, 'label')
      await withStoreErrors(labelVersion(services, key, version, label))
    },
    async deleteVersion(input) {
      const { version, ...key } = parseInput(schemas.deleteVersionSchema, input, 'state')
      await withStoreErrors(deleteVersion(services, key, version))
    },
    async delete(input) {
      return { versions: await withStoreErrors(deleteState(services, parseInput(schemas.keySchema, input, 'state'))) }
    },
    async stats(input = {}) {
      const { orgId } = parseInput(schemas.statsSchema, input, 'stats')
      return withStoreErrors(readStateStats({ ...given, ...services }, orgId))
    },
    async verify(input) {
      return withStoreErrors(verifyStates(services, parseInput(schemas.verifySchema, input, 'verification')))
    },
  }
  return { states, exportLines: (scope) => exportStates(services, scope) }
}

function versionOf({ version, savedAt, rawBytes, label, restoredFrom, tags, metadata }: VersionRow): StateVersion {
  return {
    version,
    savedAt,
    rawBytes,
    label: label ?? undefined,
    restoredFrom: restoredFrom ?? undefined,
    tags,
    metadata,
  }
}
