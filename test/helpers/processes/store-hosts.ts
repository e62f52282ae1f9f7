import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type StartedStore = { url: string; stop: () => Promise<void> }

const HOST = fileURLToPath(new URL('./store-host.ts', import.meta.url))

/** Starts a store for each of vitest's workers; `socketPaths` are in their order. */
export async function startStoreHosts(
  count: number,
  templateDir: string,
  dir: string,
): Promise<{ readonly socketPaths: readonly string[]; stop(): Promise<void> }> {
  const hosts = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const ownDir = join(dir, `store-${index}`)
      await mkdir(ownDir)
      const socketPath = join(ownDir, 'host')
      const child = fork(HOST, [templateDir, ownDir, socketPath], { execArgv: [] })
      const exited = once(child, 'exit')
      const isReady = await Promise.race([once(child, 'message').then(() => true), exited.then(() => false)])
      if (!isReady) throw new Error('A store of the tests did not start; what it said stands above.')
      return { child, exited, socketPath }
    }),
  )
  return {
    socketPaths: hosts.map(({ socketPath }) => socketPath),
    async stop() {
      for (const { child } of hosts) child.kill('SIGKILL')
      await Promise.all(hosts.map(({ exited }) => exited))
    },
  }
}

/** Takes the store of this worker for one test file. */
export async function takeStore(socketPath: string): Promise<StartedStore> {
  const connection = connect(socketPath)
  const closed = once(connection, 'close')
  const address = await Promise.race([once(connection, 'data'), closed])
  if (!Buffer.isBuffer(address[0])) throw new Error('The store of the tests has ended; what it said stands above.')
  return {
    url: `pglite://${encodeURI(address[0].toString().trim())}`,
    async stop() {
      connection.end()
      await closed
    },
  }
}
