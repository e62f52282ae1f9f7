import type OpenAI from 'openai'
import { usageOfAnswer } from './answer-usage.ts'
import type { Completion } from './model-provider.ts'
import type { ChatMessage, ModelTask } from './model-task.ts'
import type { Feature, OpenAiConnection } from './openai-connection.ts'
import { readOutput } from './read-output.ts'
import { type JsonSchema, strictJsonSchema } from './strict-json-schema.ts'

/** Owns how a task becomes a chat completion: its fields, as far as the server knows them. */

type Request = OpenAI.Chat.Completions.ChatCompletionCreateParamsNonStreaming
type Answer = OpenAI.Chat.Completions.ChatCompletion

// These models think before they answer, and their thoughts count as output: without room for them the answer is cut off.
const REASONING_MODELS = /^(o\d|gpt-5)/
const REASONING_TOKENS = 4_096

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
      call: 'complete',
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
