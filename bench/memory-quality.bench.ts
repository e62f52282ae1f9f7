import { untilDigested } from '../demo/play-transcript.ts'
import { createRuntime } from '../runtime.ts'
import { factsByRules } from '../workers/memory/local-rules/fact-rules.ts'
import { type Benchmark, round, withServices } from './benchmark.ts'
import { type ScriptedTurn, scriptedConversations } from './inputs/scripted-conversations.ts'

/**
 * What is remembered of conversations in which things are repeated and change, with the local provider: duplicates, facts that are outdated and
 * shown as if they held, and what is missing. Beside it the same extractor without reconciliation, which merges equal sentences only.
 */

const benchmark: Benchmark = {
  usage: [],
  run: () =>
    withServices(async ({ addresses }) => {
      const runtime = createRuntime({ ...addresses, digestWindowMs: 200, digestMaxWaitMs: 60_000, logLevel: 'error' })
      await runtime.connect()
      await runtime.startWorkers()
      try {
        const ours: Shown[] = []
        const alone: Shown[] = []
        for (const { name: orgId, turns } of scriptedConversations()) {
          for (const sessionTurns of Map.groupBy(turns, ({ session }) => session).values()) {
            for (const { turnId, session, at, speaker, text } of sessionTurns) {
              const messages = [{ role: 'user' as const, name: speaker, content: text }]
              await runtime.memory.recordTurn({ orgId, workstreamId: `s${session}`, turnId, at, messages })
            }
            await untilDigested(runtime.memory, [orgId], () => {}, 50)
          }
          const memories = await runtime.memory.list({ orgId, limit: 1_000 })
          ours.push({ turns, memories: memories.map(({ sources }) => sources.map(({ turnId }) => turnId)) })
          alone.push({ turns, memories: withoutReconciliation(turns) })
        }
        console.log('                 memories  duplicates  outdated  missing')
        const figures = qualityOf(ours)
        const baseline = qualityOf(alone)
        printRow('afterturn', figures)
        printRow('sentences only', baseline)
        return { ...figures, baseline }
      } finally {
        await runtime.disconnect()
      }
    }),
}
export default benchmark

/** What is shown of a conversation: memories by the turns that they come from. */
type Shown = { readonly turns: readonly ScriptedTurn[]; readonly memories: readonly (readonly string[])[] }
type Quality = {
  memories: number
  duplicates: number
  outdated: number
  missing: number
  duplicateRate: number
  outdatedRate: number
}

function withoutReconciliation(turns: readonly ScriptedTurn[]): string[][] {
  const { facts } = factsByRules({
    turns: turns.map(({ at, speaker, text }, turn) => ({ turn, at, speaker, role: 'user', text })),
  })
  const byFact = Map.groupBy(facts, ({ fact }) => fact.toLowerCase())
  return [...byFact.values()].map((same) => same.map(({ turn }) => turns[turn]?.turnId ?? ''))
}

function qualityOf(shown: readonly Shown[]): Quality {
  let [memories, duplicates, outdated, missing] = [0, 0, 0, 0]
  for (const { turns, memories: all } of shown) {
    const turnById = new Map(turns.map((turn) => [turn.turnId, turn]))
    const truth = new Map(turns.flatMap(({ property, value }) => (property === undefined ? [] : [[property, value]])))
    const stated = all.flatMap((sources) => {
      const turn = turnById.get(sources.at(-1) ?? '')
      return turn?.property === undefined ? [] : [{ property: turn.property, value: turn.value }]
    })
    const right = stated.filter(({ property, value }) => truth.get(property) === value)
    memories += stated.length
    outdated += stated.length - right.length
    duplicates += right.length - new Set(right.map(({ property }) => property)).size
    missing += [...truth.keys()].filter((property) => right.every((one) => one.property !== property)).length
  }
  const rate = (count: number) => round(count / (memories || 1))
  return { memories, duplicates, outdated, missing, duplicateRate: rate(duplicates), outdatedRate: rate(outdated) }
}

function printRow(name: string, { memories, duplicates, outdated, missing }: Quality): void {
  const cells = [memories, duplicates, outdated, missing].map((value) => String(value).padStart(10))
  console.log(name.padEnd(15) + cells.join(''))
}
