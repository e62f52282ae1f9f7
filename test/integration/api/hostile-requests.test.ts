import { Agent, request as httpRequest } from 'node:http'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { writeOpenApi } from '../../../api/http/openapi.ts'
import { OPERATIONS } from '../../../api/operations/catalog.ts'
import { writeRequest } from '../../../api/operations/write-request.ts'
import { useApi } from '../../helpers/api.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { sampleInput } from '../../helpers/surface.ts'

/** Requests that are damaged in every way: each answer is one that the document describes, and none is a fault of ours. */

/** More of them with HOSTILE_REQUESTS=5000. */
const REQUESTS = Number(process.env.HOSTILE_REQUESTS ?? 300)
const AT_ONCE = 8
const TIMEOUT_MS = 600_000

const startApi = useApi(useRuntimes(useStore()))

const document = writeOpenApi(OPERATIONS)
const ajv = new Ajv2020({ strict: false, allErrors: false })
addFormats.default(ajv)
ajv.addSchema(document, 'api')
const validators = new Map<string, ValidateFunction>()

/** The validator of what a route answers with a status. */
function validatorOf(path: string, method: string, status: number): ValidateFunction {
  const key = `${method} ${path} ${status}`
  const known = validators.get(key)
  if (known) return known
  const response = document.paths[path]?.[method.toLowerCase()]?.responses[status]
  if (!response) throw new Error(`${key} is not described`)
  const escaped = path.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D')
  const place = response.$ref
    ? `${response.$ref.slice(1)}/content/application~1problem+json`
    : `/paths/${escaped}/${method.toLowerCase()}/responses/${status}/content/application~1json`
  const validator = ajv.compile({ $ref: `api#${place}/schema` })
  validators.set(key, validator)
  return validator
}

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    1e308,
    '',
    '\0',
    '\ud800',
    'a'.repeat(3_000),
    [],
    {},
    [[[]]],
    { $ne: 1 },
    "'; drop table turns; --",
  ),
  fc.string({ unit: 'binary' }),
  fc.jsonValue({ maxDepth: 3 }),
)
const key = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'toString', 'orgId', 'by', 'userId', 'limit', 'cursor', 'at'),
  fc.string(),
)

/** What is done to a body that would be taken. */
const damage = fc.oneof(
  fc.record({ kind: fc.constant('field' as const), nth: fc.nat(20), value: odd }),
  fc.record({ kind: fc.constant('extra' as const), key, value: odd }),
  fc.record({ kind: fc.constant('text' as const), nth: fc.nat(400), byte: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ kind: fc.constant('cut' as const), nth: fc.nat(400) }),
  fc.record({ kind: fc.constant('twice' as const), value: odd }),
  fc.record({ kind: fc.constant('deep' as const), depth: fc.integer({ min: 60, max: 1_000 }) }),
  fc.record({
    kind: fc.constant('path' as const),
    text: fc.constantFrom('%00', '%ff', '%', '..%2f', '%F0%9F%98%80', 'a'.repeat(600)),
  }),
)
type Damage = typeof damage extends fc.Arbitrary<infer Kind> ? Kind : never

function damaged(
  fields: readonly string[],
  input: Record<string, unknown>,
  body: string | undefined,
  how: Damage,
): { fields?: Record<string, unknown>; bytes?: Buffer; path?: string } {
  const names = fields.filter((name) => name !== 'orgId')
  if (how.kind === 'field')
    return { fields: { ...input, [names[how.nth % Math.max(1, names.length)] ?? 'x']: how.value } }
  if (how.kind === 'extra')
    return {
      fields: Object.defineProperty({ ...input }, how.key, {
        value: how.key === 'orgId' ? input.orgId : how.value,
        enumerable: true,
      }),
    }
  if (how.kind === 'path') return { path: how.text }
  const text = Buffer.from(body ?? '{}')
  if (how.kind === 'cut') return { bytes: text.subarray(0, how.nth % (text.length + 1)) }
  if (how.kind === 'twice')
    return {
      bytes: Buffer.concat([text.subarray(0, -1), Buffer.from(`,"query":${JSON.stringify(how.value)},"query":1}`)]),
    }
  if (how.kind === 'deep') return { bytes: Buffer.from(`{"query":${'['.repeat(how.depth)}${']'.repeat(how.depth)}}`) }
  const bytes = Buffer.from(text)
  bytes[how.nth % bytes.length] = how.byte
  return { bytes }
}

