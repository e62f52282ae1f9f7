import { execFile } from 'node:child_process'
import { readFile, readlink, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { AfterturnError } from '../errors.ts'

/**
 * Owns the file in a data directory that says which process runs which server there. Guarantees: a server whose owner was killed is stopped
 * before the next one starts; one whose owner lives is left alone and the claim refused. Must not signal anything but a Redis of this
 * directory, whatever process has its number by now.
 */

const CLAIM_FILE = 'owner.json'
const STOP_TIMEOUT_MS = 5_000
const POLL_INTERVAL_MS = 20

type ClaimRecord = { readonly ownerPid: number; readonly serverPid?: number; readonly port?: number }

export type DataDirClaim = {
  /** Writes down the server, so that the next start finds it if this process is killed. */
  readonly recordServer: (serverPid: number, port: number) => Promise<void>
  readonly release: () => Promise<void>
}

/**
 * Takes a data directory for this process, which first ends the server that a killed owner left there.
 * @param dataDir its real path
 * @throws SETUP_FAILED if a live process runs a server there, or the left one does not end
 */
export async function claimDataDir(dataDir: string): Promise<DataDirClaim> {
  const path = join(dataDir, CLAIM_FILE)
  const own: ClaimRecord = { ownerPid: process.pid }
  while (!(await tryCreate(path, own))) {
    const found = await readClaim(path)
    if (found) await endLeftServer(found, dataDir)
    await rm(path, { force: true })
  }
  let written = own
  return {
    recordServer: async (serverPid, port) => {
      written = { ...own, serverPid, port }
      await writeFile(path, JSON.stringify(written))
    },
    release: async () => {
      // After a crash of its server the directory may already be another start's.
      const found = await readClaim(path)
      if (found?.ownerPid === written.ownerPid && found.serverPid === written.serverPid) await rm(path, { force: true })
    },
  }
}

async function tryCreate(path: string, record: ClaimRecord): Promise<boolean> {
  try {
    await writeFile(path, JSON.stringify(record), { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function readClaim(path: string): Promise<ClaimRecord | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as ClaimRecord
  } catch {
    return undefined
  }
}

async function endLeftServer({ ownerPid, serverPid, port }: ClaimRecord, dataDir: string): Promise<void> {
  if (serverPid === undefined) {
    if (isAlive(ownerPid)) throw inUse(dataDir, ownerPid)
    return
  }
  const parentPid = await parentOfServer(serverPid, port, dataDir)
  if (parentPid === undefined) return
  // A child whose parent died belongs to another process, so this also holds when the owner's number is in use again.
  if (parentPid === ownerPid) throw inUse(dataDir, ownerPid)

  // Asked anew before each signal: the number may pass to another process, and a zombie that nobody reaps counts as ended.
  const isLeft = async () => (await parentOfServer(serverPid, port, dataDir)) !== undefined
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (await isLeft()) sendSignal(serverPid, signal)
    const deadlineMs = performance.now() + STOP_TIMEOUT_MS
    while ((await isLeft()) && performance.now() < deadlineMs) await setTimeout(POLL_INTERVAL_MS)
  }
  if (await isLeft()) {
    throw new AfterturnError(
      'SETUP_FAILED',
      `The Redis that an earlier run left in ${dataDir} (process ${serverPid}) does not end. Stop it.`,
    )
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It ended meanwhile, or is another user's, which shows when it does not end.
  }
}

function inUse(dataDir: string, ownerPid: number): AfterturnError {
  return new AfterturnError(
    'SETUP_FAILED',
    `Process ${ownerPid} runs a Redis in ${dataDir}. Stop it, or use its addresses.`,
  )
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** The parent of a process if that is a Redis server of this directory, else `undefined`. */
async function parentOfServer(pid: number, port: number | undefined, dataDir: string): Promise<number | undefined> {
  try {
    if (process.platform !== 'linux') return await parentByPs(pid, port)
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    const [, name, parentPid] = /^\d+ \((.*)\) \S (\d+)/s.exec(stat) ?? []
    const isOurs = isServerName(name) && (await readlink(`/proc/${pid}/cwd`)) === dataDir
    return isOurs ? Number(parentPid) : undefined
  } catch {
    return undefined
  }
}

/** Without /proc the working directory is unknown; the title that Redis gives itself names its port instead. */
async function parentByPs(pid: number, port: number | undefined): Promise<number | undefined> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'ppid=,command=', '-p', String(pid)])
  const [, parentPid, command = ''] = /^\s*(\d+)\s+(.*)$/m.exec(stdout) ?? []
  return isServerName(command) && command.includes(`127.0.0.1:${port}`) ? Number(parentPid) : undefined
}

function isServerName(text: string | undefined): boolean {
  return /\b(redis|valkey)-/.test(text ?? '')
}
