import type OpenAI from 'openai'
import type { z } from 'zod'
import { AfterturnError } from '../errors.ts'
import { usageOfAnswer } from './answer-usage.ts'
import type { Completion } from './model-provider.ts'
import type { ChatMessage, ModelTask } from './model-task.ts'
import type { Feature, OpenAiConnection } from './openai-connection.ts'
import type { ModelFailure } from './openai-errors.ts'
import { type JsonSchema, strictJsonSchema } from './strict-json-schema.ts'

/**
 * Owns how a task becomes a chat completion and its answer the task's output.
 * Guarantees: what comes back has passed the task's schema, or is what the task salvages. Quotes none of it in an error: it holds users' words.
 */

type Request = OpenAI.Chat.Completions.ChatCompletionCreateParamsNonStreaming
type Answer = OpenAI.Chat.Completions.ChatCompletion

// These models think before they answer, and their thoughts count as output: without room for them the answer is cut off.
const REASONING_MODELS = /^(o\d|gpt-5)/
const REASONING_TOKENS = 4_096
const MAX_NAMED_ISSUES = 3
/** Far beyond any task's tokens. A server that ignores them may send millions of items, and each would be a fault to describe. */
const MAX_ANSWER_CHARS = 500_000

/**
 * Asks one task of a model: with its JSON schema, or, of a server that knows no schemas, as any JSON object with the schema in the prompt.
 * @throws MODEL_OUTPUT_INVALID for an answer that is cut off, refused, not JSON or of another shape; and as `request`.
 */
export async function completeTask<Input, Output>(
  connection: OpenAiConnection,
  model: string,
  task: ModelTask<Input, Output>,
  input: Input,
  signal: AbortSignal | undefined,
): Promise<Completion<Output>> {
  const messages = task.prompt(input)
  const schema = strictJsonSchema(task.output)
  const isReasoning = REASONING_MODELS.test(model)
  const own: Feature[] = isReasoning ? ['reasoningEffort'] : ['temperature']
  const uses: Feature[] = ['jsonSchema', 'maxCompletionTokens', ...own]
  const maxTokens = task.maxOutputTokens + (isReasoning ? REASONING_TOKENS : 0)

  const answer = await connection.request<Answer>(
    {
      model,
      uses,
      texts: () => messages.map(({ content }) => content),
      tokensOf: (given: Partial<Answer> | undefined) => {
        const { inputTokens, outputTokens } = usageOfAnswer(given)
        return inputTokens + outputTokens || undefined
      },
      send(client, features, stop) {
        const body: Request = {
          model,
          ...(features.has('jsonSchema') ? withSchema(task.name, schema, messages) : withoutSchema(schema, messages)),
          ...(features.has('maxCompletionTokens') ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens }),
          ...(features.has('reasoningEffort') ? { reasoning_effort: 'low' } : {}),
          ...(features.has('temperature') && task.temperature !== undefined ? { temperature: task.temperature } : {}),
        }
        return client.chat.completions.create(body, { signal: stop })
      },
    },
    signal,
  )
  return { output: readOutput(task, input, answer), usage: usageOfAnswer(answer) }
}

function withSchema(
  name: string,
  schema: JsonSchema,
  messages: ChatMessage[],
): Pick<Request, 'messages' | 'response_format'> {
  return {
    messages,
    response_format: {
      type: 'json_schema',
      json_schema: { name, strict: true, schema: schema as Record<string, unknown> },
    },
  }
}

function withoutSchema(schema: JsonSchema, messages: ChatMessage[]): Pick<Request, 'messages' | 'response_format'> {
  const shape: ChatMessage = {
    role: 'system',
    content: `Answer with one JSON object of this JSON schema, and nothing else:\n${JSON.stringify(schema)}`,
  }
  return { messages: [shape, ...messages], response_format: { type: 'json_object' } }
}

function readOutput<Input, Output>(task: ModelTask<Input, Output>, input: Input, answer: Answer): Output {
  const fail = (reason: string) =>
    new AfterturnError('MODEL_OUTPUT_INVALID', `Task ${task.name} v${task.version}: ${reason}`, {
      cause: { usage: usageOfAnswer(answer) } satisfies ModelFailure,
    })
  // A server at a wrong address answers 200 with anything, so the SDK's types promise too much.
  const choice = (answer as Partial<Answer> | undefined)?.choices?.[0]
  const content = choice?.message?.content
  if (choice?.message?.refusal) throw fail('the model refused to answer')
  if (choice?.finish_reason === 'content_filter') throw fail("the provider's content filter stopped the answer")
  if (typeof content !== 'string' || content === '') throw fail('expected a chat completion with content, got none')

  const text = content.slice(0, MAX_ANSWER_CHARS)
  // Some servers say "length" of whatever ends: what is whole JSON has not been cut.
  const read = text.length < content.length ? `got ${content.length} characters` : parseOutput(task, text)
  if (typeof read !== 'string') return read.output
  const isCutOff = choice?.finish_reason === 'length' || text.length < content.length
  const salvaged = task.salvage?.({ text, isCutOff }, input)
  if (salvaged !== undefined) return task.output.parse(salvaged)
  throw fail(isCutOff ? `the answer was cut off at ${task.maxOutputTokens} tokens` : read)
}

/** The output, or what is wrong with it. */
function parseOutput<Input, Output>(task: ModelTask<Input, Output>, content: string): { output: Output } | string {
  let value: unknown
  try {
    value = JSON.parse(content)
  } catch {
    return `expected JSON, got ${content.length} characters that are not`
  }
  const result = task.output.safeParse(value)
  return result.success ? { output: result.data } : describeIssues(result.error)
}

function describeIssues(error: z.ZodError): string {
  const named = error.issues
    .slice(0, MAX_NAMED_ISSUES)
    .map((issue) => `${issue.path.join('.') || 'answer'}: ${issue.message}`)
  const others = error.issues.length - named.length
  return `${named.join('; ')}${others > 0 ? `; and ${others} more` : ''}`
}
