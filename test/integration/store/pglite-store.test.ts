import { fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { isAfterturnError } from '../../../shared/errors.ts'
import { openDatabase } from '../../../shared/store/database.ts'
import { unpackEmptyCluster } from '../../../shared/store/pglite/empty-cluster.ts'
import { type PgliteStore, startPgliteStore } from '../../../shared/store/pglite/pglite-store.ts'
import { answerOf, useModuleProcesses } from '../../helpers/processes/module-processes.ts'

const STORE = new URL('../../../shared/store/pglite/pglite-store.ts', import.meta.url).href
const END = new URL('../../../shared/store/pglite/pglite-end.ts', import.meta.url).href
const START = new URL('../../../cli/afterturn.ts', import.meta.url)

const processes = useModuleProcesses()

const newDirectory = () => join(processes.dir, `store-${crypto.randomUUID()}`)

/** A directory whose cluster no store has opened yet. */
async function unpacked(): Promise<{ readonly store: string; readonly dataDir: string }> {
  const store = newDirectory()
  await mkdir(store)
  const dataDir = join(store, 'pglite')
  await unpackEmptyCluster(dataDir)
  return { store, dataDir }
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error) => (isAfterturnError(error) ? error.code : error),
  )

describe('a PGlite directory', () => {
  it('has one owner: others are refused while it lives, and take over when it was killed; what was committed stays', async () => {
    const store = newDirectory()
    const owner = await processes.start(
      `import { startPgliteStore } from '${STORE}'
       const store = await startPgliteStore(${JSON.stringify(store)})
       process.send(store.url)
       process.on('message', () => process.send(store.url))`,
    )
    owner.send('address')
    const url = (await answerOf(owner)) as string
    const database = openDatabase({ url })
    await sql`insert into duties values ('kept', now())`.execute(database)
    const refusal = await startPgliteStore(store).catch((error) => error)
    expect(refusal).toMatchObject({ code: 'STORE_OWNED', message: expect.stringContaining(`process ${owner.pid} `) })

    owner.kill('SIGKILL')
    await once(owner, 'exit')
    const successor = await startPgliteStore(store)
    // Whoever used the first finds the second.
    const { rows } = await sql<{ name: string }>`select name from duties`.execute(database)
    expect(rows).toEqual([{ name: 'kept' }])
    await database.destroy()
    await successor.stop()
  })

  it('ends its process when PGlite ends, instead of answering nothing for ever; what was committed stays', async () => {
    const store = newDirectory()
    const start = async () => {
      const child = fork(START, ['store', store], { execArgv: [], silent: true })
      processes.register(child)
      return { child, url: ((await answerOf(child)) as { url: string }).url }
    }
    const first = await start()
    let errors = ''
    first.child.stderr?.setEncoding('utf8').on('data', (text) => {
      errors += text
    })
    const closed = once(first.child, 'close')
    const database = openDatabase({ url: first.url })
    await sql`insert into duties values ('kept', now())`.execute(database)
    await sql`create function deeper(n int) returns int language plpgsql as 'begin return deeper(n + 1); end'`.execute(
      database,
    )
    await expect(sql`select deeper(1)`.execute(database)).rejects.toThrow()
    expect(await closed).toEqual([1, null])
    expect(errors).toMatch(/STORE_BROKEN: PGlite has ended: .*call stack/)

    await start()
    const { rows } = await sql<{ name: string }>`select name from duties`.execute(database)
    expect(rows).toEqual([{ name: 'kept' }])
    await database.destroy()
  })

  it('whose PGlite meets a FATAL throws it, instead of calling it without end', async () => {
    const { dataDir } = await unpacked()
    const source = `
      import { PGlite } from '@electric-sql/pglite'
      import { throwWhatEndsIt } from '${END}'
      import { vector } from '@electric-sql/pglite-pgvector'
      const db = await PGlite.create({ dataDir: ${JSON.stringify(dataDir)}, extensions: { vector } })
      throwWhatEndsIt(db)
      // A message of no known type.
      await db.execProtocolRaw(Buffer.from([0x21, 0, 0, 0, 4])).then(() => process.exit(1), () => process.exit(42))`
    const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', source], { timeout: 100_000 })
    expect(status).toBe(42)
  })

  it('is not served where another user could listen', async () => {
    const store = newDirectory()
    const first = await startPgliteStore(store)
    await first.stop()
    await mkdir(socketDirOf(first), { mode: 0o755 })
    expect(await codeOf(startPgliteStore(store))).toBe('SETUP_FAILED')
    await rm(socketDirOf(first), { recursive: true })
    await (await startPgliteStore(store)).stop()
  })

  it('is let go of when it is stopped, twice too, and its socket is gone', async () => {
    const store = newDirectory()
    const first = await startPgliteStore(store)
    await first.stop()
    const second = await startPgliteStore(store)
    await first.stop()
    expect(await codeOf(startPgliteStore(store))).toBe('STORE_OWNED')
    await second.stop()
    expect(existsSync(socketDirOf(second))).toBe(false)
  })

  it('that cannot be migrated is closed again: nothing stays open, and the repaired one starts', async () => {
    const temporary = process.env.TMPDIR
    const sockets = join(processes.dir, 's')
    await mkdir(sockets)
    process.env.TMPDIR = sockets
    try {
      const { store, dataDir } = await unpacked()
      const change = async (checksum: string) => {
        const { PGlite } = await import('@electric-sql/pglite')
        const { vector } = await import('@electric-sql/pglite-pgvector')
        const db = await PGlite.create({ dataDir, extensions: { vector } })
        const { rows } = await db.query<{ checksum: string }>('select checksum from schema_migrations order by name')
        await db.query(
          'update schema_migrations set checksum = $1 where name = (select min(name) from schema_migrations)',
          [checksum],
        )
        await db.close()
        return rows[0]?.checksum as string
      }
      const right = await change('another')
      expect(await codeOf(startPgliteStore(store))).toBe('STORE_OUTDATED')
      expect(await readdir(sockets)).toEqual([])
      expect(existsSync(join(store, 'owner.lock'))).toBe(false)
      await change(right)
      await (await startPgliteStore(store)).stop()
    } finally {
      if (temporary === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = temporary
    }
  })
})

const socketDirOf = (store: PgliteStore) => decodeURIComponent(store.url.slice('pglite://'.length))
