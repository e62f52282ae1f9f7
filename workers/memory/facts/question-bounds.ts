import type { ModelTask } from '../../../shared/ai/model-task.ts'
import { strictJsonSchema } from '../../../shared/ai/openai/strict-json-schema.ts'

/**
 * Owns what a question for a model may cost beside the words that it is about. The overhead of a call is all that is sent for the model to read
 * (instructions, the schema of the answer, names, numbers, days, punctuation, escapes) less the words of the messages or facts in question.
 */

/** Of the 1,500 tokens that a call may cost, less what encodings differ. */
export const MAX_OVERHEAD_TOKENS = 1_400

export type CountTokens = (text: string) => number

/** What is known of tasks, by who counts. */
const counted = new WeakMap<object, WeakMap<CountTokens, number>>()

/** The tokens of a question about nothing, its schema included; counted once. */
export function emptyQuestionTokens<Input, Output>(
  task: ModelTask<Input, Output>,
  nothing: Input,
  countTokens: CountTokens,
): number {
  const ofTask = counted.get(task) ?? new WeakMap<CountTokens, number>()
  counted.set(task, ofTask)
  const known = ofTask.get(countTokens)
  if (known !== undefined) return known
  const { name, output, prompt } = task
  const format = { type: 'json_schema', json_schema: { name, strict: true, schema: strictJsonSchema(output) } }
  const contents = prompt(nothing).map(({ content }) => content)
  const tokens = countTokens([...contents, JSON.stringify(format)].join('\n'))
  ofTask.set(countTokens, tokens)
  return tokens
}
