import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isAnswering } from '../../../shared/redis/embedded/redis-probe.ts'
import { findFreePort } from '../../helpers/services/find-free-port.ts'
import { redisProgram } from '../../helpers/services/redis-server.ts'
import { until } from '../../helpers/until.ts'
import type { KeptProcess, KeptProcesses } from './kept-processes.ts'

/** A Redis that a test stops and starts again: its address and password stay, as a real one's do. */
export type RedisProcess = {
  readonly url: string
  start(): Promise<void>
  /** Ends it with the signal; its data stays in its directory. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
  signal(name: 'SIGSTOP' | 'SIGCONT'): void
  /** Between `end` and `start`: as a machine that lost its disk. */
  loseData(): Promise<void>
}

const PERSISTENCE = {
  durable: ['appendonly yes', 'appendfsync everysec', 'maxmemory-policy noeviction'],
  cache: ['appendonly no', 'save ""', 'maxmemory-policy allkeys-lru', 'maxmemory 64mb'],
}

/** Prepares a server of the role; it runs after `start`. */
export async function prepareRedis(processes: KeptProcesses, role: keyof typeof PERSISTENCE): Promise<RedisProcess> {
  const { path, env } = redisProgram()
  const directory = join(processes.directory, `redis-${role}`)
  const password = randomBytes(24).toString('hex')
  const port = await findFreePort()
  const settings = [`requirepass ${password}`, `dir ${directory}`, ...PERSISTENCE[role], ''].join('\n')
  let running: KeptProcess | undefined
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
    async start() {
      await mkdir(directory, { recursive: true })
      const args = ['-', '--bind', '127.0.0.1', '--port', String(port)]
      running = processes.spawn({ name: `redis-${role}`, program: path, args, env, input: settings })
      await until(
        () => isAnswering(port, password),
        (isReady) => isReady,
      )
    },
    async end(signal) {
      running?.signal(signal)
      await running?.exited
      running = undefined
    },
    signal: (name) => running?.signal(name),
    loseData: () => rm(directory, { recursive: true, force: true }),
  }
}
