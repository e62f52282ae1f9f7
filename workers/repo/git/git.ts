import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { AfterturnError } from '../../../shared/errors.ts'

/**
 * Owns how git is run. Guarantees: no hook, prompt or pager, and of the configuration only what is given here; what the repository itself
 * configures can start no program, since it may not reach anything (`reach`). A run ends with its signal, its time or its size, children included.
 */

export type GitOptions = {
  readonly signal: AbortSignal
  /** What it may connect to. @default nothing */
  readonly reach?: 'https' | 'ssh' | 'file' | undefined
  /** The private key with which ssh logs in. @default those of the user that runs the worker */
  readonly sshKeyFile?: string | undefined
  /** Where ssh connects to, and the name by which it knows the host's key. @default what the address says */
  readonly sshAddress?: { readonly address: string; readonly alias: string } | undefined
  /** Whose own configuration is read as well; for what starts nothing. @default nobody's */
  readonly home?: string
  /** The standard input of git. @default nothing */
  readonly input?: string
  /** A repository above this directory is not found. */
  readonly ceiling?: string
  /** Settings of this run; they travel in the environment, where no other user sees them. */
  readonly settings?: Readonly<Record<string, string>>
  /** @default GIT_TIMEOUT_MS */
  readonly timeoutMs?: number
  /** The address space of each of its processes, where the system can bound it. @default none */
  readonly maxMemoryBytes?: number
  /** What must not be among its complaints, which are stored: a server may repeat what it was told. */
  readonly secrets?: readonly string[]
}

type GitProcess = ChildProcessByStdio<Writable, Readable, Readable> & {
  /** Settles when it has ended: its code, and what it complained about. */
  readonly ended: Promise<{ readonly code: number | null; readonly complaint: string }>
  /** Ends it and what it started. */
  end(): void
}

/** Where git and what it starts are looked for, whatever this process was started with. */
const SEARCH_PATH = '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin'
const SSH = 'ssh -oBatchMode=yes'
/** Runs git within a bound; what it runs is given as arguments, never as text of the shell's. */
const BOUNDED = ['-c', 'ulimit -v "$0" 2>/dev/null; exec git "$@"']
const NOT_FOUND_EXIT = 127
const GIT_TIMEOUT_MS = 60_000
const MAX_OUTPUT_BYTES = 256 * 1_024 * 1_024
/** A remote's words reach a terminal and the store, which takes no NUL. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go
const CONTROL = /[\x00-\x09\x0b-\x1f\x7f]+/g
const MAX_COMPLAINT_LENGTH = 2_000
/** More than is told: secrets are taken out of the whole. */
const MAX_HEARD_LENGTH = 16_000

const SETTINGS = {
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.askPass': '',
  'credential.helper': '',
  'gc.autoDetach': 'false',
  // Whose directory it is, is no question here: what may be read is decided by its place.
  'safe.directory': '*',
  // The header with the credentials is for the address that was given, and no other.
  'http.followRedirects': 'false',
}

/**
 * Starts git; its input and output are the caller's to serve.
 * @throws GIT_MISSING by `ended`
 */
export function startGit(args: readonly string[], options: GitOptions): GitProcess {
  options.signal.throwIfAborted()
  const { command, before } = programOf(options)
  const child = spawn(command, [...before, '--no-pager', '--no-replace-objects', ...args], {
    env: environmentOf(options),
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own: git starts others, which must end with it.
    detached: true,
  })
  let isClosed = false
  const end = () => {
    try {
      // Also when git itself has ended: what it started may go on.
      if (child.pid !== undefined && !isClosed) process.kill(-child.pid, 'SIGKILL')
    } catch {
      // It has ended meanwhile.
    }
  }
  let complaint = ''
  const timeoutMs = options.timeoutMs ?? GIT_TIMEOUT_MS
  const timer = setTimeout(() => {
    complaint = `git was ended after ${Math.ceil(timeoutMs / 1_000)} s`
    end()
  }, timeoutMs).unref()
  options.signal.addEventListener('abort', end)
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text.replace(CONTROL, ' ')).slice(0, MAX_HEARD_LENGTH)
  })
  // A git that ended reads no more; its code says why.
  child.stdin.on('error', () => {})
  const ended = new Promise<{ code: number | null; complaint: string }>((resolve, reject) => {
    const missing = () => new AfterturnError('GIT_MISSING', `Expected git in ${SEARCH_PATH}, found none.`)
    child.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'ENOENT' ? missing() : error))
    child.once('close', (code) => {
      if (code === NOT_FOUND_EXIT) reject(missing())
      for (const secret of options.secrets ?? []) complaint = complaint.replaceAll(secret, '[redacted]')
      resolve({ code, complaint: complaint.trim().slice(0, MAX_COMPLAINT_LENGTH) })
    })
  }).finally(() => {
    isClosed = true
    clearTimeout(timer)
    options.signal.removeEventListener('abort', end)
  })
  ended.catch(() => {})
  return Object.assign(child, { ended, end })
}

function programOf({ maxMemoryBytes }: GitOptions): { command: string; before: readonly string[] } {
  if (maxMemoryBytes === undefined) return { command: 'git', before: [] }
  return { command: '/bin/sh', before: [...BOUNDED, String(Math.ceil(maxMemoryBytes / 1_024))] }
}

/** Runs git to its end and answers what it printed. */
export async function runGit(
  args: readonly string[],
  options: GitOptions,
): Promise<{ readonly output: Buffer; readonly code: number | null; readonly complaint: string }> {
  const git = startGit(args, options)
  git.stdin.end(options.input)
  const pieces: Buffer[] = []
  let bytes = 0
  git.stdout.on('data', (piece: Buffer) => {
    bytes += piece.length
    if (bytes <= MAX_OUTPUT_BYTES) pieces.push(piece)
    else git.end()
  })
  const { code, complaint } = await git.ended
  options.signal.throwIfAborted()
  if (bytes > MAX_OUTPUT_BYTES)
    throw new AfterturnError(
      'REPO_TOO_LARGE',
      `git ${args.find((arg) => !arg.startsWith('-') && !arg.includes('/'))} printed more than ${MAX_OUTPUT_BYTES} bytes.`,
    )
  return { output: Buffer.concat(pieces), code, complaint }
}

function environmentOf({ reach, ceiling, home, settings = {}, ...login }: GitOptions): NodeJS.ProcessEnv {
  const all = Object.entries({ ...SETTINGS, ...settings })
  return {
    PATH: SEARCH_PATH,
    LC_ALL: 'C',
    ...(home === undefined ? { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' } : { HOME: home }),
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '/bin/false',
    SSH_ASKPASS: '/bin/false',
    GIT_SSH_COMMAND: sshCommand(login),
    ...(ceiling !== undefined && { GIT_CEILING_DIRECTORIES: ceiling }),
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    // Also what a partial clone would fetch by itself, by whatever command its own configuration names.
    GIT_ALLOW_PROTOCOL: reach ?? 'none',
    GIT_CONFIG_COUNT: String(all.length),
    ...Object.fromEntries(
      all.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  }
}

function sshCommand({ sshKeyFile, sshAddress }: Pick<GitOptions, 'sshKeyFile' | 'sshAddress'>): string {
  const key = sshKeyFile === undefined ? [] : ['-oIdentitiesOnly=yes', '-i', quoted(sshKeyFile)]
  const address = sshAddress ? [`-oHostName=${sshAddress.address}`, `-oHostKeyAlias=${quoted(sshAddress.alias)}`] : []
  return [SSH, ...key, ...address].join(' ')
}

/** As the shell reads it, by which git starts ssh. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
