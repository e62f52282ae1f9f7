import { expect, it } from 'vitest'
import { mayTakeBack, takesBack } from '../../../../../workers/memory/reconciliation/revisions.ts'

it.each([
  ['We migrated the mail queue from Kafka to Pulsar.', 'Our mail queue is Kafka.'],
  ['The gate runs Python 3.13, not 3.11.', 'The gate uses Python 3.11.'],
  ['The clinic wants reports as CSV, not Excel.', 'The clinic wants reports as Excel.'],
  ['I take tea instead of coffee at breakfast.', 'I take coffee at breakfast.'],
  ['Correction: the audit starts on 12 May.', 'The audit starts on 5 May.'],
  ['I sold my trombone last week.', 'I own a trombone from 1960.'],
])('%s takes back: %s', (later, earlier) => {
  expect(mayTakeBack(`Ana said: "${later}"`)).toBe(true)
  expect(takesBack(`Ana said: "${later}"`, `Ana said on 2026-02-01: "${earlier}"`)).toBe(true)
})

it.each([
  ['We migrated the mail queue from Kafka to Pulsar.', 'I gave a talk on Kafka in Prague.'],
  ['We migrated the mail queue from Kafka to Pulsar.', 'Our mail queue is Pulsar.'],
  ['The gate runs Python 3.13, not 3.11.', 'The gate costs 3.11 euros.'],
  ['The clinic wants reports as CSV, not Excel.', 'The clinic never wants Excel.'],
  ['Correction: the audit starts on 12 May.', 'My sister marries on 5 May.'],
  ['The audit starts on 12 May.', 'The audit starts on 5 May.'],
  ['I sold my trombone last week.', 'My brother learns the trombone.'],
  ['We are not tired.', 'We are tired.'],
])('%s takes back nothing of: %s', (later, earlier) => {
  expect(takesBack(`Ana said: "${later}"`, `Ana said: "${earlier}"`)).toBe(false)
})
