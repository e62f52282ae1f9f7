import { execFile } from 'node:child_process'
import { readFile, readlink, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { AfterturnError } from '../../errors.ts'
import { takeOwnership } from '../../processes/ownership.mjs'
import { isRunning, type ProcessRecord, recordProcess } from '../../processes/process-identity.mjs'

/**
 * Owns whose a data directory is, and which server runs there. Guarantees: one live process has it; a server whose owner was killed is
 * stopped before the next one starts. Must not signal anything but a Redis of this directory, whatever process has its number by now.
 */

const LOCK_FILE = 'owner.lock'
const SERVER_FILE = 'server.json'
const STOP_TIMEOUT_MS = 5_000
const POLL_INTERVAL_MS = 20

type ServerRecord = ProcessRecord & { readonly port: number }

export type DataDirClaim = {
  /** Writes down the server, so that the next start finds it if this process is killed. */
  readonly recordServer: (pid: number, port: number) => Promise<void>
  /** Lets the directory go; its server must have ended. May be called twice. */
  readonly release: () => Promise<void>
}

/**
 * Takes a data directory for this process, and ends the server that a killed owner left there.
 * @param dataDir its real path
 * @throws SETUP_FAILED if a live process has it, or the left server does not end
 */
export async function claimDataDir(dataDir: string): Promise<DataDirClaim> {
  const ownership = await takeOwnership(join(dataDir, LOCK_FILE))
  if (ownership.heldBy !== undefined) {
    throw new AfterturnError(
      'SETUP_FAILED',
      `Process ${ownership.heldBy} runs a Redis in ${dataDir}. Stop it, or use its addresses.`,
    )
  }
  const file = join(dataDir, SERVER_FILE)
  let released: Promise<void> | undefined
  const release = () => {
    // In this order: once the directory is let go, the file may be the next owner's.
    released ??= rm(file, { force: true }).then(ownership.release)
    return released
  }
  try {
    const left = await readServer(file)
    if (left) await endServer(left, dataDir)
  } catch (error) {
    // The record stays: the next start tries again.
    await ownership.release()
    throw error
  }
  return {
    async recordServer(pid, port) {
      await writeFile(`${file}.new`, JSON.stringify({ ...recordProcess(pid), port } satisfies ServerRecord))
      await rename(`${file}.new`, file)
    },
    release,
  }
}

async function readServer(file: string): Promise<ServerRecord | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ServerRecord
  } catch {
    return undefined
  }
}

async function endServer(server: ServerRecord, dataDir: string): Promise<void> {
  // Asked anew before each signal: the number may pass to another process at any time.
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (await isServerOf(server, dataDir)) sendSignal(server.pid, signal)
    const deadlineMs = performance.now() + STOP_TIMEOUT_MS
    while ((await isServerOf(server, dataDir)) && performance.now() < deadlineMs) await setTimeout(POLL_INTERVAL_MS)
  }
  if (await isServerOf(server, dataDir)) {
    throw new AfterturnError(
      'SETUP_FAILED',
      `The Redis that an earlier run left in ${dataDir} (process ${server.pid}) does not end. Stop it.`,
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

async function isServerOf(server: ServerRecord, dataDir: string): Promise<boolean> {
  if (!isRunning(server)) return false
  try {
    if (process.platform !== 'linux') return await isServerByTitle(server)
    const name = await readFile(`/proc/${server.pid}/comm`, 'utf8')
    return isServerName(name) && (await readlink(`/proc/${server.pid}/cwd`)) === dataDir
  } catch {
    return false
  }
}

/** Without /proc the working directory is unknown; the title that Redis gives itself names its port instead. */
async function isServerByTitle({ pid, port }: ServerRecord): Promise<boolean> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)])
  return isServerName(stdout) && stdout.includes(`127.0.0.1:${port}`)
}

function isServerName(text: string): boolean {
  return /\b(redis|valkey)-/.test(text)
}
