import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'

export type StartedStore = { url: string; stop: () => Promise<void> }

const HOST = fileURLToPath(new URL('./store-host.ts', import.meta.url))
/** V8 compiles what of PGlite's module runs often once more: for as long as a run of the tests takes, that costs more CPU than it saves. */
const COMPILE_ONCE = '--liftoff-only'

/** Starts a store for each of vitest's workers, from a directory that nobody has open; `socketPaths` are in their order. */
export async function startStoreHosts(
  count: number,
  templateDir: string,
  dir: string,
): Promise<{ readonly socketPaths: readonly string[]; stop(): Promise<void> }> {
  const template = join(dir, 'template.tar')
  const db = await PGlite.create({ dataDir: join(templateDir, 'pglite'), extensions: { vector } })
  await writeFile(template, (await db.dumpDataDir('none')).stream())
  await db.close()
  const hosts = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const socketPath = join(dir, `store-${index}`)
      const child = fork(HOST, [template, socketPath], { execArgv: [COMPILE_ONCE] })
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
