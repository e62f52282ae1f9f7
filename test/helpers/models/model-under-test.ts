import { afterAll, beforeEach } from 'vitest'
import { type ModelServer, startModelServer } from './model-server.ts'

/** A model server of one test file's own, as new before each test. It lives in this process, so a file whose tests are all left out leaves nothing behind. */
export async function useModelServer(): Promise<ModelServer> {
  const model = await startModelServer()
  beforeEach(() => model.reset())
  afterAll(() => model.stop())
  return model
}
