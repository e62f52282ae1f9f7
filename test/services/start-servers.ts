import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { basename, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { isRunning, type ProcessRecord, recordProcess } from '../../shared/processes/process-identity.mjs'

/**
 * Owns the servers of one run of a suite: PostgreSQL 17 with a fresh cluster, a PgBouncer before it, which gives each transaction another session,
 * Redis 8 and Valkey 8, run by chroot on free loopback ports with random passwords. Guarantees: all end with `stop`; what a killed run left is
 * ended and removed by the next one.
 */

const SERVER_NAMES = ['postgres', 'pgbouncer', 'redis8', 'valkey8'] as const
type ServerName = (typeof SERVER_NAMES)[number]

export type SandboxServer = {
  readonly url: string
  /** Starts it again, with its data, after `end`. */
  start(): Promise<void>
  /** SIGQUIT: PostgreSQL and PgBouncer leave at once, without a word to their clients. SIGINT: they end what runs first. */
  end(signal: 'SIGINT' | 'SIGQUIT'): Promise<void>
  signal(name: 'SIGSTOP' | 'SIGCONT'): void
}

type SandboxServers<Name extends ServerName> = Readonly<Record<Name, SandboxServer>> & {
  readonly stop: () => Promise<void>
}

type RunRecord = { readonly owner: ProcessRecord; readonly servers: readonly ProcessRecord[] }

type ServerPlan = {
  readonly user: string
  readonly command: readonly string[]
  readonly input?: string
  readonly readyLine: string
}

const RUN_PREFIX = 'afterturn-services-'
const RUN_RECORD = 'run.json'
// To PostgreSQL it means "do not wait for clients to leave", to the others "end".
const STOP_SIGNAL = 'SIGINT'
const READY_TIMEOUT_MS = 30_000
const STOP_TIMEOUT_MS = 10_000
const CHROOT_ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' }
const POSTGRES_PROGRAMS = '/usr/lib/postgresql/17/bin'

/** Starts servers in a sandbox that `prepareSandbox` made, all four unless some are named; PgBouncer needs PostgreSQL. A durable PostgreSQL waits for the disk at each commit, as in production. */
export async function startServers<Name extends ServerName = ServerName>(
  sandbox: string,
  names: readonly Name[] = SERVER_NAMES as readonly ServerName[] as readonly Name[],
  { isDurable = false }: { readonly isDurable?: boolean } = {},
): Promise<SandboxServers<Name>> {
  await endLeftRuns(sandbox)
  const run = mkdtempSync(join(sandbox, 'tmp', RUN_PREFIX))
  const children = new Map<ServerPlan, ChildProcess>()
  const servers: ProcessRecord[] = []
  const record = () =>
    writeFileSync(
      join(run, RUN_RECORD),
      JSON.stringify({ owner: recordProcess(process.pid), servers } satisfies RunRecord),
    )
  record()
  execFileSync('chmod', ['711', run])

  const start = async (plan: ServerPlan) => {
    const child = spawn('chroot', [`--userspec=${plan.user}:${plan.user}`, sandbox, ...plan.command], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: CHROOT_ENVIRONMENT,
      detached: true,
    })
    await once(child, 'spawn')
    children.set(plan, child)
    servers.push(recordProcess(child.pid as number))
    record()
    child.stdin?.end(plan.input ?? '')
    await untilReady(child, plan)
  }
  const stop = async () => {
    await Promise.all([...children.values()].map((child) => endChild(child, STOP_SIGNAL)))
    rmSync(run, { recursive: true, force: true })
  }

  try {
    const password = makeCluster(sandbox, run)
    const ports = await findFreePorts()
    const postgres = planPostgres(run, password, ports[0], isDurable)
    const planned = {
      postgres,
      pgbouncer: planPgbouncer(run, postgres.url, ports[3]),
      redis8: planRedis('redis', run, ports[1]),
      valkey8: planRedis('valkey', run, ports[2]),
    }
    await Promise.all(names.map((name) => start(planned[name].plan)))
    const serverOf = ({ url, plan }: { url: string; plan: ServerPlan }): SandboxServer => ({
      url,
      start: () => start(plan),
      end: (signal) => endChild(children.get(plan) as ChildProcess, signal),
      signal: (name) => void children.get(plan)?.kill(name),
    })
    const servers = Object.fromEntries(names.map((name) => [name, serverOf(planned[name])]))
    return { ...(servers as Record<Name, SandboxServer>), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Makes an empty cluster; answers with its password. */
function makeCluster(sandbox: string, run: string): string {
  const inside = `/tmp/${basename(run)}/postgres`
  const password = randomBytes(24).toString('hex')
  const own = ['--owner=postgres', '--group=postgres', '--mode=700']
  execFileSync('chroot', [sandbox, 'install', '--directory', ...own, inside])
  // Only PostgreSQL may enter the directory around it.
  writeFileSync(join(run, 'postgres/password'), password)
  const initdb = [
    `${POSTGRES_PROGRAMS}/initdb`,
    `--pgdata=${inside}/data`,
    `--pwfile=${inside}/password`,
    '--username=postgres',
  ]
  const options = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync']
  execFileSync('chroot', ['--userspec=postgres:postgres', sandbox, ...initdb, ...options], {
    env: CHROOT_ENVIRONMENT,
    stdio: 'pipe',
  })
  return password
}

function planPostgres(
  run: string,
  password: string,
  port: number,
  isDurable: boolean,
): { url: string; plan: ServerPlan } {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    // Nothing of a test outlives the machine, so nothing waits for the disk; what is committed outlives the server.
    fsync: isDurable ? 'on' : 'off',
    full_page_writes: 'off',
  }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return {
    url: `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`,
    plan: {
      user: 'postgres',
      command: [`${POSTGRES_PROGRAMS}/postgres`, '-D', `/tmp/${basename(run)}/postgres/data`, ...options],
      readyLine: 'database system is ready to accept connections',
    },
  }
}

/** As Debian ships it, but for the mode of its pools. */
function planPgbouncer(run: string, postgresUrl: string, port: number): { url: string; plan: ServerPlan } {
  const { username, password, port: postgresPort } = new URL(postgresUrl)
  const inside = `/tmp/${basename(run)}/postgres`
  const lines = [
    '[databases]',
    `* = host=127.0.0.1 port=${postgresPort}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = scram-sha-256',
    `auth_file = ${inside}/users`,
    'pool_mode = transaction',
    `admin_users = ${username}`,
    // Each test file has a database of its own, and leaves its sessions.
    'server_idle_timeout = 2',
  ]
  writeFileSync(join(run, 'postgres/pgbouncer.ini'), `${lines.join('\n')}\n`)
  writeFileSync(join(run, 'postgres/users'), `"${username}" "${password}"\n`)
  return {
    url: `postgresql://${username}:${password}@127.0.0.1:${port}/postgres`,
    plan: {
      user: 'postgres',
      command: ['/usr/sbin/pgbouncer', `${inside}/pgbouncer.ini`],
      readyLine: 'process up',
    },
  }
}

function planRedis(name: 'redis' | 'valkey', run: string, port: number): { url: string; plan: ServerPlan } {
  const password = randomBytes(24).toString('hex')
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir /tmp/${basename(run)}`,
    'save ""',
    'maxmemory-policy noeviction',
  ]
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
    plan: {
      user: name,
      command: [`/usr/bin/${name}-server`, '-'],
      input: `${lines.join('\n')}\n`,
      readyLine: 'Ready to accept connections',
    },
  }
}

/** Held together before they are let go, so that they differ. */
async function findFreePorts(): Promise<[number, number, number, number]> {
  const hold = async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return server
  }
  const held = [await hold(), await hold(), await hold(), await hold()]
  const ports = held.map((server) => (server.address() as { port: number }).port)
  for (const server of held) {
    server.close()
    await once(server, 'close')
  }
  return ports as [number, number, number, number]
}

async function untilReady(child: ChildProcess, plan: ServerPlan): Promise<void> {
  let log = ''
  await new Promise<void>((resolve, reject) => {
    const timer = globalThis.setTimeout(
      () => reject(new Error(`${plan.command[0]} was not ready in ${READY_TIMEOUT_MS} ms:\n${log}`)),
      READY_TIMEOUT_MS,
    )
    const keep = (chunk: string) => {
      // Read on after it is ready, lest its log fill the pipe and stop it.
      log = (log + chunk).slice(-4_000)
      if (log.includes(plan.readyLine)) {
        clearTimeout(timer)
        resolve()
      }
    }
    child.stdout?.setEncoding('utf8').on('data', keep)
    child.stderr?.setEncoding('utf8').on('data', keep)
    child.once('close', (code) => {
      clearTimeout(timer)
      reject(new Error(`${plan.command[0]} ended with code ${code}:\n${log}`))
    })
  })
}

async function endChild(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill(signal)
  const force = globalThis.setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
  await exited
  clearTimeout(force)
}

/** Ends the servers of runs whose own process was killed, and removes their data. */
async function endLeftRuns(sandbox: string): Promise<void> {
  for (const name of readdirSync(join(sandbox, 'tmp')).filter((entry) => entry.startsWith(RUN_PREFIX))) {
    const run = join(sandbox, 'tmp', name)
    const { owner, servers } = JSON.parse(readFileSync(join(run, RUN_RECORD), 'utf8')) as RunRecord
    if (isRunning(owner)) continue
    for (const server of servers) await endLeftServer(server)
    rmSync(run, { recursive: true, force: true })
  }
}

async function endLeftServer(server: ProcessRecord): Promise<void> {
  for (const signal of [STOP_SIGNAL, 'SIGKILL'] as const) {
    if (isRunning(server)) process.kill(server.pid, signal)
    const deadlineMs = performance.now() + STOP_TIMEOUT_MS
    while (isRunning(server) && performance.now() < deadlineMs) await setTimeout(50)
  }
}
