import { createHash } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { withinDeadline } from '../../../shared/deadline.ts'
import { AfterturnError } from '../../../shared/errors.ts'
import { makeDataDirectory } from '../../../shared/processes/make-data-directory.ts'
import type { RepoCredentials, RepoLogin, RepoServices } from '../repo-services.ts'
import { admitHost, type RemoteSource } from './clone-host.ts'
import { type GitOptions, runGit, startGit } from './git.ts'
import type { GitStore } from './git-objects.ts'
import { gitVersion, refuseOldGit } from './git-version.ts'

/**
 * Owns the bare mirrors of what is cloned: one a repository of an org, without its history, fetched again for what is new. Guarantees: its
 * size and time are bounded; a mirror that is broken is made anew. Whoever calls holds the repository's lease.
 */

const LOOK_AT_SIZE_MS = 500
/** A server that lists refs for ever fills the memory of the git that reads them, not the disk. */
const MAX_MEMORY_BYTES = 1_024 ** 3
/** What keeps a fetch of any size within it: threads reserve their address space. */
const WITHIN_MEMORY = {
  'pack.threads': '2',
  'core.bigFileThreshold': '32m',
  'core.packedGitWindowSize': '32m',
  'core.packedGitLimit': '256m',
}
/** In place of a complaint of git's. */
const TOO_LARGE = 'the mirror is too large'
/** Messages on what a killed git left, on damage that no fetch can mend, and on a full disk, which earlier fetches may have filled. */
const BROKEN_MIRROR =
  /\.lock'|corrupt|bad object|bad pack|shallow file|missing (?:blob|tree|commit)|invalid index-pack|No space left/i
/** How a server hashes whose objects a mirror of the other kind cannot hold. */
const SERVER_FORMAT = /mismatched algorithms: client sha\d+; server (sha1|sha256)\b/
const NO_SUCH_REF = /couldn't find remote ref|not our ref|no such ref|invalid refspec/i
const NO_REPOSITORY =
  /does not appear to be a git repository|repository '[^'\n]{0,500}' not found|not a git repository/i

/** Fetches a ref; answers the mirror and the commit that the ref means. */
export async function fetchMirror(
  services: Pick<RepoServices, 'config' | 'repoCredentials'>,
  repo: { readonly orgId: string; readonly repoId: string; readonly ref: string },
  source: RemoteSource,
  signal: AbortSignal,
): Promise<GitStore & { readonly fetchedRef: string }> {
  const { config } = services
  const name = createHash('sha256')
    .update(JSON.stringify([repo.orgId, repo.repoId, source.url]))
    .digest('hex')
  const gitDir = resolve(config.repoMirrorDir, `${name.slice(0, 40)}.git`)
  const host = await admitHost(source, config.repoHosts)
  if (host.settings) refuseOldGit(await gitVersion(signal), 'pinned')
  const login = await askForLogin(services, { orgId: repo.orgId, repoId: repo.repoId, url: source.url }, signal)
  const { header, ...loginOptions } = optionsOf(source, login)
  const options: GitOptions = {
    signal,
    reach: source.protocol,
    timeoutMs: config.repoFetchTimeoutMs,
    maxMemoryBytes: MAX_MEMORY_BYTES,
    ...host,
    ...loginOptions,
    settings: {
      ...WITHIN_MEMORY,
      ...host.settings,
      ...header,
      ...(config.repoProxy !== undefined && { 'http.proxy': config.repoProxy }),
      ...(config.repoCaFile !== undefined && { 'http.sslCAInfo': resolve(config.repoCaFile) }),
    },
  }
  let isNew = !(await stat(join(gitDir, 'HEAD')).catch(() => undefined))
  if (isNew) await initialize(gitDir, signal)
  const fetchedRef = `refs/afterturn/${createHash('sha256').update(repo.ref).digest('hex').slice(0, 40)}`
  const refspec = `+${repo.ref}:${fetchedRef}`
  const fetch = () => fetchOnce(gitDir, source.url, refspec, options, config.repoMaxBytes)
  const remove = () => rm(gitDir, { recursive: true, force: true })
  const fetchAnew = async (format?: string) => {
    await remove()
    await initialize(gitDir, signal, format)
    isNew = true
    return fetch()
  }
  let complaint = await fetch()
  // It may also be too large by what no commit needs any more. Only the git here names the mirror: it was removed, or cannot be written.
  if (complaint?.includes(gitDir) || (!isNew && (complaint === TOO_LARGE || BROKEN_MIRROR.test(complaint ?? ''))))
    complaint = await fetchAnew()
  const format = SERVER_FORMAT.exec(complaint ?? '')?.[1]
  if (format !== undefined) complaint = await fetchAnew(format)
  // Half of a fetch serves nobody, and fills the disk of others.
  if (complaint !== undefined && (isNew || complaint === TOO_LARGE)) await remove()
  if (complaint === TOO_LARGE) {
    const expected = `Expected a repository of at most ${config.repoMaxBytes} bytes, got more.`
    throw new AfterturnError('REPO_TOO_LARGE', expected)
  }
  if (complaint !== undefined) throw fetchError(complaint, repo.ref)
  const onDamage = async () => {
    await remove()
    throw new AfterturnError(
      'REPO_UNREACHABLE',
      'The mirror in REPO_MIRROR_DIR was removed or damaged before it was read; the next try fetches it anew.',
    )
  }
  return { gitDir, options: { signal }, onDamage, fetchedRef }
}

