import { Annotation, Command, END, interrupt, START, StateGraph } from '@langchain/langgraph'
import { openDatabase } from '../../../shared/store/database.ts'
import { createTestSaver } from '../checkpoints.ts'

/** A graph that loops, asks a person now and then, and has a subgraph. As a process it runs one thread to its end, saying when a step begins. */

const State = Annotation.Root({
  log: Annotation<string[]>({ reducer: (left, right) => [...left, ...right], default: () => [] }),
  round: Annotation<number>({ reducer: (_, next) => next, default: () => 0 }),
})

export const ROUNDS = 8

export function buildGraph(
  checkpointer: ReturnType<typeof createTestSaver>,
  onStep: (name: string) => void = () => {},
) {
  const inner = new StateGraph(State)
    .addNode('think', ({ round }) => {
      onStep(`think ${round}`)
      return { log: [`think ${round}`] }
    })
    .addNode('check', ({ round }) => ({ log: [`check ${round}`] }))
    .addEdge(START, 'think')
    .addEdge('think', 'check')
    .addEdge('check', END)
    .compile()
  return new StateGraph(State)
    .addNode('work', async ({ round }) => {
      onStep(`work ${round}`)
      const { log } = await inner.invoke({ round, log: [] })
      return { log: [`work ${round}`, ...log], round: round + 1 }
    })
    .addNode('ask', ({ round }) => {
      const answer = round % 3 === 0 ? interrupt(`go on after ${round}?`) : 'alone'
      return { log: [`asked ${round}: ${answer}`] }
    })
    .addEdge(START, 'work')
    .addEdge('work', 'ask')
    .addConditionalEdges('ask', ({ round }) => (round < ROUNDS ? 'work' : END))
    .compile({ checkpointer })
}

/** Runs a thread until it has ended, wherever it is, answering each question. */
export async function runToEnd(graph: ReturnType<typeof buildGraph>, threadId: string): Promise<string[]> {
  const config = { configurable: { thread_id: threadId }, recursionLimit: 100, durability: 'sync' as const }
  for (;;) {
    const { next, tasks, values, config: at } = await graph.getState(config)
    const isAsked = tasks.some(({ interrupts }) => interrupts.length > 0)
    if (at.configurable?.checkpoint_id !== undefined && next.length === 0) return (values as { log: string[] }).log
    const input = isAsked ? new Command({ resume: 'yes' }) : next.length > 0 ? null : { round: 0 }
    await graph.invoke(input as never, config)
  }
}

const [, , url, orgId, threadId] = process.argv
if (url !== undefined && orgId !== undefined && threadId !== undefined && process.send) {
  const database = openDatabase({ url, poolSize: 4 })
  const graph = buildGraph(createTestSaver(database, { orgId }), (step) => process.send?.({ step }))
  const log = await runToEnd(graph, threadId)
  process.send({ log })
  await database.destroy()
}
