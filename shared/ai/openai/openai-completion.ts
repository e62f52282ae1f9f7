import type OpenAI from 'openai'
import { usageOfAnswer } from '../answers/answer-usage.ts'
import { readOutput } from '../answers/read-output.ts'
import { addUsage, type CallOptions, type Completion } from '../model-provider.ts'
import type { ChatMessage, ModelTask } from '../model-task.ts'
import { refuseCutPrompt } from './cut-prompt.ts'
import type { Feature, OpenAiConnection } from './openai-connection.ts'
import { failureOf } from './openai-errors.ts'
import { REASONING_TOKENS, reasoningOf } from './reasoning-models.ts'
import { type JsonSchema, strictJsonSchema } from './strict-json-schema.ts'

/** Owns how a task becomes a chat completion: its fields, as far as the server knows them. */

type Request = OpenAI.Chat.Completions.ChatCompletionCreateParamsNonStreaming
type Answer = OpenAI.Chat.Completions.ChatCompletion

/**
 * Asks one task of a model: with its JSON schema; of a server that knows no schemas, as any JSON object with the schema in the prompt; of one that knows
 * neither, by the prompt alone. A server that takes the schema and ignores it is asked once more with it in the prompt, and so from then on.
 * @throws MODEL_OUTPUT_INVALID for an answer that is cut off, refused, not JSON or of another shape, or about a part of the question; and as `request`.
 */
export async function completeTask<Input, Output>(
  connection: OpenAiConnection,
  model: string,
  task: ModelTask<Input, Output>,
  input: Input,
  options: CallOptions,
): Promise<Completion<Output>> {
  const answer = await ask(connection, model, task, input, options)
  try {
    const output = readOutput(task, input, answer)
    obedient.add(connection)
    return { output, usage: usageOfAnswer(answer) }
  } catch (error) {
    // A server that obeyed once has a model that has a bad day.
    const mayIgnoreSchema = connection.understands(model, 'unpromptedSchema') && !obedient.has(connection)
    if (!mayIgnoreSchema || !failureOf(error).isOfOtherShape) throw error
    const again = await ask(connection, model, task, input, { ...options, isSchemaTold: true })
    const usage = addUsage(usageOfAnswer(answer), usageOfAnswer(again))
    const output = readOutput(task, input, again, usage)
    connection.doWithout(model, 'unpromptedSchema')
    return { output, usage }
  }
}

/** The servers that have answered in the shape of a schema that was not in the prompt. */
const obedient = new WeakSet<OpenAiConnection>()
/** These refuse a request that names the limit twice. */
const STRICT_HOSTS = /(^|\.)(openai\.com|openai\.azure\.com|cognitiveservices\.azure\.com)$/

async function ask<Input, Output>(
  connection: OpenAiConnection,
  model: string,
  task: ModelTask<Input, Output>,
  input: Input,
  { isSchemaTold = false, ...options }: CallOptions & { readonly isSchemaTold?: boolean },
): Promise<Answer> {
  const messages = task.prompt(input)
  const schema = strictJsonSchema(task.output)
  const reasoning = reasoningOf(model)
  const own: Feature[] = reasoning ? (reasoning.takesEffort ? ['reasoningEffort'] : []) : ['temperature']
  // Ollama knows the older name of the limit only, and ignores the newer.
  const limits: Feature[] = STRICT_HOSTS.test(connection.host)
    ? ['outputLimit', 'maxCompletionTokens']
    : ['outputLimit', 'maxCompletionTokens', 'maxTokens']
  const maxTokens = task.maxOutputTokens + (reasoning ? REASONING_TOKENS : 0)
  const answer = await connection.request<Answer>(
    {
      call: 'complete',
      model,
      uses: ['jsonSchema', 'jsonObject', 'unpromptedSchema', 'wholeAnswer', ...limits, ...own],
      texts: () => messages.map(({ content }) => content),
      tokensOf: (given: Partial<Answer> | undefined) => {
        const { inputTokens, outputTokens } = usageOfAnswer(given)
        return inputTokens + outputTokens || undefined
      },
      send(client, features, stop) {
        const isTold = isSchemaTold || !features.has('jsonSchema') || !features.has('unpromptedSchema')
        const isLimited = features.has('outputLimit')
        const isLimitTwice = features.has('maxTokens') || !features.has('maxCompletionTokens')
        const body: Request = {
          model,
          messages: isTold ? [shapeOf(schema), ...messages] : messages,
          ...responseFormat(task.name, schema, features),
          ...(isLimited && features.has('maxCompletionTokens') ? { max_completion_tokens: maxTokens } : {}),
          ...(isLimited && isLimitTwice ? { max_tokens: maxTokens } : {}),
          ...(features.has('reasoningEffort') ? { reasoning_effort: 'low' } : {}),
          ...(features.has('temperature') && task.temperature !== undefined ? { temperature: task.temperature } : {}),
        }
        if (features.has('wholeAnswer')) return client.chat.completions.create(body, { signal: stop })
        const streamed = { ...body, stream: true, stream_options: { include_usage: true } }
        return client.post<Answer>('/chat/completions', { body: streamed, signal: stop })
      },
    },
    options,
  )
  await refuseCutPrompt(
    `${task.name} v${task.version}`,
    messages.map(({ content }) => content),
    answer,
  )
  return answer
}

function responseFormat(
  name: string,
  schema: JsonSchema,
  features: ReadonlySet<Feature>,
): Pick<Request, 'response_format'> {
  if (features.has('jsonSchema')) {
    const strict = { name, strict: true, schema: schema as Record<string, unknown> }
    return { response_format: { type: 'json_schema', json_schema: strict } }
  }
  return features.has('jsonObject') ? { response_format: { type: 'json_object' } } : {}
}

function shapeOf(schema: JsonSchema): ChatMessage {
  return {
    role: 'system',
    content: `Answer with one JSON object of this JSON schema, and nothing else:\n${JSON.stringify(schema)}`,
  }
}
