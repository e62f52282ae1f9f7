import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Command } from '@langchain/langgraph'
import { MemorySaver } from '@langchain/langgraph-checkpoint'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../../shared/store/database.ts'
import { createTestSaver } from '../../helpers/checkpoints.ts'
import { buildGraph, ROUNDS, runToEnd } from '../../helpers/processes/graph-process.ts'
import { useModuleProcesses } from '../../helpers/processes/module-processes.ts'
import { useStore } from '../../helpers/services/store.ts'

/** A graph of LangGraph's own, with questions, forks, time travel and a subgraph. */

const PROCESS = fileURLToPath(new URL('../../helpers/processes/graph-process.ts', import.meta.url))
const store = useStore()
const processes = useModuleProcesses()
let database: Database
beforeAll(() => {
  database = openDatabase({ url: store.url, poolSize: 4 })
})
afterAll(() => database.destroy())

/** What a thread has seen when nobody disturbed it. */
const undisturbed = () => runToEnd(buildGraph(new MemorySaver() as never), 'memory')
const at = (thread_id: string, more: object = {}) => ({ configurable: { thread_id, ...more } })

it('goes through questions, back in time, and on from there, as with the saver in memory', async () => {
  const savers = [new MemorySaver() as never, createTestSaver(database, { orgId: 'graphs' })]
  const results = []
  for (const saver of savers) {
    const graph = buildGraph(saver)
    const seen: unknown[] = []
    const asked = await graph.invoke({ round: 1 } as never, at('t'))
    seen.push(
      asked.log,
      (await graph.getState(at('t'))).tasks.map(({ interrupts }) => interrupts.map(({ value }) => value)),
    )
    const answered = await graph.invoke(new Command({ resume: 'first' }), at('t'))
    seen.push(answered.log)
    const history = []
    for await (const state of graph.getStateHistory(at('t'))) history.push(state)
    seen.push(history.map(({ next, values }) => [next, (values as { log?: string[] }).log?.length]))
    // Back to the first question, with another answer; then a fork by hand.
    const question = history.findLast(({ tasks }) => tasks.some(({ interrupts }) => interrupts.length > 0))
    const other = await graph.invoke(new Command({ resume: 'other' }), question?.config)
    seen.push(other.log)
    const forked = await graph.updateState(question?.config as never, { log: ['by hand'] }, 'work')
    seen.push((await graph.invoke(new Command({ resume: 'forked' }), forked)).log)
    seen.push((await graph.getState(at('t'))).values)
    results.push(seen)
  }
  expect(results[1]).toEqual(results[0])
})

it('is resumed where it was after each kill, and ends as if there had been none', async () => {
  let kills = 0
  for (;;) {
    const child = processes.register(fork(PROCESS, [store.url, 'graphs', 'killed']))
    const killAfter = kills < 3 ? 1 + Math.floor(Math.random() * 3) : Number.POSITIVE_INFINITY
    const log = await new Promise<string[] | undefined>((resolve) => {
      let steps = 0
      child.on('message', (message: { step?: string; log?: string[] }) => {
        if (message.log) resolve(message.log)
        if (message.step && ++steps > killAfter) child.kill('SIGKILL')
      })
      child.on('exit', () => resolve(undefined))
    })
    if (log) {
      expect(log).toEqual(await undisturbed())
      break
    }
    kills += 1
  }
  expect(kills).toBe(3)
  expect(ROUNDS).toBeGreaterThan(6)
})
