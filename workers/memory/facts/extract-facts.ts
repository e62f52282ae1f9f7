import { salvageItems } from '../../../shared/ai/answers/salvage-items.ts'
import type { ModelTask } from '../../../shared/ai/model-task.ts'
import { factsByRules } from '../local-rules/fact-rules.ts'
import { factPrompt } from './fact-prompt.ts'
import { type ExtractFactsInput, type ExtractFactsOutput, extractFactsOutput, factSchema, MAX_FACTS } from './facts.ts'

/** Owns the question "what is worth remembering in these turns?": its prompt for a model, its rules without one, and what is saved of a broken answer. */

/** Room for some fifty facts; a batch that needs more is split. */
const MAX_OUTPUT_TOKENS = 4_000

/** Which facts some turns hold. The answer is a proposal: whoever stores it checks quotes and turn numbers against the turns. */
export const extractFacts: ModelTask<ExtractFactsInput, ExtractFactsOutput> = {
  name: 'extract-facts',
  version: 5,
  output: extractFactsOutput,
  maxOutputTokens: MAX_OUTPUT_TOKENS,
  temperature: 0,
  prompt: factPrompt,
  salvage: salvageFacts,
  rules: factsByRules,
}

/**
 * The complete facts of a broken answer. One that lacks facts, being cut off or endless, is asked for again in halves, so that no turn goes
 * short; of a turn that is alone, what is there is kept.
 */
function salvageFacts(answer: { text: string; isCutOff: boolean }, input: ExtractFactsInput) {
  const { items, isWhole } = salvageItems(answer.text, 'facts')
  const facts = items.flatMap((item) => factSchema.safeParse(item).data ?? [])
  const isShort = answer.isCutOff || !isWhole || facts.length > MAX_FACTS
  const isAlone = new Set(input.turns.map(({ turn }) => turn)).size < 2
  if (isShort && !isAlone) return undefined
  if (facts.length === 0 && (isShort || items.length > 0)) return undefined
  return { facts: facts.slice(0, MAX_FACTS) }
}