/** A request with these fields; undefined where no path can carry one of them, which a client refuses by itself. */
function carried(...[operation, fields]: Parameters<typeof writeRequest>): ReturnType<typeof writeRequest> | undefined {
  try {
    return writeRequest(operation, fields)
  } catch (error) {
    expect(error).toMatchObject({ code: 'INPUT_INVALID' })
    return undefined
  }
}

it(
  'are answered as the document says, and none with a fault of ours',
  async () => {
    const api = await startApi({ digestWindowMs: 3_600_000, digestMaxWaitMs: 3_600_000 })
    const orgId = `org-${crypto.randomUUID()}`
    const credential = await api.keyOf(orgId)
    const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
    const send = (method: string, path: string, bytes: Buffer | undefined) =>
      new Promise<{ status: number; type: string; body: string }>((resolve, reject) => {
        const headers = {
          authorization: `Bearer ${credential}`,
          ...(bytes && { 'content-type': 'application/json', 'content-length': bytes.length }),
        }
        const request = httpRequest(`${api.url}${path}`, { method, agent, headers }, async (response) => {
          let body = ''
          for await (const chunk of response.setEncoding('utf8')) body += chunk
          resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', body })
        })
        request.on('error', reject)
        request.end(bytes)
      })
    const picked = OPERATIONS.filter(({ id }) => id !== 'org.erase')
    const requests = fc.sample(fc.tuple(fc.nat(picked.length - 1), damage), { numRuns: REQUESTS, seed: 17 })
    const counts = new Map<number, number>()
    const one = async ([index, how]: (typeof requests)[number]) => {
      const operation = picked[index] as (typeof picked)[number]
      const input = sampleInput(operation, orgId, { memoryId: 1, keyId: 'none', ids: [1], id: 1, jobId: '1' })
      const plain = writeRequest(operation, input)
      const change = damaged(Object.keys(operation.input.shape), { ...input }, plain.body, how)
      const written = change.fields ? carried(operation, change.fields) : plain
      if (!written) return
      const path = change.path === undefined ? written.path : written.path.replace(/[^/?]+(?=$|\?)/, change.path)
      const bytes = change.bytes ?? (written.body === undefined ? undefined : Buffer.from(written.body))
      const hasBody = plain.body !== undefined
      const answer = await send(written.method, path, hasBody ? bytes : undefined)
      const told = `${operation.id} ${JSON.stringify(how)}: ${answer.status} ${answer.body.slice(0, 500)}`
      expect(answer.status, told).toBeLessThan(500)
      counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1)
      if (answer.status === 204 || answer.type.includes('ndjson')) return
      const value = JSON.parse(answer.body)
      // A damaged path may be the path of nothing, or of another operation.
      if (change.path !== undefined || value.code === 'ROUTE_UNKNOWN') return
      const validate = validatorOf(operation.path, operation.method, answer.status)
      expect(validate(value), `${told}\n${ajv.errorsText(validate.errors)}`).toBe(true)
    }
    for (let from = 0; from < requests.length; from += AT_ONCE)
      await Promise.all(requests.slice(from, from + AT_ONCE).map(one))
    agent.destroy()
    expect(counts.get(422)).toBeGreaterThan(REQUESTS / 20)
    expect(await api.runtime.access.authenticate(credential)).toMatchObject({ orgId })
  },
  TIMEOUT_MS,
)

it('a text that the store cannot hold is refused or cleaned in every field of every operation', async () => {
  const api = await startApi()
  const orgId = `org-${crypto.randomUUID()}`
  const credential = await api.keyOf(orgId)
  const faults: string[] = []
  for (const operation of OPERATIONS.filter(({ id }) => id !== 'org.erase')) {
    const input = sampleInput(operation, orgId, { memoryId: 1, keyId: 'none', ids: [1], id: 1, jobId: '1' })
    for (const field of Object.keys(operation.input.shape).filter((name) => name !== 'orgId'))
      for (const value of ['a\0b', ['a\0b'], { a: 'a\0b' }]) {
        const written = carried(operation, { ...input, [field]: value })
        if (!written) continue
        const { status, body } = await api.call(credential, written.method, written.path, written.body)
        if (status >= 500) faults.push(`${operation.id} ${field}: ${status} ${JSON.stringify(body).slice(0, 300)}`)
      }
  }
  expect(faults).toEqual([])
})
