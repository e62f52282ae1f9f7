import type { ModelTask } from '../../shared/ai/model-task.ts'
import { salvageSummary } from './salvage-summary.ts'
import { type SummaryInput, type SummaryOutput, summaryOutput } from './summary-input.ts'
import { summaryPrompt } from './summary-prompt.ts'
import { summaryByRules } from './summary-rules.ts'

/** Room for the lists; quotes are named by number and cost nothing. */
const MAX_OUTPUT_TOKENS = 4_000

/** What stands for some messages and for all before them. The answer is a proposal: the guard checks it before anything is written. */
export const summariseMessages: ModelTask<SummaryInput, SummaryOutput> = {
  name: 'summarise-messages',
  version: 2,
  output: summaryOutput,
  maxOutputTokens: MAX_OUTPUT_TOKENS,
  temperature: 0,
  prompt: summaryPrompt,
  salvage: salvageSummary,
  rules: summaryByRules,
}
