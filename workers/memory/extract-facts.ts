import type { ModelTask } from '../../shared/ai/model-task.ts'
import { factPrompt } from './fact-prompt.ts'
import { factsByRules } from './fact-rules.ts'
import { type ExtractFactsInput, type ExtractFactsOutput, extractFactsOutput } from './facts.ts'

/** Owns the question "what is worth remembering in these turns?": its prompt for a model, its rules without one. */

/** Room for some sixty facts; a batch that needs more is split. */
const MAX_OUTPUT_TOKENS = 4_000

/** Which facts some turns hold. The answer is a proposal: whoever stores it checks quotes and turn numbers against the turns. */
export const extractFacts: ModelTask<ExtractFactsInput, ExtractFactsOutput> = {
  name: 'extract-facts',
  version: 1,
  output: extractFactsOutput,
  maxOutputTokens: MAX_OUTPUT_TOKENS,
  temperature: 0,
  prompt: factPrompt,
  rules: factsByRules,
}
