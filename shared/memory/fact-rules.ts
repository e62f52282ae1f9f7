import { termsOf } from '../ai/local/terms.ts'
import type { FactRules } from '../store/erasing/reword-memories.ts'
import { hashFact } from './hash-fact.ts'
import { turnText } from './recording/turn-text.ts'

/** How texts are indexed and compared: by extraction, and by whatever rewords or erases what it wrote. */
export const FACT_RULES: FactRules = { ofTurn: (messages) => termsOf(turnText(messages)), ofFact: termsOf, hashFact }
