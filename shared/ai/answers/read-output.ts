import type OpenAI from 'openai'
import type { z } from 'zod'
import { AfterturnError } from '../../errors.ts'
import type { ModelUsage } from '../model-provider.ts'
import type { ModelTask } from '../model-task.ts'
import type { ModelFailure } from '../openai/openai-errors.ts'
import { usageOfAnswer } from './answer-usage.ts'
import { type Fit, fitAnswer, namesFieldOf } from './fit-answer.ts'
import { findJson, isWholeAnswer, unquoted } from './json-in-text.ts'
import { storableAnswer } from './storable-answer.ts'

/**
 * Owns how a chat completion becomes the task's output. Guarantees: what comes back can be stored and has passed the task's schema, or is what the task
 * salvages; of several answers in one text the last counts; thoughts are no answer. Quotes none of it in an error: it holds users' words.
 */

type Answer = OpenAI.Chat.Completions.ChatCompletion

const MAX_NAMED_ISSUES = 3
/** Far beyond any task's tokens. A server that ignores them may send millions of items, and each would be a fault to describe. */
const MAX_ANSWER_CHARS = 500_000

/**
 * The output of a task. A failure carries `paid`, what was paid for the answer and for those before it.
 * @throws MODEL_OUTPUT_INVALID for an answer that is cut off, refused, not JSON or of another shape
 */
export function readOutput<Input, Output>(
  task: ModelTask<Input, Output>,
  input: Input,
  answer: Answer,
  paid: ModelUsage = usageOfAnswer(answer),
): Output {
  const fail = (reason: string, cause: ModelFailure = {}) =>
    new AfterturnError('MODEL_OUTPUT_INVALID', `Task ${task.name} v${task.version}: ${reason}`, {
      cause: { call: 'complete', usage: paid, ...cause } satisfies ModelFailure,
    })
  // A server at a wrong address answers 200 with anything, so the SDK's types promise too much.
  const choice = (answer as Partial<Answer> | undefined)?.choices?.[0]
  // A filter that leaves no choice says something of this question; whoever has no choices speaks another API.
  if (choice === undefined && Array.isArray(answer?.choices)) throw fail('expected a choice, got none')
  if (choice === undefined)
    throw fail('expected a chat completion, got something else; check the base URL', { isForAll: true })
  const content =
    unquoted(textOf(choice.message?.content)) || calledWith(choice.message) || answerAmongThoughts(choice.message)
  if (choice.message?.refusal) throw fail('the model refused to answer')
  if (choice.finish_reason === 'content_filter') throw fail("the provider's content filter stopped the answer")
  if (content === '') throw fail('expected a chat completion with content, got none')

  const text = content.slice(0, MAX_ANSWER_CHARS)
  const isTooLong = text.length < content.length
  const isCutOff = choice.finish_reason === 'length' || isTooLong
  const found = findJson(text)
  // Some servers say "length" of whatever ends: what is whole JSON has not been cut.
  const read = isTooLong || found.isBroken ? undefined : lastThatFits(task.output, found.values)
  if (read && 'output' in read) return read.output
  const salvaged = task.salvage?.({ text: found.text, isCutOff }, input)
  if (salvaged !== undefined) return task.output.parse(storableAnswer(salvaged))
  if (isCutOff) throw fail(`the answer was cut off at ${task.maxOutputTokens} tokens`)
  const fault = read ? describeIssues(read.error) : `expected JSON, got ${content.length} characters that are not`
  throw fail(fault, { isOfOtherShape: true })
}

/** Mistral's models that reason answer in parts, of which the thoughts are none of the text. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return jsonOf(content)
  const parts = content as readonly ({ readonly type?: unknown; readonly text?: unknown } | null)[]
  return parts.map((part) => (part?.type === 'text' && typeof part.text === 'string' ? part.text : '')).join('')
}

/** Some gateways make a tool of a schema, and the model calls it in place of an answer. */
function calledWith(message: Partial<Answer['choices'][number]['message']> | undefined): string {
  const [call] = message?.tool_calls ?? []
  const given =
    call?.type === 'custom' ? call.custom.input : (call ?? { function: message?.function_call }).function?.arguments
  return typeof given === 'string' ? given : jsonOf(given)
}

/** Some servers have parsed the JSON already. */
function jsonOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : ''
}

/** vLLM takes what a model answers without thinking for its thoughts: JSON and nothing else is no thought. */
function answerAmongThoughts(message: object | undefined): string {
  const { reasoning_content: thoughts, reasoning = thoughts } = (message ?? {}) as Readonly<Record<string, unknown>>
  return typeof reasoning === 'string' && isWholeAnswer(reasoning) ? reasoning : ''
}

/**
 * The last value that has a field of what was asked for, whether it fits or not: a draft before it is no answer. Where none has, the last that can be
 * read as an answer, one that says something first.
 */
function lastThatFits<Output>(schema: z.ZodType<Output>, values: readonly unknown[]): Fit<Output> | undefined {
  const named = values.findLast((value) => namesFieldOf(schema, value))
  if (named !== undefined) return fitAnswer(schema, storableAnswer(named))
  const filled = values.filter((value) => !Array.isArray(value) || value.length > 0)
  const fits = (filled.length > 0 ? filled : values).map((value) => fitAnswer(schema, storableAnswer(value)))
  return fits.findLast((fit) => 'output' in fit) ?? fits.at(-1)
}

function describeIssues(error: z.ZodError): string {
  const named = error.issues
    .slice(0, MAX_NAMED_ISSUES)
    .map((issue) => `${issue.path.join('.') || 'answer'}: ${issue.message}`)
  const others = error.issues.length - named.length
  return `${named.join('; ')}${others > 0 ? `; and ${others} more` : ''}`
}
