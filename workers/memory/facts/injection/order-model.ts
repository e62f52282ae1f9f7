import { readFileSync } from 'node:fs'
import { wordsOf } from '../../../../shared/ai/local/words.ts'
import { foldLetters } from './fold-letters.ts'
import * as phrases from './injection-phrases.ts'
import { ORDER_FEATURES, orderFeaturesOf } from './order-features.ts'
import * as topics from './order-topics.ts'
import { anyOf } from './phrase-patterns.ts'
import * as takeover from './takeover-phrases.ts'

/**
 * Owns telling orders to a model in words that no rule knows: a linear model over features of a sentence, trained by `scripts/build-order-weights.ts` on
 * texts in 20 languages. What speaks neither of rules, models, users, powers, checks, roles nor data must read much more like one: of small talk it knows too little.
 */

const MAX_SENTENCE_CHARS = 400
/** Fewer are no sentence but a name, as "The user" is, of which the model knows nothing. */
const MIN_WORDS = 4
/** Of hard negatives in the report half of the labelled texts and of 7,000 sentences of a chat, few stand above these; lower finds more and holds more that is none. */
const MIN_SCORE = 0.6
/** For what speaks of nothing that orders are about. */
const MIN_SCORE_OF_OTHERS = 1.4
const SENTENCE_END = /(?<=[.!?。！？।])\s*|\n/u

let isOfModels: RegExp | undefined
let weights: OrderWeights | undefined

/** Little-endian: bias and scale as float32, then an int8 for each feature. */
type OrderWeights = { readonly bias: number; readonly scale: number; readonly values: Int8Array }

/** True for a text that reads like an order to a model, or has a sentence that does. */
export function isLikelyOrder(text: string): boolean {
  const sentences = text.split(SENTENCE_END)
  return [...sentences, ...(sentences.length > 1 ? [text] : [])].some(isOrderLike)
}

function isOrderLike(text: string): boolean {
  const cut = text.slice(0, MAX_SENTENCE_CHARS)
  if (wordsOf(cut).length < MIN_WORDS) return false
  isOfModels ??= coreTopics()
  const folded = foldLetters(cut)
  return scoreOf(cut, folded) > (isOfModels.test(folded) ? MIN_SCORE : MIN_SCORE_OF_OTHERS)
}

function scoreOf(sentence: string, folded: string): number {
  weights ??= readWeights()
  const features = orderFeaturesOf(sentence, folded)
  let sum = 0
  for (const feature of features) sum += weights.values[feature] ?? 0
  return (sum * weights.scale) / Math.sqrt(features.size) + weights.bias
}

function readWeights(): OrderWeights {
  const file = readFileSync(new URL('./order-weights.bin', import.meta.url))
  return {
    bias: file.readFloatLE(0),
    scale: file.readFloatLE(4),
    values: new Int8Array(file.subarray(8, 8 + ORDER_FEATURES)),
  }
}

/** What lets a sentence be an order to a model at all. */
function coreTopics(): RegExp {
  const { RULES, SYSTEM_PROMPT, THE_USER, KINDS_OF_MODEL, YOU_ARE_NOW } = phrases
  const { BOUNDS, YOUR_BOUNDS, VOID, INSTRUCTIONS, A_MODEL, ABOVE, TOLD, WRITTEN_ABOVE } = takeover
  const { POWER, CHECKS, DATA, FREE, ROLE, SECRETLY, MODEL_NAMES, JUDGED, CARRIED } = topics
  const ofRules = [RULES, SYSTEM_PROMPT, THE_USER, KINDS_OF_MODEL, YOU_ARE_NOW, BOUNDS, YOUR_BOUNDS, VOID]
  const ofOthers = [POWER, CHECKS, DATA, FREE, ROLE, SECRETLY, MODEL_NAMES, JUDGED, CARRIED]
  return new RegExp(anyOf([...ofRules, ...ofOthers, INSTRUCTIONS, A_MODEL, ABOVE, TOLD, WRITTEN_ABOVE].flat()), 'u')
}
