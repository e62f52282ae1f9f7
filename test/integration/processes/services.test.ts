import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readlinkSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { makeRunDirectory } from '../../../cli/services/run-directory.ts'
import { environmentOf, startProcess, startServices } from '../../../cli/services/services.ts'
import { isRunning, type ProcessRecord, recordProcess } from '../../../shared/processes/process-identity.mjs'
import { BARE_ENVIRONMENT } from '../../helpers/bare-environment.ts'
import { childrenOf } from '../../helpers/processes/child-processes.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

/** They start processes, which takes its time on a busy machine. */
const TIMEOUT_MS = 120_000
const moduleUrl = (file: string) => new URL(`../../../cli/services/${file}`, import.meta.url).href

/** Beyond the time that the process asked for. */
const STOP_MARGIN_MS = 10_000

const store = useStore()
const runtimes = useRuntimes(store)
let dir: string
const cleanUps: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'afterturn-test-services-'))
})
afterEach(async () => {
  vi.useRealTimers()
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})
afterAll(() => rm(dir, { recursive: true, force: true }))

/** Another process that runs this module; answers with what it sends first. */
async function runModule(source: string): Promise<{ process: ChildProcess; message: unknown }> {
  const file = join(dir, `module-${crypto.randomUUID()}.mjs`)
  await writeFile(file, source)
  const child = fork(file, { execArgv: [] })
  cleanUps.push(async () => child.kill('SIGKILL'))
  return { process: child, message: (await once(child, 'message'))[0] }
}

const untilGone = (record: ProcessRecord) =>
  until(
    () => isRunning(record),
    (isThere) => !isThere,
  )

describe('a process that is stopped', { timeout: TIMEOUT_MS }, () => {
  it('is killed when the time is over that it asked for to drain, and not before', async () => {
    const drainTimeoutMs = 120_000
    const worker = await startProcess('memory-digest', {
      ...process.env,
      ...environmentOf(runtimes.config({ drainTimeoutMs })),
      LOG_LEVEL: 'error',
    })
    const record = recordProcess(worker.pid)
    cleanUps.push(async () => isRunning(record) && process.kill(record.pid, 'SIGKILL'))
    process.kill(worker.pid, 'SIGSTOP')
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const stopped = worker.stop()
    vi.advanceTimersByTime(drainTimeoutMs + STOP_MARGIN_MS - 1)
    expect(isRunning(record)).toBe(true)
    vi.advanceTimersByTime(1)
    await stopped
    expect(await worker.exited).toBeNull()
  })

  it('does not outlive the one that stops it and is ended meanwhile', async () => {
    const storeDir = join(dir, 'stopped store')
    const { message } = await runModule(
      `import { startProcess } from '${moduleUrl('services.ts')}'
       const store = await startProcess('store', process.env, [${JSON.stringify(storeDir)}])
       process.kill(store.pid, 'SIGSTOP')
       void store.stop()
       process.send(store.pid, () => process.exit(130))`,
    )
    const record = recordProcess(message as number)
    cleanUps.push(async () => isRunning(record) && process.kill(record.pid, 'SIGKILL'))
    await untilGone(record)
  })
})

it('services say when one of them ends by itself', async () => {
  const directory = join(dir, 'failing')
  const services = await startServices(directory, { ...BARE_ENVIRONMENT, DATABASE_URL: store.url })
  cleanUps.push(services.stop)
  const [server] = childrenOf(process.pid).filter(({ pid }) => readlinkSync(`/proc/${pid}/cwd`).endsWith('redis-cache'))
  process.kill(server?.pid as number, 'SIGKILL')
  await expect(services.failed).rejects.toMatchObject({
    code: 'SETUP_FAILED',
    message: expect.stringContaining('The cache Redis ended with a signal'),
  })
})

it('a command that is interrupted while its services start leaves none', async () => {
  const directory = join(dir, 'interrupted')
  const environment = JSON.stringify({ ...BARE_ENVIRONMENT, DATABASE_URL: store.url })
  const { process: child } = await runModule(
    `import { startServicesFor, untilInterrupted } from '${moduleUrl('until-interrupted.ts')}'
     console.error = () => {}
     await untilInterrupted(async (stack) => {
       const starting = startServicesFor(stack, ${JSON.stringify(directory)}, ${environment})
       process.send('they start')
       await starting
       await new Promise(() => {})
     }).catch(() => process.exit(1))`,
  )
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([1, null])
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const places = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')))
  expect(places.filter((place) => place.startsWith(directory))).toEqual([])
})

describe('the directory of a run', { timeout: TIMEOUT_MS }, () => {
  it('is removed by a later run once its process was killed, and its servers end; a live one’s stays', async () => {
    const parent = join(dir, 'runs')
    const killed = await runModule(
      `import { makeRunDirectory } from '${moduleUrl('run-directory.ts')}'
       import { startServices } from '${moduleUrl('services.ts')}'
       const directory = await makeRunDirectory(${JSON.stringify(parent)}, 'demo')
       await startServices(directory, ${JSON.stringify(BARE_ENVIRONMENT)})
       process.send(directory)`,
    )
    const left = killed.message as string
    const servers = childrenOf(killed.process.pid as number)
    expect(servers).toHaveLength(3)
    const unknown = join(parent, 'demo-somebody')
    await mkdir(unknown)

    const beside = await makeRunDirectory(parent, 'demo')
    expect(existsSync(left)).toBe(true)
    killed.process.kill('SIGKILL')
    await once(killed.process, 'exit')
    // The store ends by itself; while it does, its directory is its own.
    await until(
      () => existsSync(join(left, 'store/owner.lock')),
      (isThere) => !isThere,
    )
    const after = await makeRunDirectory(parent, 'demo')
    expect(
      (await readdir(parent))
        .filter((name) => name !== '.gitignore')
        .map((name) => join(parent, name))
        .sort(),
    ).toEqual([beside, after, unknown].sort())
    for (const server of servers) await untilGone(server)
  })
})
