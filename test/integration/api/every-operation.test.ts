import { expect, it } from 'vitest'
import { OPERATIONS } from '../../../api/operations/catalog.ts'
import { COMMON_ERRORS } from '../../../api/operations/common-errors.ts'
import type { AnyOperation } from '../../../api/operations/define-operation.ts'
import { writeRequest } from '../../../api/operations/write-request.ts'
import { SCOPES } from '../../../shared/access/scopes.ts'
import { type ApiAnswer, type TestApi, useApi } from '../../helpers/api.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { plant, sampleInput, TURN, WORKSTREAM } from '../../helpers/surface.ts'

/** What holds for every operation, also for one that is added: orgs, scopes and users do not meet, and a key that is revoked is refused at once. */

const runtimes = useRuntimes(useStore())
const startApi = useApi(runtimes)
const TIMEOUT_MS = 120_000
const newOrg = () => `org-${crypto.randomUUID()}`

function send(api: TestApi, key: string, operation: AnyOperation, input: object): Promise<ApiAnswer> {
  const { method, path, body } = writeRequest(operation, input as never)
  return api.call(key, method, path, body)
}

function expectDeclared(operation: AnyOperation, answer: ApiAnswer): void {
  if (answer.status < 400) return
  const declared = [...operation.errors, ...COMMON_ERRORS] as string[]
  expect(declared, `${operation.id} answered ${answer.body.code}: ${answer.body.detail}`).toContain(answer.body.code)
}

it(
  'answers an org nothing of another, and changes nothing there',
  async () => {
    const api = await startApi({ digestWindowMs: 3_600_000, digestMaxWaitMs: 3_600_000 })
    const [own, other] = [newOrg(), await plant(api.runtime, newOrg())]
    let key = await api.keyOf(own)
    for (const operation of OPERATIONS) {
      // The other's ids under one's own org, and the other's org itself.
      const answer = await send(api, key, operation, sampleInput(operation, own, other.ids))
      expectDeclared(operation, answer)
      expect(JSON.stringify(answer.body), operation.id).not.toContain(other.marker)
      // An org that is erased has no keys any more.
      if (operation.id === 'org.erase') key = await api.keyOf(own)
      const foreign = await send(api, key, operation, sampleInput(operation, other.orgId, other.ids))
      expect(foreign, operation.id).toMatchObject({ status: 404, body: { code: 'ORG_UNKNOWN' } })
    }
    const { orgId } = other
    expect(await api.runtime.memory.list({ orgId, userId: 'maya' })).toHaveLength(2)
    const turn = { orgId, workstreamId: WORKSTREAM, turnId: TURN }
    expect(await api.runtime.memory.turnStatus(turn)).toMatchObject({ state: 'pending' })
    expect(await api.runtime.deadLetters.count({ orgId })).toBe(1)
    expect(await api.runtime.keys.list({ orgId })).toMatchObject([{ revokedAt: null }])
    const { switches } = await api.runtime.killSwitch.status()
    expect(switches.filter((one) => one.orgId === orgId)).toHaveLength(1)
    const job = { queue: 'memory-digest', jobId: String(other.ids.jobId), orgId }
    expect(await api.runtime.jobs.status(job)).toMatchObject({ state: 'waiting' })
  },
  TIMEOUT_MS,
)

it(
  'answers a key of one user nothing of another user',
  async () => {
    const api = await startApi({ digestWindowMs: 3_600_000, digestMaxWaitMs: 3_600_000 })
    const other = await plant(api.runtime, newOrg())
    let key = await api.keyOf(other.orgId, SCOPES, 'ben')
    for (const operation of OPERATIONS) {
      const input = sampleInput(operation, other.orgId, other.ids)
      const answer = await send(api, key, operation, input)
      expectDeclared(operation, answer)
      expect(JSON.stringify(answer.body), operation.id).not.toContain(other.marker)
      // A user who is erased has no keys any more.
      if (operation.id === 'org.erase') key = await api.keyOf(other.orgId, SCOPES, 'ben')
      if (operation.reach !== 'user') continue
      const named = await send(api, key, operation, { ...input, userId: 'maya' })
      expect(named, operation.id).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
    }
    expect(await api.runtime.memory.list({ orgId: other.orgId, userId: 'maya' })).toHaveLength(2)
  },
  TIMEOUT_MS,
)

it(
  'lets a key do what its scopes say, and nothing once it is revoked',
  async () => {
    const api = await startApi()
    const orgId = newOrg()
    const revoked = await api.runtime.keys.create({ orgId, scopes: SCOPES })
    expect((await api.call(revoked.key, 'GET', `/v1/orgs/${orgId}/memory`)).status).toBe(200)
    await api.runtime.keys.revoke({ orgId, keyId: revoked.keyId })
    const without = new Map<string, string>()
    for (const scope of new Set(OPERATIONS.map((operation) => operation.scope)))
      without.set(
        scope,
        await api.keyOf(
          orgId,
          SCOPES.filter((one) => one !== scope),
        ),
      )
    for (const operation of OPERATIONS) {
      const input = sampleInput(operation, orgId, { memoryId: 1, keyId: 'none', ids: [1], id: 1, jobId: '1' })
      const answer = await send(api, without.get(operation.scope) as string, operation, input)
      expect(answer, operation.id).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
      expect(answer.body.detail).toContain(operation.scope)
      const late = await send(api, revoked.key, operation, input)
      expect(late, operation.id).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } })
    }
  },
  TIMEOUT_MS,
)
