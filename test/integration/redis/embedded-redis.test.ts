import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findRedisServer } from '../../../cli/services/find-redis.mjs'
import { recordProcess } from '../../../shared/processes/process-identity.mjs'
import {
  type EmbeddedRedis,
  type EmbeddedRedisOptions,
  startEmbeddedRedis,
} from '../../../shared/redis/embedded/embedded-redis.ts'

const PROJECT_ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const MODULE_URL = new URL('../../../shared/redis/embedded/embedded-redis.ts', import.meta.url).href
const CLAIM_URL = new URL('../../../shared/redis/embedded/embedded-redis-claim.ts', import.meta.url).href
const found = findRedisServer(PROJECT_ROOT)
if (!found) throw new Error('No Redis server: run `npm test`, which sets one up.')
const server = { serverPath: found.path, ...(found.libraryPath ? { libraryPath: found.libraryPath } : {}) }

let directory: string
const running: { stop(): Promise<void> }[] = []
const owners: ChildProcess[] = []

beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'afterturn redis ')))
})

afterEach(async () => {
  for (const owner of owners.splice(0)) owner.kill('SIGKILL')
  for (const redis of running.splice(0)) await redis.stop()
  await rm(directory, { recursive: true, force: true })
})

async function start(options: Partial<EmbeddedRedisOptions> = {}): Promise<EmbeddedRedis> {
  const redis = await startEmbeddedRedis({ ...server, dataDir: join(directory, 'data'), role: 'durable', ...options })
  running.push(redis)
  return redis
}

async function withClient<T>(url: string, use: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { retryStrategy: () => null })
  try {
    return await use(client)
  } finally {
    client.disconnect()
  }
}

async function settings(url: string, ...names: string[]): Promise<Record<string, string>> {
  return await withClient(url, async (client) => {
    const pairs: Record<string, string> = {}
    for (const name of names) pairs[name] = ((await client.config('GET', name)) as string[])[1] ?? ''
    return pairs
  })
}

/** Another process that starts a server in the same directory; answers with the server's process id. */
async function startInOtherProcess(
  dataDir: string,
  afterwards = '',
): Promise<{ owner: ChildProcess; serverPid: number }> {
  const code = `import { startEmbeddedRedis } from ${JSON.stringify(MODULE_URL)}
    const redis = await startEmbeddedRedis(${JSON.stringify({ ...server, dataDir, role: 'durable' })})
    console.log(redis.pid)
    ${afterwards}`
  const owner = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  owners.push(owner)
  const [line] = await once(owner.stdout as NodeJS.ReadableStream, 'data')
  const serverPid = Number(line)
  running.push({ stop: async () => void ((await isGone(serverPid)) || process.kill(serverPid, 'SIGKILL')) })
  return { owner, serverPid }
}

/** Resolves when a process that is not our child has ended; a zombie without a parent that reaps it counts. */
async function ended(pid: number): Promise<void> {
  await expect.poll(() => isGone(pid), { timeout: 10_000, interval: 20 }).toBe(true)
}

async function isGone(pid: number): Promise<boolean> {
  try {
    return (await readFile(`/proc/${pid}/stat`, 'utf8')).includes(') Z ')
  } catch {
    return true
  }
}

describe('a server that was started', () => {
  test('answers with its password only, on loopback', async () => {
    const redis = await start()
    expect(redis.url).toMatch(/^redis:\/\/:[0-9a-f]{48}@127\.0\.0\.1:\d+$/)
    expect(await withClient(redis.url, (client) => client.ping())).toBe('PONG')
    expect(await settings(redis.url, 'bind')).toEqual({ bind: '127.0.0.1' })
    const stranger = new Redis({ host: '127.0.0.1', port: redis.port, retryStrategy: () => null }).on('error', () => {})
    await expect(stranger.get('key')).rejects.toThrow('NOAUTH')
    stranger.disconnect()
  })

  test('keeps its password off the command line and out of its environment, and names its port there', async () => {
    const redis = await start()
    expect(await readFile(`/proc/${redis.pid}/cmdline`, 'utf8')).toContain(`127.0.0.1:${redis.port}`)
    const password = new URL(redis.url).password
    for (const file of ['cmdline', 'environ']) {
      expect(await readFile(`/proc/${redis.pid}/${file}`, 'utf8')).not.toContain(password)
    }
  })

  test('as durable: evicts nothing, writes AOF every second and RDB, in a directory that only we may enter', async () => {
    const redis = await start()
    expect(await settings(redis.url, 'maxmemory-policy', 'appendonly', 'appendfsync', 'maxmemory', 'dir')).toEqual({
      'maxmemory-policy': 'noeviction',
      appendonly: 'yes',
      appendfsync: 'everysec',
      maxmemory: '0',
      dir: join(directory, 'data'),
    })
    expect((await settings(redis.url, 'save')).save).not.toBe('')
    expect((await stat(join(directory, 'data'))).mode & 0o777).toBe(0o700)
  })

  test('as cache: evicts the least recently used at 64 MB and writes nothing', async () => {
    const redis = await start({ role: 'cache' })
    const wanted = {
      'maxmemory-policy': 'allkeys-lru',
      maxmemory: String(64 * 1_024 * 1_024),
      appendonly: 'no',
      save: '',
    }
    expect(await settings(redis.url, ...Object.keys(wanted))).toEqual(wanted)
  })

  test('takes the memory limit that it is given', async () => {
    const redis = await start({ role: 'cache', maxMemoryBytes: 8_000_000 })
    expect(await settings(redis.url, 'maxmemory')).toEqual({ maxmemory: '8000000' })
  })

  test('keeps its data over a stop, under a new password', async () => {
    const first = await start()
    await withClient(first.url, (client) => client.set('turn', 'kept'))
    await first.stop()
    const second = await start()
    expect(second.url).not.toBe(first.url)
    expect(await withClient(second.url, (client) => client.get('turn'))).toBe('kept')
  })

  test('stops twice without complaint and tells its exit code', async () => {
    const redis = await start()
    await Promise.all([redis.stop(), redis.stop()])
    expect(await redis.exited).toBe(0)
  })

  test('tells when it ends by itself, and its directory can be used again', async () => {
    const redis = await start()
    process.kill(redis.pid, 'SIGKILL')
    expect(await redis.exited).toBeNull()
    const successor = await start()
    await redis.stop()
    await expect(start()).rejects.toMatchObject({ code: 'SETUP_FAILED' })
    expect(await withClient(successor.url, (client) => client.ping())).toBe('PONG')
  })

  test('is killed if it does not end in time', { timeout: 15_000 }, async () => {
    const redis = await start()
    process.kill(redis.pid, 'SIGSTOP')
    await redis.stop()
    expect(await redis.exited).toBeNull()
  })
})

