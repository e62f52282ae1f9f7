import type { OperationInput } from '../../api/operations/call-operation.ts'
import type { AnyOperation } from '../../api/operations/define-operation.ts'
import { jsonSchemaOf } from '../../api/operations/json-schema.ts'
import type { Runtime } from '../../runtime.ts'
import { insertDeadJobs } from '../../shared/store/control/dead-letters.ts'

/** What tests of every operation stand on: an org that has something of each kind, and an input of each operation that names it. */

/** A word that stands in everything that an org has. */
export type Planted = { readonly orgId: string; readonly marker: string; readonly ids: OperationInput }

export const WORKSTREAM = 'support-42'
export const TURN = 'turn-1'

/** Gives an org a turn, memories of the org and of a user, a key, a halt and a dead letter. */
export async function plant(runtime: Runtime, orgId: string): Promise<Planted> {
  const marker = `marker${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`
  const owner = { orgId, workstreamId: WORKSTREAM, turnId: TURN, userId: 'maya' }
  await runtime.memory.recordTurn({ ...owner, messages: [{ role: 'user', content: `The gate code is ${marker}.` }] })
  const { memoryId } = await runtime.memory.add({ orgId, userId: 'maya', fact: `The garden gate is called ${marker}.` })
  await runtime.memory.add({ orgId, userId: 'maya', fact: `The garden door is called ${marker} too.` })
  const { keyId } = await runtime.keys.create({ orgId, userId: 'maya', scopes: ['memory:read'], name: marker })
  await runtime.killSwitch.turnOn({ orgId, queue: 'memory-reembedding', reason: marker, by: marker })
  const death = { queue: 'memory-digest', code: 'MODEL_REFUSED', reason: marker, attempts: 1, jobId: marker, orgId }
  await insertDeadJobs(runtime.database, [{ ...death, payload: null, diedAt: new Date(), failedTries: [] }])
  const [letter] = await runtime.deadLetters.list({ orgId })
  const jobId = await runtime.queues
    .queue('memory-digest')
    .add('memory-digest', { v: 1, orgId, workstreamId: marker }, { delay: 3_600_000 })
  const id = letter?.id ?? 0
  return { orgId, marker, ids: { memoryId, keyId, ids: [id], id, jobId: jobId.id } }
}

const SAMPLES: OperationInput = {
  workstreamId: WORKSTREAM,
  turnId: TURN,
  queue: 'memory-digest',
  query: 'garden gate code',
  fact: 'The office has a red door.',
  messages: [{ role: 'user', content: 'Hello.' }],
  budgetTokens: 1_000,
  scopes: ['memory:read'],
  source: '/nowhere',
}

/** An input that an operation takes, in an org: what must be there, with these ids where it names one. */
export function sampleInput(operation: AnyOperation, orgId: string, ids: OperationInput): OperationInput {
  const { properties, required } = jsonSchemaOf(operation.input) as { properties: OperationInput; required: string[] }
  const isLetter = operation.id.startsWith('dead-letters.')
  const known: OperationInput = { ...SAMPLES, ...ids, orgId, ...(!isLetter && { id: '0.0' }) }
  return Object.fromEntries(required.map((name) => [name, known[name] ?? sampleOf(properties[name] as OperationInput)]))
}

function sampleOf({ type }: OperationInput): unknown {
  return { string: 'sample', integer: 1, number: 1, boolean: true, array: [], object: {} }[String(type)] ?? 'sample'
}
