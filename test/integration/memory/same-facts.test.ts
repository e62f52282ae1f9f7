import { expect, it } from 'vitest'
import { environmentOf, startProcess } from '../../../cli/services/services.ts'
import { type ChatBody, factsOfTurns } from '../../helpers/models/model-answers.ts'
import { startModelServer } from '../../helpers/models/model-server.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { untilSettled } from '../../helpers/until.ts'

/** Reconciliation between processes: what several learn at once is known once. */

const runtimes = useRuntimes(useStore())
const PROCESSES = 8
const TURNS = 10
const FACTS_PER_TURN = 20
/** Eight processes start on what cores there are, and compile what they use. */
const TIMEOUT_MS = 480_000

/** A fact for each sentence of each turn, quoted; the last sentence of a turn is Maya's home. */
function factsOfSentences(body: ChatBody) {
  const quoted = factsOfTurns(body).facts as { quote: string; turn: number }[]
  return {
    facts: quoted.flatMap(({ quote, turn }) =>
      quote.split(/(?<=\.) /).map((fact) => ({
        fact: fact.replace('I live', 'Maya lives'),
        kind: 'fact',
        quote: fact,
        turn,
        subject: 'Maya',
        attribute: fact.startsWith('I live') ? 'residence' : null,
      })),
    ),
  }
}

it(
  '8 processes that add the same 200 facts at once make 200 memories, of which one is where somebody lives',
  async () => {
    const model = await startModelServer()
    model.completionFor(factsOfSentences)
    const settings = {
      openaiBaseUrl: model.url,
      embeddingDims: 16,
      orgConcurrency: PROCESSES,
      memoryExtractionConcurrency: 1,
    }
    const runtime = await runtimes.start(settings)
    const queue = runtime.queues.queue('memory-extraction')
    await queue.pause()
    const orgId = 'same'
    for (let stream = 0; stream < PROCESSES; stream += 1) {
      for (let turn = 0; turn < TURNS; turn += 1) {
        const things = Array.from({ length: FACTS_PER_TURN - 1 }, (_, n) => `I own boat ${turn}-${n}.`)
        const last = turn === TURNS - 1 ? `I live in town ${stream}.` : `I own the oar ${turn}.`
        await runtime.memory.recordTurn({
          orgId,
          workstreamId: `w${stream}`,
          turnId: `t${turn}`,
          at: new Date(Date.UTC(2026, 0, 1 + turn, stream)),
          messages: [{ role: 'user', name: 'Maya', content: [...things, last].join(' ') }],
        })
      }
      await runtime.memory.extractNow({ orgId, workstreamId: `w${stream}`, turnId: `t${TURNS - 1}` })
    }
    const environment = { ...process.env, ...environmentOf(runtimes.config(settings)), LOG_LEVEL: 'error' }
    const workers = await Promise.all(
      Array.from({ length: PROCESSES }, () => startProcess('memory-extraction', environment)),
    )
    try {
      await queue.resume()
      const status = await untilSettled(runtime, orgId, TIMEOUT_MS / 2)
      expect(status).toMatchObject({
        turns: { extracted: PROCESSES * TURNS },
        memories: TURNS * FACTS_PER_TURN,
        deadLetters: [],
      })
      const memories = await runtime.memory.list({ orgId, limit: 1_000 })
      const homes = memories.filter(({ attribute }) => attribute === 'residence')
      expect(homes.map(({ fact }) => fact)).toEqual([`Maya lives in town ${PROCESSES - 1}.`])
      const others = memories.filter(({ attribute }) => attribute === null)
      expect(new Set(others.map(({ sources }) => sources.length))).toEqual(new Set([PROCESSES]))
      const all = await runtime.database
        .selectFrom('memories')
        .select('superseded_by')
        .where('attribute', '=', 'residence')
        .execute()
      expect(all).toHaveLength(PROCESSES)
      expect(all.filter((row) => row.superseded_by === null)).toHaveLength(1)
    } finally {
      await Promise.all(workers.map((worker) => worker.stop()))
      await model.stop()
    }
  },
  TIMEOUT_MS,
)