describe('a start that meets trouble', () => {
  /** A program that behaves as told at its first run and is the real server after that. */
  async function makeServer(firstRun: string): Promise<string> {
    const path = join(directory, 'redis-server')
    const mark = join(directory, 'has run')
    await writeFile(
      path,
      `#!/bin/sh\nif [ ! -e '${mark}' ]; then : > '${mark}'; ${firstRun}; fi\nexec '${server.serverPath}' "$@"\n`,
    )
    await chmod(path, 0o755)
    return path
  }

  test('tries another port when the one it chose was taken meanwhile', async () => {
    const redis = await start({ serverPath: await makeServer('echo "bind: Address already in use"; exit 1') })
    expect(await withClient(redis.url, (client) => client.ping())).toBe('PONG')
  })

  test('says what the server said when it does not start, and gives the directory back', async () => {
    const failing = await makeServer('echo "Fatal: no luck today"; exit 3')
    await expect(start({ serverPath: failing })).rejects.toMatchObject({
      code: 'SETUP_FAILED',
      message: expect.stringMatching(/ended with code 3[\s\S]*no luck today/),
    })
    expect(await readdir(join(directory, 'data'))).toEqual([])
  })

  test('says so when there is no such program', async () => {
    await expect(start({ serverPath: join(directory, 'absent') })).rejects.toMatchObject({
      code: 'SETUP_FAILED',
      message: expect.stringContaining('ENOENT'),
    })
  })
})

describe('a directory that another process used', () => {
  test('is refused while that process lives, and its server goes on', async () => {
    const dataDir = join(directory, 'data')
    const { owner, serverPid } = await startInOtherProcess(dataDir)
    await expect(start({ dataDir })).rejects.toMatchObject({
      code: 'SETUP_FAILED',
      message: expect.stringContaining(`Process ${owner.pid}`),
    })
    expect(await isGone(serverPid)).toBe(false)
    owner.kill('SIGKILL')
    await once(owner, 'exit')
    await start({ dataDir })
    expect(await isGone(serverPid)).toBe(true)
  })

  test('is freed when that process exits without stopping its server', async () => {
    const { owner, serverPid } = await startInOtherProcess(join(directory, 'data'), 'process.exit(7)')
    if (owner.exitCode === null) await once(owner, 'exit')
    await ended(serverPid)
    await start()
  })

  test('never costs a process its life that has the recorded number by now', async () => {
    const dataDir = join(directory, 'data')
    await (await start({ dataDir })).stop()
    const bystander = spawn('sleep', ['60'], { cwd: dataDir })
    owners.push(bystander)
    await once(bystander, 'spawn')
    const record = { ...recordProcess(bystander.pid as number), port: 1 }
    await writeFile(join(dataDir, 'server.json'), JSON.stringify(record))
    await start({ dataDir })
    expect(bystander.exitCode ?? bystander.signalCode).toBeNull()
  })
  test('goes to one of two processes that race for it, again and again', async () => {
    const dataDir = join(directory, 'raced')
    await mkdir(dataDir)
    const code = `import { claimDataDir } from ${JSON.stringify(CLAIM_URL)}
      let claim
      process.on('message', async (message) => {
        if (message === 'release') await claim?.release()
        else claim = await claimDataDir(${JSON.stringify(dataDir)}).catch((error) => void (error.code === 'SETUP_FAILED' || process.exit(1)))
        process.send(message === 'release' ? 'released' : claim !== undefined)
      })
      process.send('ready')`
    const racers = [1, 2].map(() => {
      const racer = spawn(process.execPath, ['--input-type=module', '--eval', code], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      })
      owners.push(racer)
      return racer
    })
    const answers = () => Promise.all(racers.map(async (racer) => (await once(racer, 'message'))[0]))
    const all = (message: string) => {
      const answered = answers()
      for (const racer of racers) racer.send(message)
      return answered
    }
    await answers()
    const deadPid = spawnSync('true').pid
    for (let round = 0; round < 200; round += 1) {
      // In turn: a directory that nobody has, and one whose owner was killed.
      if (round % 2 === 1) {
        await writeFile(join(dataDir, 'owner.lock'), `${deadPid} 1 ${round}`)
        await writeFile(join(dataDir, 'server.json'), JSON.stringify({ pid: deadPid, startedAt: '1', port: 1 }))
      }
      expect((await all('claim')).filter(Boolean)).toHaveLength(1)
      await all('release')
      expect(await readdir(dataDir)).toEqual([])
    }
  })
})
