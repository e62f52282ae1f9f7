import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { isAfterturnError } from '../../shared/errors.ts'
import { openDatabase } from '../../shared/store/database.ts'
import { type Ownership, takeOwnership } from '../../shared/store/ownership.ts'
import { type PgliteStore, startPgliteStore } from '../../shared/store/pglite-store.ts'
import { until } from '../helpers/until.ts'

const STORE = new URL('../../shared/store/pglite-store.ts', import.meta.url).href
const OWNERSHIP = new URL('../../shared/store/ownership.ts', import.meta.url).href

let dir: string
const children: ChildProcess[] = []

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'afterturn-test-owner-'))
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})
afterAll(() => rm(dir, { recursive: true, force: true }))

/** A process that answers messages as the module says. */
async function startProcess(source: string): Promise<ChildProcess> {
  const file = join(dir, `child-${crypto.randomUUID()}.mjs`)
  await writeFile(file, source)
  const child = fork(file, { execArgv: [] })
  children.push(child)
  await answerOf(child)
  return child
}

async function answerOf(child: ChildProcess): Promise<unknown> {
  return (await once(child, 'message'))[0]
}

async function copyOfTemplate(): Promise<string> {
  const copy = join(dir, `store-${crypto.randomUUID()}`)
  await cp(inject('pgliteTemplateDir'), copy, { recursive: true })
  return copy
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error) => (isAfterturnError(error) ? error.code : error),
  )

describe('a PGlite directory', () => {
  it('has one owner: others are refused while it lives, and take over when it was killed; what was committed stays', async () => {
    const store = await copyOfTemplate()
    const owner = await startProcess(
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
    await database.destroy()
    const successor = await startPgliteStore(store)
    const after = openDatabase({ url: successor.url })
    const { rows } = await sql<{ name: string }>`select name from duties`.execute(after)
    expect(rows).toEqual([{ name: 'kept' }])
    await after.destroy()
    await successor.stop()
  })

  it('is let go of when it is stopped, twice too, and its socket is gone', async () => {
    const store = await copyOfTemplate()
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
    const sockets = join(dir, 's')
    await mkdir(sockets)
    process.env.TMPDIR = sockets
    try {
      const store = await copyOfTemplate()
      const change = async (checksum: string) => {
        const { PGlite } = await import('@electric-sql/pglite')
        const { vector } = await import('@electric-sql/pglite-pgvector')
        const db = await PGlite.create({ dataDir: join(store, 'pglite'), extensions: { vector } })
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

describe('ownership', () => {
  let lockFile: string
  const fresh = () => {
    lockFile = join(dir, `lock-${crypto.randomUUID()}`, 'owner.lock')
    return mkdir(join(lockFile, '..'))
  }
  /** What a process that has ended wrote. */
  const deadHolder = () => `${spawnSync('true').pid} 1 ${crypto.randomUUID()}`

  it('of a dead process passes to exactly one of eight that race for it', async () => {
    await fresh()
    const racers = await Promise.all(
      Array.from({ length: 8 }, () =>
        startProcess(
          `import { takeOwnership } from '${OWNERSHIP}'
           let held
           process.on('message', async (message) => {
             if (message === 'release') await held?.release()
             else held = await takeOwnership(${JSON.stringify(lockFile)}).catch((error) => void (error.code === 'STORE_OWNED' || process.exit(1)))
             process.send(message === 'release' ? 'released' : held !== undefined)
           })
           process.send('ready')`,
        ),
      ),
    )
    const all = (message: string) =>
      Promise.all(
        racers.map((racer) => {
          const answer = answerOf(racer)
          racer.send(message)
          return answer
        }),
      )
    for (let round = 0; round < 25; round += 1) {
      await writeFile(lockFile, deadHolder())
      expect((await all('take')).filter(Boolean)).toHaveLength(1)
      await all('release')
      expect(await readdir(join(lockFile, '..'))).toEqual([])
    }
  })

  it('of a dead process passes to exactly one of many in one process, again and again', async () => {
    await fresh()
    for (let round = 0; round < 40; round += 1) {
      await writeFile(lockFile, `999999999 1 ${round}`)
      const taken = await Promise.allSettled(Array.from({ length: 12 }, () => takeOwnership(lockFile)))
      const winners = taken.filter((one) => one.status === 'fulfilled')
      expect(winners).toHaveLength(1)
      await Promise.all(winners.map(({ value }) => value.release()))
    }
    expect(await readdir(join(lockFile, '..'))).toEqual([])
  })

  it('passes on when its successor died half-way', async () => {
    await fresh()
    const dead = deadHolder()
    const right = `${lockFile}.after-${createHash('sha256').update(dead).digest('hex').slice(0, 16)}`
    await writeFile(lockFile, dead)
    await writeFile(right, deadHolder())
    const taken = await takeOwnership(lockFile)
    expect(await readdir(join(lockFile, '..'))).toEqual(['owner.lock'])
    await taken.release()
  })

  it('of a killed process that nobody has reaped yet is over', async () => {
    await fresh()
    // Once the shell has become `sleep`, nobody asks about its child any more.
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] })
    children.push(parent)
    const pid = Number(String((await once(parent.stdout, 'data'))[0]))
    await until(
      () => readFile(`/proc/${parent.pid}/comm`, 'utf8'),
      (name) => name === 'sleep\n',
    )
    process.kill(pid, 'SIGKILL')
    const stat = await until(
      () => readFile(`/proc/${pid}/stat`, 'utf8'),
      (seen) => seen.slice(seen.lastIndexOf(')') + 2).startsWith('Z'),
    )
    await writeFile(lockFile, `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`)
    await (await takeOwnership(lockFile)).release()
  })

  it('of a number that another process has by now is over', async () => {
    await fresh()
    await writeFile(lockFile, `${process.pid} 1`)
    await (await takeOwnership(lockFile)).release()
  })

  it.each(['', '\0', 'garbage', '-1 -', '0 -'])('is not held by a file that says %j', async (text) => {
    await fresh()
    await writeFile(lockFile, text)
    await (await takeOwnership(lockFile)).release()
    expect(existsSync(lockFile)).toBe(false)
  })

  it('released twice does not take the next owner’s', async () => {
    await fresh()
    const first = await takeOwnership(lockFile)
    await first.release()
    const second: Ownership = await takeOwnership(lockFile)
    await first.release()
    expect(await codeOf(takeOwnership(lockFile))).toBe('STORE_OWNED')
    await second.release()
  })
})

const socketDirOf = (store: PgliteStore) => decodeURIComponent(store.url.slice('pglite://'.length))
