import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { environmentOf, startProcess } from '../../../cli/services/services.ts'
import { turn } from '../../helpers/memory/turns.ts'
import type { ChatBody } from '../../helpers/models/model-answers.ts'
import { factsOfTurns } from '../../helpers/models/model-answers.ts'
import { useModelServer } from '../../helpers/models/model-under-test.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until, untilSettled } from '../../helpers/until.ts'

/** Whose doing a failed extraction is, and what it costs: the turn that spoils a batch, the provider, or nobody. */

const runtimes = useRuntimes(useStore())
const model = await useModelServer()
const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})
const settings = () => ({ openaiBaseUrl: model.url, embeddingDims: 64, retryBackoffMs: 10, sweepIntervalMs: 1_000 })

/** The turns of an org in one workstream, of which one holds the word `poison`. */
async function recordWithPoison(runtime: Awaited<ReturnType<typeof runtimes.start>>, orgId: string, count: number) {
  for (let number = 0; number < count; number++) {
    const content = `I moved to house number ${number} in Lisbon${number === 5 ? ', poison' : ''}.`
    await runtime.memory.recordTurn(turn(number, { orgId, messages: [{ role: 'user', content }] }))
  }
}
const isPoisoned = (body: ChatBody) => JSON.stringify(body.messages).includes('poison')

describe('a turn that spoils its batch', () => {
  it('for which the model answers nonsense is found by halving; the others are extracted', async () => {
    const runtime = await runtimes.start(settings())
    const orgId = 'nonsense'
    await recordWithPoison(runtime, orgId, 8)
    model.completionFor((body) => (isPoisoned(body) ? '{"facts": [{' : factsOfTurns(body)))
    await runtime.startWorkers(['memory-digest'])
    const status = await untilSettled(runtime, orgId)
    expect(status).toMatchObject({ turns: { extracted: 7, deadLettered: 1 }, memories: 7 })
    expect(status.deadLetters).toMatchObject([{ turnId: 'turn-5', code: 'MODEL_OUTPUT_INVALID', attempts: 4 }])
  })

  it('with a fact that no database takes loses that fact only', async () => {
    const runtime = await runtimes.start(settings())
    const orgId = 'unstorable'
    await recordWithPoison(runtime, orgId, 3)
    model.completionFor((body) => {
      const { facts } = factsOfTurns(body)
      return { facts: [...facts.slice(0, 2), { ...facts[2], fact: 'a\0b' }, { ...facts[2], fact: 'a \ud83d b' }] }
    })
    await runtime.startWorkers(['memory-digest'])
    expect(await untilSettled(runtime, orgId)).toMatchObject({
      turns: { extracted: 3 },
      memories: 2,
      deadLetters: [],
    })
  })

  it('with what the store refuses is found without asking the model again', async () => {
    const runtime = await runtimes.start(settings())
    const orgId = 'refused by the store'
    await sql`create function refuse_poison() returns trigger language plpgsql as
      $$ begin if new.fact like '%poison%' then raise exception using errcode = '22000'; end if; return new; end $$`.execute(
      runtime.database,
    )
    await sql`create trigger refuse_poison before insert on memories for each row execute function refuse_poison()`.execute(
      runtime.database,
    )
    await recordWithPoison(runtime, orgId, 8)
    await runtime.startWorkers(['memory-digest'])
    const status = await untilSettled(runtime, orgId)
    await sql`drop trigger refuse_poison on memories`.execute(runtime.database)
    expect(status).toMatchObject({ turns: { extracted: 7, deadLettered: 1 }, memories: 7 })
    expect(status.deadLetters).toMatchObject([{ turnId: 'turn-5', code: 'STORE_FAILED' }])
    expect(model.requestCount('/chat/completions')).toBe(1)
    expect(model.requestCount('/embeddings')).toBe(1)
  })

  it('and kills its worker each time ends as a dead letter, alone', async () => {
    const killing = runtimes.config({ ...settings(), jobLockMs: 1_000 })
    const runtime = await runtimes.start(killing)
    const orgId = 'poison'
    await recordWithPoison(runtime, orgId, 8)
    let victim: { pid: number } | undefined
    model.completionFor((body) => {
      if (isPoisoned(body) && victim) process.kill(victim.pid, 'SIGKILL')
      return factsOfTurns(body)
    })
    const environment = { ...process.env, ...environmentOf(killing), LOG_LEVEL: 'error' }
    for (let isSettled = false; !isSettled; ) {
      const worker = await startProcess('memory-digest', environment)
      cleanUps.push(() => worker.stop())
      victim = worker
      const settled = until(
        () => runtime.memory.status({ orgId }),
        ({ turns }) => turns.pending === 0,
        30_000,
      ).then(() => true)
      isSettled = await Promise.race([settled, worker.exited.then(() => false)])
      settled.catch(() => {})
    }
    const status = await runtime.memory.status({ orgId })
    expect(status).toMatchObject({ turns: { extracted: 7, deadLettered: 1 }, memories: 7 })
    expect(status.deadLetters).toMatchObject([{ turnId: 'turn-5', code: 'WORKER_DIED', attempts: 4 }])
  })
})

