import { afterEach, expect, it, vi } from 'vitest'
import { createClient } from '../../../client/client.ts'

/** The client and answers that the API itself never gives: cut ones, those of proxies, and none. */

afterEach(() => void vi.useRealTimers())

const org = { orgId: 'acme' }
const saved = { ...org, stateId: 's' }
const answering = (answer: (signal: AbortSignal) => Response | Promise<Response>) => {
  const fetch = vi.fn<typeof globalThis.fetch>(async (_url, init) => answer(init?.signal as AbortSignal))
  return { fetch, client: createClient({ url: 'https://memory.internal', apiKey: 'key', fetch }) }
}
/** Never answers, but for the signal. */
const silent = (signal: AbortSignal) =>
  new Promise<Response>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

it('an answer that is cut, or is of a proxy, is an error of the runtime', async () => {
  const cut = new ReadableStream({ pull: (controller) => controller.error(new TypeError('terminated')) })
  const answers: [Response, object][] = [
    [new Response(cut), { code: 'REQUEST_TIMEOUT', recorded: 'unknown', retryable: true }],
    [new Response('<h1>Bad gateway</h1>', { status: 502 }), { code: 'REQUEST_TIMEOUT', recorded: 'unknown' }],
    [
      new Response('slow down', { status: 429, headers: { 'retry-after': '7' } }),
      { code: 'RATE_LIMITED', retryAfterMs: 7_000 },
    ],
    [new Response('<h1>Welcome</h1>'), { code: 'UNEXPECTED', recorded: 'unknown' }],
    [new Response('null', { status: 500 }), { code: 'UNEXPECTED' }],
    [new Response('{"code":"toString"}', { status: 500 }), { code: 'UNEXPECTED' }],
  ]
  for (const [answer, error] of answers) {
    const { client } = answering(() => answer)
    await expect(client.memory.add({ ...org, fact: 'Maya likes tea.' })).rejects.toMatchObject(error)
  }
})

it("ends with the caller's signal, and with its reason", async () => {
  const stop = new AbortController()
  const { client, fetch } = answering(silent)
  const reading = client.events.read({ ...org, stream: ['a'], waitMs: 20_000, signal: stop.signal })
  const reason = new Error('the user left')
  await vi.waitFor(() => expect(fetch).toHaveBeenCalled())
  stop.abort(reason)
  await expect(reading).rejects.toBe(reason)
  await expect(client.events.read({ ...org, stream: ['a'], signal: stop.signal })).rejects.toBe(reason)
  expect(fetch).toHaveBeenCalledTimes(1)
})

it('gives each part of a stream its time, and none to the caller who works on a line', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  let signal = new AbortController().signal
  const { client } = answering((given) => {
    signal = given
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"n":1}\n'))
        given.addEventListener('abort', () => controller.error(given.reason))
      },
    })
    return new Response(body)
  })
  const lines = client.memory.export(org)[Symbol.asyncIterator]()
  expect(await lines.next()).toEqual({ value: '{"n":1}', done: false })
  vi.advanceTimersByTime(3_600_000)
  expect(signal.aborted).toBe(false)
  const refused = expect(lines.next()).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' })
  await vi.advanceTimersByTimeAsync(30_001)
  await refused
})

it('refuses what JSON would change in silence, and asks nothing', async () => {
  const { client, fetch } = answering(() => new Response('{}'))
  const cycle: Record<string, unknown> = {}
  cycle.self = cycle
  for (const x of [Number.NaN, 1n, new Map([[1, 2]]), new Float32Array(4), () => 1, cycle])
    await expect(client.states.save({ ...saved, state: { x } as never })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      recorded: 'no',
    })
  class Step {}
  for (const x of [new Date(), new Step(), /a/, [1, undefined], new Array(2)])
    await expect(client.states.save({ ...saved, state: { list: [x] } as never })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      recorded: 'no',
    })
  // Only a state may hold bytes.
  for (const x of [new Uint8Array(4), Buffer.alloc(4)])
    await expect(client.states.save({ ...saved, state: {}, metadata: { x } as never })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    })
  expect(fetch).not.toHaveBeenCalled()
})

it('refuses what a query would make another text, and leaves a wrong limit to the API', async () => {
  const { client, fetch } = answering(() => new Response('{"memories":[],"next":null}'))
  for (const userId of [null, {}, Number.NaN, 'half \ud800', new Date(Number.NaN)])
    await expect(client.memory.list({ ...org, userId: userId as never })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      faults: [{ path: 'userId' }],
    })
  await expect(client.memory.list({ orgId: {} as never })).rejects.toMatchObject({ faults: [{ path: 'orgId' }] })
  await expect(client.memory.list({ ...org, limit: Number.NaN })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  expect(fetch).not.toHaveBeenCalled()
  await client.memory.list({ ...org, limit: 0 })
  expect(String(fetch.mock.calls[0]?.[0])).toMatch(/limit=0$/)
})
