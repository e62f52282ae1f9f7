import { decodeEmbeddings, encodeEmbedding } from '../../shared/cache/embedding-frame.ts'
import { dot, randomVector, seededRandom } from '../inputs/random-vectors.ts'

/** What is lost when vectors go through float16 frames: of the ten nearest by float32, how many are still among the ten nearest. */

const DIMS = 1_536
const CLUSTERS = 40
const VECTORS = 4_000
const QUERIES = 100
/** Of a vector from the middle of its cluster: hundreds are about as near to a query, which is harder than texts are. */
const SPREAD = 0.7
const NEAREST = 10

export function float16Recall(): number {
  const random = seededRandom(4)
  const centres = Array.from({ length: CLUSTERS }, () => randomVector(random, DIMS))
  const near = () => randomVector(random, DIMS, centres[Math.floor(random() * CLUSTERS)], SPREAD)
  const exact = Array.from({ length: VECTORS }, near)
  const frames = exact.map((vector) => encodeEmbedding({ vector, tokens: 0 }, 'float16'))
  const rounded = decodeEmbeddings(frames, DIMS).map((embedding) => embedding?.vector as Float32Array)
  let kept = 0
  for (let query = 0; query < QUERIES; query += 1) {
    const asked = near()
    const expected = new Set(nearestTo(asked, exact))
    kept += nearestTo(asked, rounded).filter((index) => expected.has(index)).length
  }
  const recall = kept / (QUERIES * NEAREST)
  console.log(`float16: recall@${NEAREST} ${recall} against float32, over ${VECTORS} vectors and ${QUERIES} queries`)
  return recall
}

function nearestTo(query: Float32Array, vectors: readonly Float32Array[]): number[] {
  const similarities = vectors.map((vector) => dot(query, vector))
  const order = vectors.map((_, index) => index)
  return order.sort((a, b) => (similarities[b] as number) - (similarities[a] as number)).slice(0, NEAREST)
}
