import type { Database } from '../../store/database.ts'
import type { Erasure, ErasureScope } from '../../store/erasing/erasures.ts'
import { findMissingTurns } from '../../store/turns/turns.ts'

/** Owns which jobs an erasure takes along, by what their payloads say. */

/** What a job says of whose it is, and when it was enqueued. */
type ErasableJob = { readonly payload: unknown; readonly payloadText: string; readonly enqueuedAt: Date }

/** See `queues/erase-jobs.ts`. */
export type ErasableJobSearch = {
  readonly orgIds: readonly string[]
  readonly part: 'org' | 'workstream' | 'turn'
  isNamed(jobs: readonly ErasableJob[]): Promise<boolean[]>
}

type TurnPlace = { readonly workstreamId: string; readonly turnId: string }

/** Whether an erasure is of all that an org has. */
export function isWholeOrg({ userId, workstreamId, memoryId, olderThan }: ErasureScope): boolean {
  return [userId, workstreamId, memoryId, olderThan].every((part) => part === undefined)
}

/** The jobs of erasures whose rows are gone; `untilOf` is up to when jobs are theirs. Undefined when no job can name what they erase. */
export function namedJobs(
  database: Database,
  erasures: readonly Erasure[],
  untilOf: (erasure: Erasure) => Date,
): ErasableJobSearch | undefined {
  const concerned = erasures.filter(({ memoryId }) => memoryId === undefined)
  if (concerned.length === 0) return undefined
  const byOrg = Map.groupBy(concerned, ({ orgId }) => orgId)

  const isNamedBy = async (orgId: string, jobs: readonly ErasableJob[]): Promise<boolean[]> => {
    const own = byOrg.get(orgId) ?? []
    const isDirect = jobs.map((job) =>
      own.some((erasure) => job.enqueuedAt <= untilOf(erasure) && isPlaceNamed(job, erasure)),
    )
    const turns = jobs.map((job, index) =>
      isDirect[index] || !own.some((erasure) => job.enqueuedAt <= untilOf(erasure)) ? undefined : turnOf(job),
    )
    const asked = turns.filter((turn) => turn !== undefined)
    const isMissing = await findMissingTurns(database, orgId, asked)
    const missing = new Set(asked.filter((_, index) => isMissing[index]))
    return jobs.map((_, index) => isDirect[index] === true || missing.has(turns[index] as TurnPlace))
  }
  return {
    orgIds: [...byOrg.keys()],
    part: partOf(concerned),
    async isNamed(jobs) {
      const named = new Set<ErasableJob>()
      for (const [orgId, own] of Map.groupBy(jobs, (job) => orgOf(job, byOrg))) {
        if (orgId === undefined) continue
        const isNamed = await isNamedBy(orgId, own)
        for (const [index, job] of own.entries()) if (isNamed[index]) named.add(job)
      }
      return jobs.map((job) => named.has(job))
    },
  }
}

function partOf(erasures: readonly Erasure[]): ErasableJobSearch['part'] {
  if (erasures.some(isWholeOrg)) return 'org'
  return erasures.some(isWorkstream) ? 'workstream' : 'turn'
}

const isWorkstream = ({ workstreamId, turnId }: ErasureScope) => workstreamId !== undefined && turnId === undefined

/** The org that a job names; of a payload that cannot be read, one whose id it contains. */
function orgOf({ payload, payloadText }: ErasableJob, orgs: ReadonlyMap<string, unknown>): string | undefined {
  if (payload === undefined) return [...orgs.keys()].find((orgId) => payloadText.includes(JSON.stringify(orgId)))
  const { orgId } = fieldsOf(payload)
  return typeof orgId === 'string' && orgs.has(orgId) ? orgId : undefined
}

/** Whether a job of the erasure's org names all that goes: the org, or its workstream. */
function isPlaceNamed({ payload, payloadText }: ErasableJob, erasure: Erasure): boolean {
  if (isWholeOrg(erasure)) return true
  if (!isWorkstream(erasure)) return false
  if (payload === undefined) return payloadText.includes(JSON.stringify(erasure.workstreamId))
  return fieldsOf(payload).workstreamId === erasure.workstreamId
}

function turnOf({ payload }: ErasableJob): TurnPlace | undefined {
  const { workstreamId, turnId } = fieldsOf(payload)
  return typeof workstreamId === 'string' && typeof turnId === 'string' ? { workstreamId, turnId } : undefined
}

function fieldsOf(payload: unknown): Record<string, unknown> {
  return (payload ?? {}) as Record<string, unknown>
}
