import { createProvider } from '../../shared/ai/create-provider.ts'
import { describeProvider } from '../../shared/ai/describe-provider.ts'
import type { ModelProvider } from '../../shared/ai/model-provider.ts'
import type { ModelTask } from '../../shared/ai/model-task.ts'
import { readContextTokens } from '../../shared/ai/openai/model-window.ts'
import { failureOf } from '../../shared/ai/openai/openai-errors.ts'
import { OPENAI_BASE_URL } from '../../shared/ai/openai/openai-provider.ts'
import { plainQuestion } from '../../shared/ai/probe-model.ts'
import { serverOf } from '../../shared/ai/server-quirks.ts'
import type { Config } from '../../shared/config.ts'
import { AfterturnError, isAfterturnError } from '../../shared/errors.ts'
import type { ServerQuirk } from '../../shared/store/models/server-quirks.ts'
import type { Check } from './doctor-report.ts'

/** Owns what the doctor finds out about the models: it asks each once, and says what works and how fast. It keeps nothing. */

const LIST_TIMEOUT_MS = 3_000

type Asked = { readonly isCalled: boolean; readonly known: readonly ServerQuirk[] }

/** Checks the completion and the embedding model; with `isCalled` false it only says which they are, and what was found out before. */
export async function checkModels(config: Config, { isCalled, known }: Asked): Promise<Check[]> {
  const found: string[] = []
  const provider = createProvider(config, {
    quirks: {
      read: async (server, model) =>
        known.filter((one) => one.server === server && one.model === model).map(({ feature }) => feature),
      async keep(_server, model, feature) {
        if (model === config.completionModel) found.push(feature)
      },
    },
  })
  const name = 'Model'
  const at = config.openaiBaseUrl ?? 'OpenAI'
  if (!provider.readsPrompts)
    return [
      {
        name,
        isGood: true,
        finding: `${describeProvider(provider)}; set OPENAI_API_KEY or OPENAI_BASE_URL to use an LLM`,
      },
    ]
  const { completionModel } = provider
  const asked = serverOf(config.openaiBaseUrl ?? OPENAI_BASE_URL)
  const before = known.flatMap(({ server, model, feature }) =>
    server === asked && model === completionModel ? [feature] : [],
  )
  const lacks = () => new Set([...before, ...found])
  if (!isCalled)
    return [
      {
        name,
        isGood: true,
        finding: `${describeProvider(provider)} at ${at} (not called)`,
        details: describeLacks(lacks()),
      },
    ]
  return [await checkCompletion(provider, config, at, lacks), await checkEmbedding(provider, config, at)]
}

/** Without the leniency of a probe: what the model makes of a schema is what is asked. */
const { salvage: _, ...strictQuestion } = plainQuestion
const question: ModelTask<null, { answer: string }> = strictQuestion

async function checkCompletion(
  provider: ModelProvider,
  config: Config,
  at: string,
  lacks: () => ReadonlySet<string>,
): Promise<Check> {
  const name = 'Model'
  const startedMs = performance.now()
  try {
    const { usage } = await provider.complete(question, null, {})
    const ms = performance.now() - startedMs
    const { completionModel: model } = provider
    const server = { baseUrl: config.openaiBaseUrl ?? OPENAI_BASE_URL, apiKey: config.openaiApiKey, model }
    const told = config.completionContextTokens ?? (await readContextTokens({ ...server, timeoutMs: LIST_TIMEOUT_MS }))
    const speed =
      usage.outputTokens > 0 ? `, ${Math.round((1_000 * usage.outputTokens) / ms)} tokens/s` : ', usage not reported'
    const window = told ? `context ${told} tokens` : 'context unknown: set COMPLETION_CONTEXT_TOKENS if it is short'
    return {
      name,
      isGood: true,
      finding: `${model} at ${at} answers in ${Math.round(ms)} ms${speed}`,
      details: [window, ...describeLacks(lacks())],
    }
  } catch (error) {
    return describeFailure(name, `${provider.completionModel} at ${at}`, error)
  }
}

async function checkEmbedding(provider: ModelProvider, config: Config, at: string): Promise<Check> {
  const name = 'Embeddings'
  const { model, dims } = provider.embeddingModel
  const where = config.embeddingBaseUrl ?? at
  const startedMs = performance.now()
  try {
    await provider.embed(['hello'], {})
    return {
      name,
      isGood: true,
      finding: `${model} at ${where} answers in ${Math.round(performance.now() - startedMs)} ms, ${dims} dimensions`,
    }
  } catch (error) {
    const { status } = failureOf(error)
    const check = describeFailure(name, `${model} at ${where}`, error)
    if (status !== 404 && status !== 405 && status !== 501) return check
    const remedy =
      'Memories are found by their words alone. Set EMBEDDING_BASE_URL and EMBEDDING_MODEL to a server that has embeddings.'
    return { ...check, isGood: true, isWarning: true, remedy }
  }
}

/** The way to structured output that is left, and the parameters that are left out. */
function describeLacks(lacks: ReadonlySet<string>): string[] {
  const others = [...lacks].filter((one) => !OUTPUT_FEATURES.has(one)).sort()
  const leftOut = others.length > 0 ? [`left out, as the server refuses it: ${others.join(', ')}`] : []
  return [`structured output: ${wayOf(lacks)}`, ...leftOut]
}

const OUTPUT_FEATURES = new Set(['jsonSchema', 'jsonObject', 'unpromptedSchema'])

function wayOf(lacks: ReadonlySet<string>): string {
  if (lacks.has('unpromptedSchema')) return 'schema in the prompt: the server ignores `json_schema`'
  if (!lacks.has('jsonSchema')) return 'JSON schema'
  return lacks.has('jsonObject') ? 'schema in the prompt alone' : 'any JSON object, with the schema in the prompt'
}

function describeFailure(name: string, what: string, error: unknown): Check {
  const failure = isAfterturnError(error) ? error : new AfterturnError('MODEL_UNAVAILABLE', String(error))
  return { name, isGood: false, finding: `${what}: ${failure.message}`, remedy: failure.remedy }
}
