import pg from 'pg'
import { expect, it } from 'vitest'
import { AfterturnError } from '../../../../../shared/errors.ts'
import { asStoreError } from '../../../../../shared/store/store-errors.ts'
import { classifyFailure } from '../../../../../workers/memory/extraction/extraction-failures.ts'

const sqlstate = (code: string) => asStoreError(Object.assign(new pg.DatabaseError('no', 2, 'error'), { code }))
const refused = (status: number) => new AfterturnError('MODEL_REFUSED', 'no', { cause: { status } })

it.each([
  ['a bug', new TypeError('no'), 'batch'],
  ['an answer that fits nothing', new AfterturnError('MODEL_OUTPUT_INVALID', 'no'), 'batch'],
  ['an input that the model refuses', refused(400), 'batch'],
  ['a key that the model refuses', refused(401), 'provider'],
  [
    'an address where no such API is',
    new AfterturnError('MODEL_OUTPUT_INVALID', 'no', { cause: { isForAll: true } }),
    'provider',
  ],
  ['a model that is away', new AfterturnError('MODEL_UNAVAILABLE', 'no'), 'provider'],
  ['a value that does not fit', sqlstate('22021'), 'batch'],
  ['a limit of the store', sqlstate('54000'), 'batch'],
  // As a bug: who knows what came over it. Were it nobody's doing, it would be tried for ever.
  ['an error inside the store', sqlstate('XX000'), 'batch'],
  ['a page that is corrupt', sqlstate('XX001'), 'circumstances'],
  ['a store that is away', sqlstate('57P01'), 'circumstances'],
  ['a full disk', sqlstate('53100'), 'circumstances'],
  ['the kill switch', new AfterturnError('KILL_SWITCH_ON', 'no'), 'circumstances'],
] as const)('%s is the doing of', (_, error, blame) => {
  expect(classifyFailure(error)).toBe(blame)
})
