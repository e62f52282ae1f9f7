import { isAfterturnError } from '../errors.ts'
import { readFrames } from '../store/states/change-state.ts'
import { readStateIds, readVersionPlaces, type VersionPlace } from '../store/states/read-state-stats.ts'
import { digestOf } from './chain.ts'
import { corrupt, decodeFrame } from './frame.ts'
import type { StateServices } from './state-services.ts'

/** Owns reading every version of states, one chain at a time, to check or to export them. */

export type StateVerification = {
  readonly states: number
  readonly versions: number
  /** The versions that cannot be read, the first 1,000. */
  readonly damaged: readonly DamagedVersion[]
}
type DamagedVersion = {
  readonly userId: string | undefined
  readonly stateId: string
  readonly version: number
  readonly fault: string
}

type Scope = { readonly orgId: string; readonly userId?: string | undefined; readonly stateId?: string | undefined }
/** A version with its bytes, or with why it has none. */
type Walked = { readonly userId: string | undefined; readonly stateId: string; readonly place: VersionPlace } & (
  | { readonly raw: Buffer }
  | { readonly fault: string }
)

const STATES_AT_ONCE = 100
const MAX_DAMAGED = 1_000

export async function verifyStates(services: StateServices, scope: Scope): Promise<StateVerification> {
  const damaged: DamagedVersion[] = []
  const states = new Set<string>()
  let versions = 0
  for await (const { userId, stateId, place, ...read } of walkVersions(services, scope)) {
    states.add(JSON.stringify([userId, stateId]))
    versions += 1
    if ('fault' in read && damaged.length < MAX_DAMAGED)
      damaged.push({ userId, stateId, version: place.version, fault: read.fault })
  }
  return { states: states.size, versions, damaged }
}

/** Every version of a scope with its bytes. */
async function* walkVersions(services: StateServices, scope: Scope): AsyncGenerator<Walked> {
  const { database, clock, config } = services
  for (let afterId = 0; ; ) {
    const page = await readStateIds(database, scope, { afterId, limit: STATES_AT_ONCE, now: clock.now() })
    for (const { id, userId, stateId } of page) {
      const owner = { userId: userId === '' ? undefined : userId, stateId }
      for (const [chain, places] of Map.groupBy(await readVersionPlaces(database, id), (place) => place.chain)) {
        const frames = await readFrames(database, id, chain)
        let raw: Buffer | undefined
        let fault: string | undefined
        let at = 0
        for (const place of places) {
          for (; at <= place.position && fault === undefined; at++)
            try {
              const stored = frames[at]
              if (stored?.position !== at) throw corrupt(`expected frame ${at} of a chain, got none`)
              raw = decodeFrame(stored.frame, raw, config.stateMaxBytes)
              if (!stored.digest.equals(digestOf(raw))) throw corrupt('expected the SHA-256 of the state, got another')
            } catch (error) {
              if (!isAfterturnError(error, 'STATE_CORRUPT')) throw error
              fault = error.message
            }
          yield { ...owner, place, ...(fault === undefined && raw ? { raw } : { fault: fault ?? '' }) }
        }
      }
    }
    if (page.length < STATES_AT_ONCE) return
    afterId = page.at(-1)?.id as number
  }
}

/** Every version of a scope as a line of an export; the state is its JSON, in which `{"\u0000": …}` stands for bytes in base64. */
export async function* exportStates(services: StateServices, scope: Scope): AsyncGenerator<string> {
  for await (const { place, ...read } of walkVersions(services, scope)) {
    const { chain: _, position: __, ...version } = place
    const { userId, stateId } = read
    const about = JSON.stringify({ type: 'state', stateId, userId: userId ?? null, ...version })
    const content = 'raw' in read ? `"state":${read.raw.toString('utf8')}` : `"damaged":${JSON.stringify(read.fault)}`
    yield `${about.slice(0, -1)},${content}}`
  }
}
