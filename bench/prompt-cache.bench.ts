import { generateText, type ModelMessage, wrapLanguageModel } from 'ai'
import { MockLanguageModelV4 } from 'ai/test'
import { memoryMiddleware } from '../adapters/ai-sdk/memory-middleware.ts'
import { createRuntime, type Runtime } from '../runtime.ts'
import { countTokens } from '../shared/ai/tokens/token-count.ts'
import { silentLog } from '../shared/observe/log.ts'
import { type Benchmark, round, withServices } from './benchmark.ts'

/**
 * How much of each prompt is the same, from its beginning, as the prompt before: what a provider's cache can serve. Ours keeps what is remembered beside the
 * message that it was searched for; beside it the same blocks put into the system prompt, as other memory providers do.
 */

const TURNS = 20
const SYSTEM =
  'You are the assistant of a moving company. Answer in two sentences, politely, and name the next step. '.repeat(8)
const CITIES = ['Lisbon', 'Porto', 'Madrid', 'Lyon', 'Turin', 'Ghent', 'Bonn', 'Graz', 'Brno', 'Riga']

const benchmark: Benchmark = {
  usage: [],
  run: () =>
    withServices(async ({ addresses }, stack) => {
      const runtime = createRuntime({ ...addresses }, { log: silentLog })
      stack.defer(() => runtime.disconnect())
      await runtime.connect()
      for (const [index, city] of CITIES.entries())
        await runtime.memory.add({ orgId: 'acme', userId: 'maya', fact: `Maya's box ${index} is stored in ${city}.` })
      const figures = {
        kept: await stableShare(runtime, 'kept'),
        newest: await stableShare(runtime, 'newest'),
        system: await stableShare(runtime, 'system'),
      }
      console.table(figures)
      return { stablePrefixShare: figures.kept, newestShare: figures.newest, systemInjectionShare: figures.system }
    }),
}
export default benchmark

async function stableShare(runtime: Runtime, way: 'kept' | 'newest' | 'system'): Promise<number> {
  const prompts: string[] = []
  const mock = new MockLanguageModelV4({
    doGenerate: async ({ prompt }) => {
      prompts.push(prompt.map((message) => JSON.stringify(message)).join('\n'))
      const text = `I have noted question ${prompts.length}. The next step is a call with our office in the morning.`
      return {
        content: [{ type: 'text', text }],
        finishReason: { unified: 'stop', raw: 'stop' },
        usage: USAGE,
        warnings: [],
      }
    },
  })
  const whose = { orgId: 'acme', userId: 'maya', workstreamId: `talk-${way}` }
  const options = way === 'system' ? whose : { ...whose, blocks: way }
  const model =
    way === 'system' ? mock : wrapLanguageModel({ model: mock, middleware: memoryMiddleware(runtime, options) })
  const messages: ModelMessage[] = []
  for (let turn = 0; turn < TURNS; turn++) {
    const query = `Which of my boxes is stored in ${CITIES[turn % CITIES.length]}, and may I have box ${turn} by Friday?`
    messages.push({ role: 'user', content: query })
    const block =
      way === 'system' ? (await runtime.memory.promptBlock({ ...whose, query, budgetTokens: 600 })).text : ''
    const { text } = await generateText({ model, system: block === '' ? SYSTEM : `${SYSTEM}\n${block}`, messages })
    messages.push({ role: 'assistant', content: text })
  }
  let [same, all] = [0, 0]
  for (const [index, prompt] of prompts.entries()) {
    if (index === 0) continue
    same += await countTokens(prompt.slice(0, commonLength(prompts[index - 1] ?? '', prompt)))
    all += await countTokens(prompt)
  }
  return round(same / all)
}

const USAGE = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
}

function commonLength(one: string, other: string): number {
  let at = 0
  while (at < one.length && one[at] === other[at]) at += 1
  return at
}
