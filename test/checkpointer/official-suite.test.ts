import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../shared/store/database.ts'
import { createTestSaver } from '../helpers/checkpoints.ts'
import { useStore } from '../helpers/services/store.ts'

/** LangGraph's own suite for savers, and its cases of delta channels. It is written for the globals of vitest, which are off here. */

Object.assign(globalThis, { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it })
const { deltaChannelHistoryTests, specTest } = await import('@langchain/langgraph-checkpoint-validation')

const store = useStore()
let database: Database
beforeAll(() => {
  database = openDatabase({ url: store.url, poolSize: 8 })
})
afterAll(() => database.destroy())

const initializer = {
  checkpointerName: 'afterturn',
  // What one saver wrote must not be seen by another: each has an org of its own.
  createCheckpointer: (): BaseCheckpointSaver => createTestSaver(database, { orgId: `suite-${crypto.randomUUID()}` }),
}
specTest(initializer)
deltaChannelHistoryTests(initializer)
