import { beforeAll, expect, it } from 'vitest'
import filters from '../../../bench/filters.bench.ts'

let figures: Awaited<ReturnType<typeof filters.run>>

beforeAll(async () => {
  figures = await filters.run([])
})

/** What the filters promise, on the half of the labelled texts that is kept for reporting. */
it('orders and secrets are told from all else, in each language', () => {
  const { orders, secrets } = figures
  expect(orders.precision).toBeGreaterThanOrEqual(0.97)
  expect(orders.recall).toBeGreaterThanOrEqual(0.95)
  expect(secrets.precision).toBeGreaterThanOrEqual(0.98)
  expect(secrets.recall).toBeGreaterThanOrEqual(0.95)
})

/** In other words than those that rules and weights were made with: what stands here was written before them, and measures how far they carry. */
it('orders and secrets in words that nothing was tuned on are found, and little else', () => {
  const { unseen } = figures
  expect(unseen.orders.precision).toBeGreaterThanOrEqual(0.97)
  expect(unseen.orders.recall).toBeGreaterThanOrEqual(0.8)
  expect(unseen.secrets.precision).toBeGreaterThanOrEqual(0.98)
  expect(unseen.secrets.recall).toBeGreaterThanOrEqual(0.9)
})