describe('a provider that cannot be reached', () => {
  const DOWN = { status: 503, message: 'down for now', times: Number.POSITIVE_INFINITY }
  const attempts = async (runtime: Awaited<ReturnType<typeof runtimes.start>>, orgId: string) =>
    (await runtime.database.selectFrom('turns').select('attempts').where('org_id', '=', orgId).execute()).map(
      (row) => row.attempts,
    )

  it.each(['/chat/completions', '/embeddings'] as const)(
    'is waited out (%s), longer each time, and costs its turns no try',
    async (path) => {
      const runtime = await runtimes.start(settings())
      const orgId = `waits for ${path}`
      await recordWithPoison(runtime, orgId, 3)
      model.fault({ ...DOWN, path })
      await runtime.startWorkers(['memory-digest'])
      await model.received(8, path)
      const status = await runtime.memory.status({ orgId })
      expect(status).toMatchObject({ turns: { pending: 3 }, deadLetters: [] })
      expect(status.oldestFailure).toMatchObject({
        code: 'MODEL_UNAVAILABLE',
        reason: expect.stringContaining('down for now'),
      })
      const [job] = await until(
        () => runtime.queues.queue('memory-digest').getDelayed(),
        (jobs) => jobs.length === 1,
      )
      expect(job?.progress).toMatchObject({ waitsFor: expect.stringContaining('down for now') })
      expect(job?.delay).toBeGreaterThan(settings().retryBackoffMs)
      model.reset()
      expect(await untilSettled(runtime, orgId)).toMatchObject({ turns: { extracted: 3 }, oldestFailure: null })
      expect(await attempts(runtime, orgId)).toEqual([1, 1, 1])
    },
  )

  it('for longer than it is waited for makes dead letters', async () => {
    const runtime = await runtimes.start({ ...settings(), modelOutageMaxMs: 0 })
    const orgId = 'given up'
    await recordWithPoison(runtime, orgId, 2)
    model.fault(DOWN)
    await runtime.startWorkers(['memory-digest'])
    const status = await untilSettled(runtime, orgId)
    expect(status.deadLetters).toMatchObject([
      { turnId: 'turn-1', code: 'MODEL_UNAVAILABLE', attempts: 4 },
      { turnId: 'turn-0', code: 'MODEL_UNAVAILABLE', attempts: 4 },
    ])
  })

  it('for one turn only, while it answers others, is that turn’s doing', async () => {
    const runtime = await runtimes.start(settings())
    const orgId = 'one of all'
    await recordWithPoison(runtime, orgId, 8)
    model.fault({ ...DOWN, path: '/chat/completions', when: (body) => isPoisoned(body as ChatBody) })
    await runtime.startWorkers(['memory-digest'])
    await model.received(2, '/chat/completions')
    await runtime.memory.recordTurn(turn(1, { orgId: 'the others' }))
    const status = await untilSettled(runtime, orgId)
    expect(status).toMatchObject({ turns: { extracted: 7, deadLettered: 1 } })
    expect(status.deadLetters).toMatchObject([{ turnId: 'turn-5', code: 'MODEL_UNAVAILABLE' }])
  })
})

