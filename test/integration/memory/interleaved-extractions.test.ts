import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import type { Runtime } from '../../../runtime.ts'
import type { TurnInput } from '../../../shared/memory/recording/turn-input.ts'
import { answerAboutHomes, STATES_HOME } from '../../helpers/memory/home-answers.ts'
import { startModelServer } from '../../helpers/models/model-server.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until, untilSettled } from '../../helpers/until.ts'

/** Extractions of one org at once, each paused between its plan and its commit: they leave what they leave one after another. */

const runtimes = useRuntimes(useStore())
const RUNS = Number(process.env.AFTERTURN_TEST_RUNS ?? 2)
const WORKSTREAMS = ['u', 'v', 'w']

/** Commits wait until as many wait as are expected, and go in an order that the test gives. */
function commitGate() {
  let waiting: (() => void)[] = []
  let expected = 0
  let order: readonly number[] = []
  return {
    /** The next `count` commits wait for each other. */
    hold(count: number, dice: readonly number[]) {
      expected = count
      order = dice
    },
    async pass(): Promise<void> {
      if (expected === 0) return
      expected -= 1
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.push(resolve)
      if (expected === 0) {
        const held = waiting
        waiting = []
        for (const die of order) held.splice(die % Math.max(1, held.length), 1)[0]?.()
        for (const go of held) go()
      }
      return promise
    },
  }
}

const saying = fc.record({
  workstreamId: fc.constantFrom(...WORKSTREAMS),
  home: fc.constantFrom('Lisbon', 'Porto', 'Braga'),
  minute: fc.nat(5),
})

function turnsOf(said: readonly { workstreamId: string; home: string; minute: number }[], orgId: string): TurnInput[] {
  return said.map(({ workstreamId, home, minute }, number) => ({
    orgId,
    workstreamId,
    turnId: `t${number}`,
    at: new Date(Date.UTC(2026, 0, 1, 0, minute)),
    messages: [{ role: 'user', name: 'Maya', content: `${STATES_HOME}${home}.` }],
    scope: 'org',
  }))
}

/** What is remembered, whatever ids it has. */
async function memoriesOf({ database }: Runtime, orgId: string) {
  const { rows } = await sql<{ id: number; next: number | null; fact: string; turns: string[] }>`
    select m.id, m.superseded_by as next, m.fact, m.valid_from as "validFrom", m.valid_to as "validTo", m.observed_at as "observedAt", m.status,
      array(select t.turn_id from memory_sources s join turns t on t.id = s.turn where s.memory = m.id order by 1) as turns
    from memories m where m.org_id = ${orgId}`.execute(database)
  const nameOf = (id: number | null) => rows.filter((row) => row.id === id).map(({ fact, turns }) => `${fact} ${turns}`)
  return rows
    .map(({ id, next, ...row }) => ({ ...row, name: nameOf(id), next: nameOf(next) }))
    .sort((a, b) => `${a.name}`.localeCompare(`${b.name}`))
}

async function isPending({ database }: Runtime, orgId: string, workstreamId: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from turns where org_id = ${orgId} and workstream_id = ${workstreamId} and state = 'pending' limit 1`.execute(
    database,
  )
  return rows.length > 0
}

it.each(['the rules', 'a model'])(
  'whatever is said and whoever commits first, with %s',
  async (who) => {
    const model = await startModelServer()
    model.completionFor(answerAboutHomes)
    const gate = commitGate()
    const settings = {
      digestWindowMs: 3_600_000,
      digestMaxWaitMs: 3_600_000,
      sweepIntervalMs: 3_600_000,
      orgConcurrency: WORKSTREAMS.length,
      memoryExtractionConcurrency: WORKSTREAMS.length,
      ...(who === 'a model' ? { openaiBaseUrl: model.url, embeddingDims: 16 } : {}),
    }
    let line: Promise<unknown> = Promise.resolve()
    const runtime = await runtimes.start(settings, {
      async withWorkspaceMemoryLock(_, write) {
        await gate.pass()
        const written = line.then(write)
        line = written.catch(() => {})
        return written
      },
    })
    await runtime.startWorkers(['memory-extraction'])
    let run = 0
    try {
      const dice = fc.array(fc.nat(), { minLength: 3, maxLength: 3 })
      await fc.assert(
        fc.asyncProperty(fc.array(saying, { minLength: 4, maxLength: 8 }), dice, async (said, order) => {
          run += 1
          const [serial, mixed] = [`serial ${run} ${who}`, `mixed ${run} ${who}`]
          for (const turn of [...turnsOf(said, serial), ...turnsOf(said, mixed)]) await runtime.memory.recordTurn(turn)
          const last = [...new Map(turnsOf(said, serial).map((turn) => [turn.workstreamId, turn.turnId]))]
          for (const [workstreamId, turnId] of last) {
            await runtime.memory.extractNow({ orgId: serial, workstreamId, turnId })
            await until(
              () => isPending(runtime, serial, workstreamId),
              (pending) => !pending,
            )
          }
          gate.hold(last.length, order)
          for (const [workstreamId, turnId] of last)
            await runtime.memory.extractNow({ orgId: mixed, workstreamId, turnId })
          await untilSettled(runtime, mixed)
          expect(await memoriesOf(runtime, mixed)).toEqual(await memoriesOf(runtime, serial))
        }),
        { numRuns: RUNS, endOnFailure: true },
      )
    } finally {
      await model.stop()
    }
  },
  60_000 + 10_000 * RUNS,
)
