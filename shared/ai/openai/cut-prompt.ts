import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { AfterturnError } from '../../errors.ts'
import { usageOfAnswer } from '../answers/answer-usage.ts'
import { loadTokenCounter } from '../tokens/token-count.ts'
import type { ModelFailure } from './openai-errors.ts'

/**
 * Owns the noticing of a server that reads only a part of a long prompt and says nothing, as Ollama does beyond its context of 4,096 tokens. An answer
 * about turns that the model has not seen is none. Never takes a prompt for cut because another model's tokenizer is better than the one we count with.
 */

/** No server has a context so short that a shorter prompt is cut. */
const MIN_CUT_CHARS = 2_000
/** No model reads less at once: a smaller number is no count, as of a server that leaves out what it had cached. */
const MIN_READ_TOKENS = 256
/** English and code take about the same of every tokenizer: at least so much of what cl100k makes of them. */
const LEAST_SHARE = 0.6
/** Of a UTF-16 unit in other words, by the tokenizers that know its script best. */
const LEAST_PER_HAN = 0.4
const LEAST_PER_LETTER = 0.12
const HAN = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/gu
const NOT_ASCII = /[^\0-\x7f]/

/** @throws MODEL_OUTPUT_INVALID when the usage of an answer says that far less was read than was sent; a server that reports none is believed */
export async function refuseCutPrompt(
  name: string,
  texts: readonly string[],
  answer: Parameters<typeof usageOfAnswer>[0],
): Promise<void> {
  const usage = usageOfAnswer(answer)
  const read = usage.inputTokens
  const chars = texts.reduce((sum, { length }) => sum + length, 0)
  if (read < MIN_READ_TOKENS || chars < MIN_CUT_CHARS || read >= chars) return
  const sent = { least: 0, known: 0 }
  for (const text of texts) {
    const { least, known } = await measure(text)
    sent.least += least
    sent.known += known
  }
  // A cut prompt fills the context exactly, and contexts are powers of two.
  const isFull = read >= 1_024 && Number.isInteger(Math.log2(read)) && sent.known > read
  if (!isFull && read >= sent.least) return
  throw new AfterturnError(
    'MODEL_OUTPUT_INVALID',
    `Task ${name}: the server read ${read} of about ${Math.round(Math.max(sent.known, sent.least))} tokens of the question; give the model a longer context (Ollama: OLLAMA_CONTEXT_LENGTH), or set COMPLETION_CONTEXT_TOKENS to what it has`,
    { cause: { call: 'complete', usage, isPromptCut: true } satisfies ModelFailure },
  )
}

type Measured = { readonly least: number; readonly known: number }
/** The instructions of a task are the same each time. By their hashes: nobody's words stay in memory. */
const measured = new LRUCache<string, Measured>({ max: 100 })

/** The tokens of a text: what any tokenizer makes of it at least, and what ours makes of the words that all know. */
async function measure(said: string): Promise<Measured> {
  const key = hash('sha256', said)
  const before = measured.get(key)
  if (before) return before
  const countTokens = await loadTokenCounter('cl100k')
  const ascii: string[] = []
  let others = 0
  for (const word of said.split(' ')) {
    if (!NOT_ASCII.test(word)) {
      ascii.push(word)
      continue
    }
    const han = word.match(HAN)?.length ?? 0
    others += han * LEAST_PER_HAN + (word.length - han) * LEAST_PER_LETTER
  }
  const known = countTokens(ascii.join(' '))
  const now = { least: LEAST_SHARE * known + others, known }
  measured.set(key, now)
  return now
}