describe('a failure of the provider', () => {
  it('that asks to wait, and a shutdown, cost a turn no try', async () => {
    const runtime = await runtimes.start({ ...settings(), drainTimeoutMs: 0 })
    const orgId = 'given back'
    await runtime.memory.recordTurn(turn(1, { orgId }))
    model.behave({ hang: 'before-headers' })
    await runtime.startWorkers(['memory-digest'])
    await model.received(1, '/chat/completions')
    const attempts = () => second.database.selectFrom('turns').select('attempts').where('org_id', '=', orgId).execute()
    const second = await runtimes.start(settings())
    expect(await attempts()).toEqual([{ attempts: 1 }])
    await runtime.disconnect()
    expect(await attempts()).toEqual([{ attempts: 0 }])
    model.behave({ hang: 'never' })
    model.fault({ status: 429, headers: { 'retry-after-ms': '1' }, times: 3, path: '/chat/completions' })
    await second.startWorkers(['memory-digest'])
    await untilSettled(second, orgId)
    expect(await attempts()).toEqual([{ attempts: 1 }])
  })

  it('whose embedding model takes 512 tokens loses no turn, however long', async () => {
    const runtime = await runtimes.start(settings())
    const orgId = 'short texts only'
    model.fault({
      status: 413,
      path: '/embeddings',
      times: 1_000,
      when: ({ input }) => [input].flat().some((text) => String(text).length > 2_000),
    })
    const messages = [{ role: 'user' as const, content: 'I moved to a house in Lisbon. '.repeat(300) }]
    await runtime.memory.recordTurn(turn(0, { orgId, messages }))
    await runtime.startWorkers(['memory-extraction'])
    await runtime.memory.extractNow({ orgId, workstreamId: 'ws', turnId: 'turn-0' })
    expect((await untilSettled(runtime, orgId)).turns).toMatchObject({ extracted: 1, deadLettered: 0 })
    expect(await runtime.memory.search({ orgId, query: 'Lisbon' })).not.toEqual([])
  })

  it('that cuts long prompts in silence is asked less at once, and no fact is lost', async () => {
    const runtime = await runtimes.start(settings())
    const orgId = 'cut prompts'
    const KEPT_TOKENS = 2_048
    // As Ollama: the beginning goes, and the usage tells of what was read.
    model.bodyFor((body) => {
      const messages = body.messages.map((message) => ({ ...message }))
      const tokens = Math.ceil(messages.map(({ content }) => content).join('').length / 4)
      const cut = Math.max(0, tokens - KEPT_TOKENS) * 4
      const seen = messages.map(({ role, content }) => ({
        role,
        content: role === 'user' ? content.slice(cut) : content,
      }))
      const content = JSON.stringify(factsOfTurns({ ...body, messages: seen }))
      return {
        choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
        usage: { prompt_tokens: Math.min(tokens, KEPT_TOKENS), completion_tokens: 10 },
      }
    })
    for (let number = 0; number < 24; number++) {
      const content = `I moved to house number ${number} in Lisbon. ${'It has a garden with old trees. '.repeat(9)}`
      await runtime.memory.recordTurn(turn(number, { orgId, messages: [{ role: 'user', content }] }))
    }
    await runtime.startWorkers(['memory-digest'])
    expect(await untilSettled(runtime, orgId)).toMatchObject({
      turns: { extracted: 24, deadLettered: 0 },
      memories: 24,
    })
  })

  it('that refuses every call ends the run at the first batch, and its turns wait', async () => {
    // Long enough that the requests of one run are counted.
    const runtime = await runtimes.start({ ...settings(), retryBackoffMs: 2_000 })
    const orgId = 'refused'
    const long = 'I moved to a house in Lisbon. '.repeat(500)
    for (let number = 0; number < 4; number++) {
      const messages = [{ role: 'user' as const, content: `${number} ${long}` }]
      await runtime.memory.recordTurn(turn(number, { orgId, messages }))
    }
    model.fault({ status: 401, message: 'bad key', times: 100, path: '/chat/completions' })
    // One job for all four, which no sweep repeats.
    await runtime.startWorkers(['memory-extraction'])
    await runtime.memory.extractNow({ orgId, workstreamId: 'ws', turnId: 'turn-3' })
    await until(
      () => runtime.memory.status({ orgId }),
      ({ oldestFailure }) => oldestFailure?.code === 'MODEL_REFUSED',
    )
    // The first batch, and the plain question.
    expect(model.requestCount('/chat/completions')).toBeLessThan(4)
    model.reset()
    expect((await untilSettled(runtime, orgId)).turns).toMatchObject({ extracted: 4, deadLettered: 0 })
  })
})
