import { expect, it } from 'vitest'
import { closestName } from '../../../../shared/text/closest-name.ts'

const NAMES = ['c', 'kill-switch', 'dead-letters', 'status', 'store', 'dev', 'memory']

it.each([
  ['kil-switch', 'kill-switch'],
  ['deadletters', 'dead-letters'],
  ['statsu', 'status'],
  ['memroy', 'memory'],
  ['deev', 'dev'],
  ['x', undefined],
  ['', undefined],
  ['postgres', undefined],
  ['qqqqqqqq', undefined],
  ['-'.repeat(10_000), undefined],
])('%s means %s', (given, meant) => {
  expect(closestName(given, NAMES)).toBe(meant)
})
