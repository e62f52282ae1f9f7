import type { ModelTask } from '../../../shared/ai/model-task.ts'
import { strictJsonSchema } from '../../../shared/ai/openai/strict-json-schema.ts'

/**
 * Owns what a question for a model may cost beside the words that it is about. The overhead of a call is all that is sent for the model to read
 * (instructions, the schema of the answer, names, numbers, days, punctuation, escapes) less the words of the messages or facts in question.
 */

/** Of the 1,500 tokens that a call may cost, less what encodings differ. */
export const MAX_OVERHEAD_TOKENS = 1_400

export type CountTokens = (text: string) => number

/** The tokens of a question about nothing, its schema included. */
export function emptyQuestionTokens<Input, Output>(
  { name, output, prompt }: ModelTask<Input, Output>,
  nothing: Input,
  countTokens: CountTokens,
): number {
  const format = { type: 'json_schema', json_schema: { name, strict: true, schema: strictJsonSchema(output) } }
  const contents = prompt(nothing).map(({ content }) => content)
  return countTokens([...contents, JSON.stringify(format)].join('\n'))
}
