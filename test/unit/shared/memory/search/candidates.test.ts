import { setImmediate } from 'node:timers/promises'

import { expect, test } from 'vitest'
import { findCandidates } from '../../../../../shared/memory/search/candidates.ts'
import { openDatabase } from '../../../../../shared/store/database.ts'
import { createHeldCodes } from '../../../../../shared/store/search-index/held-codes.ts'

test('a search by words alone fails once where no store answers, and nothing of it is left unhandled', async () => {
  const unhandled: unknown[] = []
  const hear = (reason: unknown) => unhandled.push(reason)
  process.on('unhandledRejection', hear)
  const database = openDatabase({ url: 'postgresql://127.0.0.1:1/none' })
  const query = {
    orgId: 'org',
    viewer: {},
    text: 'tea',
    terms: [['tea']],
    vector: undefined,
    model: { provider: 'local', name: 'local', dims: 8 },
    audiences: ['org'],
    times: [],
  }
  try {
    const services = { database, heldCodes: createHeldCodes(1_000_000), query } as never
    await expect(findCandidates(services, 'memory', { candidatesPerArm: 5 })).rejects.toThrow()
    await setImmediate()
    expect(unhandled).toEqual([])
  } finally {
    process.off('unhandledRejection', hear)
    await database.destroy()
  }
})
