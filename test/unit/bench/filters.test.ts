import { expect, it } from 'vitest'
import filters from '../../../bench/filters.bench.ts'

/** What the filters promise, on the half of the labelled texts that is kept for reporting. */
it('orders and secrets are told from all else, in each language', async () => {
  const { orders, secrets } = await filters.run([])
  expect(orders.precision).toBeGreaterThanOrEqual(0.97)
  expect(orders.recall).toBeGreaterThanOrEqual(0.95)
  expect(secrets.precision).toBeGreaterThanOrEqual(0.98)
  expect(secrets.recall).toBeGreaterThanOrEqual(0.95)
})
