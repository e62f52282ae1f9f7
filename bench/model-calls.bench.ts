import { playTranscript } from '../demo/play-transcript.ts'
import { readTranscript, type Transcript } from '../demo/transcript.ts'
import { createRuntime, type Runtime } from '../runtime.ts'
import { embedLocally, LOCAL_EMBEDDING_MODEL } from '../shared/ai/local/embedder.ts'
import { countTokens } from '../shared/ai/tokens/token-count.ts'
import type { ChatBody } from '../test/helpers/models/model-answers.ts'
import { type ModelServer, startModelServer } from '../test/helpers/models/model-server.ts'
import { factsByRules } from '../workers/memory/local-rules/fact-rules.ts'
import { type Benchmark, round, withServices } from './benchmark.ts'

/**
 * How often a language model is called for each turn, to extract and to reconcile, and what each call costs beside the words it is about.
 * A server that speaks the OpenAI API counts; it answers with the facts and the vectors of the local rules. mem0 calls once an add.
 */

/** Longer than a session takes to record. By the default window too, a session is over before its digest is due. */
const DIGEST_WINDOW_MS = 1_000

type Call = { readonly task: string; readonly promptTokens: number; readonly overheadTokens: number }

const benchmark: Benchmark = {
  usage: ['FILE'],
  run: ([file = '']) =>
    withServices(async ({ addresses }) => {
      const model = await startModelServer()
      model.completionFor(answerByRules)
      model.vectorFor(embedLocally)
      const runtime = createRuntime({
        ...addresses,
        openaiBaseUrl: model.url,
        embeddingDims: LOCAL_EMBEDDING_MODEL.dims,
        digestWindowMs: DIGEST_WINDOW_MS,
        digestMaxWaitMs: 60_000,
        logLevel: 'error',
      })
      await runtime.connect()
      await runtime.startWorkers()
      try {
        const transcripts = await readTranscript(file)
        await Promise.all(transcripts.map((transcript) => playSessions(runtime, transcript)))
        const turns = transcripts.reduce((sum, transcript) => sum + transcript.turns.length, 0)
        return report(await callsOf(model), turns)
      } finally {
        await runtime.disconnect()
        await model.stop()
      }
    }),
}
export default benchmark

/** A session after the other, as they happened: each is digested before the next begins. */
async function playSessions(runtime: Runtime, transcript: Transcript): Promise<void> {
  for (const turns of Map.groupBy(transcript.turns, ({ sessionId }) => sessionId).values()) {
    await playTranscript(runtime.memory, { ...transcript, turns })
    while ((await runtime.memory.status({ orgId: transcript.conversationId })).turns.pending > 0)
      await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

type Line = { turn: number; speaker?: string; text: string }

function answerByRules(body: ChatBody): unknown {
  if (taskOf(body) !== 'extract-facts') return { decisions: [] }
  let speaker = ''
  const turns = linesOf(body).map((line) => {
    speaker = line.speaker ?? speaker
    return { turn: line.turn, at: new Date(0), speaker, role: 'user', text: line.text }
  })
  return factsByRules({ turns })
}

function linesOf(body: ChatBody): Line[] {
  const text = body.messages.at(-1)?.content ?? ''
  return text.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))
}

function taskOf(body: ChatBody): string {
  return body.response_format?.json_schema?.name ?? 'other'
}

async function callsOf(model: ModelServer): Promise<Call[]> {
  const bodies = model.requests.filter(({ path }) => path === '/chat/completions').map(({ body }) => body as ChatBody)
  return Promise.all(
    bodies.map(async (body) => {
      const prompt = body.messages.map(({ content }) => content).join('\n')
      const promptTokens = await countTokens(`${prompt}\n${JSON.stringify(body.response_format)}`)
      const said = linesOf(body).map((line) => line.text ?? (line as { says?: string }).says ?? '')
      return { task: taskOf(body), promptTokens, overheadTokens: promptTokens - (await countTokens(said.join('\n'))) }
    }),
  )
}

function report(calls: readonly Call[], turns: number): Record<string, unknown> {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / (values.length || 1)
  console.log(`${turns} turns`)
  for (const [task, of] of Map.groupBy(calls, (call) => call.task)) {
    const overheads = of.map(({ overheadTokens }) => overheadTokens)
    console.log(
      `${task.padEnd(16)} ${String(of.length).padStart(5)} calls, prompt ${mean(of.map(({ promptTokens }) => promptTokens)).toFixed(0)} tokens, of these overhead ${mean(overheads).toFixed(0)}, ${Math.max(...overheads)} at most`,
    )
  }
  const tokens = calls.reduce((sum, { promptTokens }) => sum + promptTokens, 0)
  const figures = {
    callsPerTurn: round(calls.length / turns),
    promptOverheadTokens: Math.round(mean(calls.map(({ overheadTokens }) => overheadTokens))),
    promptOverheadTokensMax: Math.max(...calls.map(({ overheadTokens }) => overheadTokens)),
    promptTokensPer100Turns: Math.round((tokens / turns) * 100),
    callsPer100Turns: round((calls.length / turns) * 100),
    turns,
  }
  console.log(`${figures.callsPerTurn} calls a turn, ${figures.promptTokensPer100Turns} prompt tokens for 100 turns`)
  return figures
}
