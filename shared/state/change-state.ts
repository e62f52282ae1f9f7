import type { Database } from '../store/database.ts'
import {
  deleteFrames,
  deleteVersionRow,
  emptyStates,
  moveVersions,
  readChainVersions,
  readFrames,
  setLabel,
  takeState,
} from '../store/states/change-state.ts'
import type { StateKey } from '../store/states/state-rows.ts'
import { type ChainEnd, nextFrame } from './chain.ts'
import { decodeFrame } from './frame.ts'
import { namingVersion, type StateServices, textOfKey, unknownState } from './state-services.ts'

/** Owns labels and deletions. Guarantees: bytes that only a deleted version had are gone with it; what came after it is stored without them. */

export async function labelVersion(
  services: StateServices,
  key: StateKey,
  version: number,
  label: string | null,
): Promise<void> {
  await withState(services, key, async (transaction, { id }) => {
    if (!(await setLabel(transaction, id, version, label))) throw unknownState(key, `version ${version}`)
  })
}

export async function deleteVersion(services: StateServices, key: StateKey, version: number): Promise<void> {
  await withState(services, key, async (transaction, { id }) => {
    const place = await deleteVersionRow(transaction, id, version)
    if (!place) throw unknownState(key, `version ${version}`)
    const { chain, position } = place
    const left = await readChainVersions(transaction, id, chain)
    if (left.some((one) => one.position === position)) return
    const later = left.filter((one) => one.position > position)
    const frames = later.length > 0 ? await readFrames(transaction, id, chain) : []
    const isFirst = left.every((one) => one.position > position)
    await deleteFrames(transaction, id, chain, isFirst ? 0 : position)
    let raw: Buffer | undefined
    let end: ChainEnd | undefined
    for (const { position: at, frame, digest } of frames) {
      raw = namingVersion(key, later[0]?.version ?? version, () =>
        decodeFrame(frame, raw, services.config.stateMaxBytes),
      )
      const versions = later.flatMap((one) => (one.position === at ? [one.version] : []))
      if (versions[0] === undefined) continue
      const next = nextFrame(end, raw, services.config.stateCodec, digest)
      // Named after its first version, as every chain; no other chain can have begun with that one.
      end = { ...next, chain: next.isContinued && end ? end.chain : versions[0] }
      await moveVersions(transaction, id, versions, { ...next, chain: end.chain })
    }
  })
}

export async function deleteState(services: StateServices, key: StateKey): Promise<number> {
  return (await withState(services, key, (transaction, { id }) => emptyStates(transaction, [id]), 'if there')) ?? 0
}

async function withState<T>(
  { database, clock, kept }: StateServices,
  key: StateKey,
  change: (transaction: Database, state: { readonly id: number; readonly head: number }) => Promise<T>,
  when?: 'if there',
): Promise<T | undefined> {
  try {
    return await database.transaction().execute(async (transaction) => {
      const state = await takeState(transaction, key, clock.now())
      if (!state && when === undefined) throw unknownState(key, 'a version')
      return state && change(transaction, state)
    })
  } finally {
    kept.delete(textOfKey(key))
  }
}