/** What the host's function throws may repeat a credential, and is not told on. */
async function askForLogin(
  { config, repoCredentials }: Pick<RepoServices, 'config' | 'repoCredentials'>,
  repo: Parameters<RepoCredentials>[0],
  signal: AbortSignal,
): Promise<RepoLogin | undefined> {
  const failed = () => new AfterturnError('REPO_UNREACHABLE', '`repoCredentials` of the host failed or did not answer.')
  const ask = async () => repoCredentials?.(repo)
  const asking = ask().catch(() => {
    throw failed()
  })
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([withinDeadline(asking, config.repoFetchTimeoutMs, failed), aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

async function initialize(gitDir: string, signal: AbortSignal, format = 'sha1'): Promise<void> {
  await makeDataDirectory(dirname(gitDir))
  await mkdir(gitDir, { recursive: true, mode: 0o700 })
  const { code, complaint } = await runGit(
    ['init', '--quiet', '--bare', '--template=', `--object-format=${format}`, gitDir],
    { signal },
  )
  if (code !== 0)
    throw new AfterturnError('REPO_UNREACHABLE', `The mirror cannot be made in REPO_MIRROR_DIR: ${complaint}`)
}

/** Answers what git complained of, or undefined. */
async function fetchOnce(
  gitDir: string,
  url: string,
  refspec: string,
  options: GitOptions,
  maxBytes: number,
): Promise<string | undefined> {
  const args = ['--git-dir', gitDir, 'fetch', '--quiet', '--depth=1', '--no-tags', '--no-write-fetch-head']
  const git = startGit([...args, '--no-recurse-submodules', '--', url, refspec], options)
  git.stdin.end()
  git.stdout.resume()
  let isTooLarge = false
  const timer = setInterval(async () => {
    if ((await bytesOf(gitDir)) <= maxBytes) return
    isTooLarge = true
    git.end()
  }, LOOK_AT_SIZE_MS)
  const { code, complaint } = await git.ended.finally(() => clearInterval(timer))
  options.signal.throwIfAborted()
  if (isTooLarge || (code === 0 && (await bytesOf(gitDir)) > maxBytes)) return TOO_LARGE
  return code === 0 ? undefined : complaint
}

function fetchError(complaint: string, ref: string): AfterturnError {
  if (NO_SUCH_REF.test(complaint))
    return new AfterturnError('REF_UNKNOWN', `Expected a ref of the repository, got ${JSON.stringify(ref)}.`)
  if (NO_REPOSITORY.test(complaint))
    return new AfterturnError('REPO_NOT_FOUND', `Expected a git repository at the address; git says: ${complaint}`)
  return new AfterturnError('REPO_UNREACHABLE', `The repository could not be fetched; git says: ${complaint}`)
}

/** Credentials are for the host of the address only, and travel in the environment. */
function optionsOf(
  source: RemoteSource,
  login: RepoLogin | undefined,
): Pick<GitOptions, 'sshKeyFile' | 'secrets'> & { readonly header?: Readonly<Record<string, string>> } {
  if (login === undefined) return {}
  if ('sshKeyFile' in login) return source.protocol === 'ssh' ? { sshKeyFile: login.sshKeyFile } : {}
  if (source.protocol !== 'https') return {}
  const basic = Buffer.from(`${login.username ?? 'x-access-token'}:${login.password}`).toString('base64')
  return {
    header: { [`http.${new URL(source.url).origin}/.extraHeader`]: `Authorization: Basic ${basic}` },
    secrets: [basic, login.password].filter((secret) => secret !== ''),
  }
}

async function bytesOf(gitDir: string): Promise<number> {
  const names = await readdir(join(gitDir, 'objects'), { recursive: true }).catch(() => [])
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(gitDir, 'objects', name)).then(
        (found) => found.size,
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
