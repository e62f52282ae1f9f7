/**
 * Builds `workers/memory/facts/injection/order-weights.bin`: `node scripts/build-order-weights.ts`. Logistic regression with AdaGrad over the texts of
 * `bench/filters/training` (`{a|b}` are alternatives), the half of the labelled orders that is for tuning, and what is none: conversations, dialogs, secrets, docs,
 * made-up sentences. The same input gives the same bytes. Texts in `bench/filters/unseen` are for measuring and are not read.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { halfOf, readLines } from '../bench/filters/labelled-texts.ts'
import { makeCorpus } from '../bench/inputs/memory-corpus.ts'
import { seededRandom } from '../bench/inputs/random-vectors.ts'
import { foldLetters } from '../workers/memory/facts/injection/fold-letters.ts'
import { ORDER_FEATURES, orderFeaturesOf } from '../workers/memory/facts/injection/order-features.ts'

const SEED = 7
const ROUNDS = 12
const TEXTS_PER_LINE = 14
const RATE = 0.3
const DECAY = 3e-5
/** A false alarm costs more than a miss. */
const NO_ORDER_WEIGHT = 1.2
const PROSE_WEIGHT = 0.2

type Example = { readonly features: readonly number[]; readonly isOrder: boolean; readonly weight: number }

const random = seededRandom(SEED)
const examples: Example[] = []
const root = new URL('../', import.meta.url)
const linesIn = (path: string) =>
  readFileSync(new URL(path, root), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
const filesIn = (folder: string) =>
  readdirSync(new URL(folder, root))
    .sort()
    .filter((file) => /\.(?:txt|md)$/.test(file))
    .map((file) => `${folder}${file}`)

function add(text: string, isOrder: boolean, weight: number): void {
  examples.push({ features: [...orderFeaturesOf(text, foldLetters(text))], isOrder, weight })
}

/** One of the texts that a line stands for. */
function drawn(line: string): string {
  return line
    .replace(/\{([^{}]*)\}/g, (_, given: string) => {
      const parts = given.split('|')
      return parts[Math.floor(random() * parts.length)] as string
    })
    .replace(/\s+/g, ' ')
    .trim()
}

for (const line of filesIn('bench/filters/training/').flatMap(linesIn)) {
  const texts = new Set(Array.from({ length: 2 * TEXTS_PER_LINE }, () => drawn(line.slice(2))))
  const some = [...texts].slice(0, TEXTS_PER_LINE)
  for (const text of some) add(text, line.startsWith('+'), 2 / Math.sqrt(some.length))
}
for (const { line } of readLines('orders', 'tune')) add(line.slice(2), line.startsWith('+'), 1)
for (const { line } of readLines('secrets', 'tune')) add(line.slice(2), false, 0.3)
for (const line of filesIn('bench/truth/')
  .flatMap(linesIn)
  .filter((line) => halfOf(line) === 'tune'))
  for (const field of line.split(' | ').slice(1))
    if (!/^[+@!-]/.test(field)) add(field.replace(/^assistant>|^\{[^}]*\}\S*/, ''), false, 0.5)
const corpus = makeCorpus(2_500, 300)
const prose = [
  ...filesIn('bench/truth/dialogs/')
    .flatMap(linesIn)
    .flatMap((line) => Array(3).fill(line.match(/^(?:user|assistant)> ?(.*)/)?.[1] ?? '')),
  ...['README.md', 'CONTRIBUTING.md', ...filesIn('docs/'), ...filesIn('docs/guides/')].flatMap(linesIn),
  ...corpus.memories.flatMap(({ fact, turn }) => [fact, turn.slice(0, 60)]),
  ...corpus.queries,
]
for (const text of prose.flatMap((text: string) => text.split(/(?<=[.!?])\s+/)))
  if (text.length > 15 && text.length < 240) add(text, false, PROSE_WEIGHT)

const weights = new Float64Array(ORDER_FEATURES)
const squares = new Float64Array(ORDER_FEATURES).fill(1e-6)
let bias = 0
let biasSquares = 1e-6
for (let round = 0; round < ROUNDS; round++) {
  for (let at = examples.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    ;[examples[at], examples[other]] = [examples[other] as Example, examples[at] as Example]
  }
  for (const { features, isOrder, weight } of examples) {
    const share = 1 / Math.sqrt(features.length)
    const score = features.reduce((sum, feature) => sum + (weights[feature] ?? 0), 0) * share + bias
    const error = (1 / (1 + Math.exp(-score)) - (isOrder ? 1 : 0)) * weight * (isOrder ? 1 : NO_ORDER_WEIGHT)
    for (const feature of features) {
      const gradient = error * share + DECAY * (weights[feature] ?? 0)
      squares[feature] = (squares[feature] ?? 0) + gradient ** 2
      weights[feature] = (weights[feature] ?? 0) - (RATE * gradient) / Math.sqrt(squares[feature] ?? 1)
    }
    biasSquares += error ** 2
    bias -= (0.1 * error) / Math.sqrt(biasSquares)
  }
}

const scale = weights.reduce((max, weight) => Math.max(max, Math.abs(weight)), 0) / 127
const file = Buffer.alloc(8 + ORDER_FEATURES)
file.writeFloatLE(bias, 0)
file.writeFloatLE(scale, 4)
for (const [feature, weight] of weights.entries()) file.writeInt8(Math.round(weight / scale), 8 + feature)
writeFileSync(new URL('workers/memory/facts/injection/order-weights.bin', root), file)
console.log(`${examples.length} examples, ${examples.filter(({ isOrder }) => isOrder).length} of them orders`)
