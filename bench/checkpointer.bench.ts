import { AIMessage, type BaseMessage, HumanMessage } from '@langchain/core/messages'
import { END, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph'
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres'
import { sql } from 'kysely'
import pg from 'pg'
import { type Database, openDatabase } from '../shared/store/database.ts'
import { createTestSaver } from '../test/helpers/checkpoints.ts'
import { type Benchmark, round } from './benchmark.ts'
import { createMessages } from './inputs/growing-state.ts'
import { medianTimes, withPostgres } from './measures/bench-postgres.ts'

/**
 * A chat of two nodes on our checkpointer and on LangGraph's official one for PostgreSQL, on one server: bytes on disk, times of put and getTuple at the
 * end, and what two forks of one checkpoint read back.
 */

const TURNS = Number(process.env.BENCH_TURNS ?? 500)
const MESSAGE_CHARS = 900
const ROUNDS = 60
const THREAD = 'chat'

const benchmark: Benchmark = {
  usage: [],
  run: () =>
    withPostgres(async (url) => {
      const database = openDatabase({ url, poolSize: 4 })
      const pool = new pg.Pool({ connectionString: url, max: 4 })
      pool.on('error', () => {})
      try {
        const official = new PostgresSaver(pool, undefined, { schema: 'official' })
        await official.setup()
        const ours = createTestSaver(database, { orgId: 'bench' })
        const savers = { ours, official }
        for (const [name, saver] of Object.entries(savers)) {
          const began = performance.now()
          await chat(saver)
          console.log(`${name}: ${TURNS} turns in ${round((performance.now() - began) / 1_000)} s`)
        }
        const bytes = {
          ours: await tableBytes(database, 'public', 'checkpoint%'),
          official: await tableBytes(database, 'official', '%'),
        }
        console.log(await tablesOf(database))
        const gets = await medianTimes(
          { ours: () => ours.getTuple(at(THREAD)), official: () => official.getTuple(at(THREAD)) },
          ROUNDS,
        )
        const puts = await medianTimes({ ours: await putter(ours), official: await putter(official) }, ROUNDS)
        const forks = { ours: await forksKept(ours), official: await forksKept(official) }
        const figures = {
          bytesRatio: round(bytes.ours / bytes.official),
          putRatio: round(puts.ours / puts.official),
          getRatio: round(gets.ours / gets.official),
          forksKept: forks.ours,
          officialForksKept: forks.official,
          ourBytes: bytes.ours,
          officialBytes: bytes.official,
          putMs: round(puts.ours),
          officialPutMs: round(puts.official),
          getMs: round(gets.ours),
          officialGetMs: round(gets.official),
          turns: TURNS,
        }
        for (const [name, value] of Object.entries(figures)) console.log(`${name}: ${value}`)
        return figures
      } finally {
        await pool.end()
        await database.destroy()
      }
    }),
}
export default benchmark

const at = (thread_id: string, checkpoint_id?: string) => ({
  configurable: { thread_id, checkpoint_ns: '', ...(checkpoint_id && { checkpoint_id }) },
})

function graphOf(checkpointer: BaseCheckpointSaver, answer: () => string) {
  return new StateGraph(MessagesAnnotation)
    .addNode('plan', () => ({ messages: [] }))
    .addNode('answer', () => ({ messages: [new AIMessage(answer())] }))
    .addEdge(START, 'plan')
    .addEdge('plan', 'answer')
    .addEdge('answer', END)
    .compile({ checkpointer })
}

async function chat(saver: BaseCheckpointSaver): Promise<void> {
  const next = createMessages(7, MESSAGE_CHARS)
  const graph = graphOf(saver, () => next().content)
  for (let turn = 0; turn < TURNS; turn++)
    await graph.invoke({ messages: [new HumanMessage(next().content)] }, at(THREAD))
}

async function tableBytes(database: Database, schema: string, names: string): Promise<number> {
  const { rows } = await sql<{ bytes: string }>`
    select sum(pg_total_relation_size(c.oid)) as bytes from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname = ${schema} and c.relname like ${names}`.execute(database)
  return Number(rows[0]?.bytes)
}

/** What each table of ours takes, with its indexes. */
async function tablesOf(database: Database): Promise<string> {
  const { rows } = await sql<{ name: string; bytes: string; rows: string }>`
    select relname as name, pg_total_relation_size(relid) as bytes, n_live_tup as rows from pg_stat_user_tables
    where schemaname = 'public' and relname like 'checkpoint%' order by 2 desc`.execute(database)
  return rows.map(({ name, bytes, rows: count }) => `  ${name}: ${bytes} bytes, ${count} rows`).join('\n')
}

/** Puts one more checkpoint, with two more messages, and its writes. */
async function putter(saver: BaseCheckpointSaver) {
  const next = createMessages(8, MESSAGE_CHARS)
  let tuple = await saver.getTuple(at(THREAD))
  let version = 1_000_000
  return async (index: number) => {
    if (!tuple) throw new Error('The chat is not there.')
    const messages = [
      ...(tuple.checkpoint.channel_values.messages as BaseMessage[]),
      new HumanMessage(next().content),
      new AIMessage(next().content),
    ]
    version += 1
    const checkpoint = {
      ...tuple.checkpoint,
      id: `ffffffff-ffff-6fff-8fff-${index.toString(16).padStart(12, '0')}`,
      channel_values: { ...tuple.checkpoint.channel_values, messages },
      channel_versions: { ...tuple.checkpoint.channel_versions, messages: version },
    }
    const config = await saver.put(
      tuple.config,
      checkpoint,
      { source: 'loop', step: version, parents: {} },
      { messages: version },
    )
    await saver.putWrites(config, [['messages', messages.slice(-2)]], 'task')
    tuple = { ...tuple, config, checkpoint }
  }
}

/** Of two forks of one checkpoint, how many read back what they wrote. */
async function forksKept(saver: BaseCheckpointSaver): Promise<number> {
  const texts = ['left', 'right']
  let current = ''
  const graph = graphOf(saver, () => `answer ${current}`)
  await graph.invoke({ messages: [new HumanMessage('start')] }, at('forked'))
  const root = (await graph.getState(at('forked'))).config
  const ends = []
  for (current of texts) {
    await graph.invoke({ messages: [new HumanMessage(`question ${current}`)] }, root as never)
    ends.push((await graph.getState(at('forked'))).config)
  }
  let kept = 0
  for (const [index, end] of ends.entries()) {
    const { messages } = (await graph.getState(end)).values as { messages: BaseMessage[] }
    if (messages.at(-1)?.content === `answer ${texts[index]}` && messages.length === 4) kept += 1
  }
  return kept
}
