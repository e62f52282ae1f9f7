import { createHash } from 'node:crypto'
import { AfterturnError } from '../../../shared/errors.ts'
import { type GitOptions, runGit, startGit } from './git.ts'

/** Owns reading git's object database: which commit a name means, which files a commit has, and the bytes of blobs. Reads no index, no working tree. */

/** A repository by its git directory, and what reading it needs. */
export type GitStore = {
  readonly gitDir: string
  readonly options: GitOptions
  /** Called for an object that cannot be read; a mirror is then fetched anew. @default it is reported as unreadable */
  readonly onDamage?: () => Promise<never>
}

type FileMode = 'file' | 'symlink' | 'submodule'

/** A file of a commit or of a working tree. `path` is null where its bytes are no UTF-8; `shownPath` can always be shown. */
export type RepoFile = {
  readonly path: string | null
  readonly shownPath: string
  readonly mode: FileMode
  /** Hexadecimal. */
  readonly oid: string
  /** Undefined for what cannot be read. */
  readonly bytes: number | undefined
}

const MODES: Readonly<Record<string, FileMode>> = { '120000': 'symlink', '160000': 'submodule' }
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** Of those that are read; longer ones are cut where they are shown. */
export const MAX_PATH_LENGTH = 4_096
/** What the list of a commit's files may take: a tree of a few hundred bytes can list billions. */
const MAX_LISTED_BYTES = 256 * 1_024 * 1_024
const MAX_LISTED_PATH = 1_024 * 1_024
/** Each costs a new process. */
const MAX_UNREADABLE = 100
const IS_PARTIAL = /\bpromisor remote\b/
const MAX_HEADER_BYTES = 200
const SHA1_DIGITS = 40
const OID = /^[0-9a-f]{40,64}$/

/**
 * The commit that a name means.
 * @throws REF_UNKNOWN, REPO_BROKEN
 */
export async function resolveCommit({ gitDir, options, onDamage }: GitStore, ref: string): Promise<string> {
  const { output } = await runGit(
    ['--git-dir', gitDir, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`],
    options,
  )
  const oid = output.toString('latin1').trim()
  if (OID.test(oid)) return oid
  const listed = await runGit(['--git-dir', gitDir, 'rev-list', '--all', '--max-count=1'], options)
  if (listed.code !== 0) {
    await onDamage?.()
    throw new AfterturnError('REPO_BROKEN', `The commits of the repository cannot be read: ${listed.complaint}`)
  }
  throw new AfterturnError(
    'REF_UNKNOWN',
    listed.output.length === 0
      ? `Expected the ref ${JSON.stringify(ref)}, got a repository without a commit.`
      : `Expected a branch, tag or commit of the repository, got ${JSON.stringify(ref)}.`,
  )
}

/**
 * All files of a commit.
 * @throws REPO_BROKEN when a tree cannot be read; REPO_TOO_LARGE
 */
export async function listFiles(
  { gitDir, options, onDamage }: GitStore,
  commit: string,
  maxFiles: number,
  maxBytes = MAX_LISTED_BYTES,
): Promise<RepoFile[]> {
  const git = startGit(['--git-dir', gitDir, 'ls-tree', '-r', '-z', '-l', '--full-tree', commit], options)
  git.stdin.end()
  const files: RepoFile[] = []
  let rest: Buffer = Buffer.alloc(0)
  let bytes = 0
  try {
    for await (const piece of git.stdout as AsyncIterable<Buffer>) {
      bytes += piece.length
      if (bytes > maxBytes || files.length > maxFiles || rest.length > MAX_LISTED_PATH)
        throw new AfterturnError('REPO_TOO_LARGE', `Expected at most ${maxFiles} files in ${maxBytes} bytes, got more.`)
      const all = rest.length > 0 ? Buffer.concat([rest, piece]) : piece
      let from = 0
      for (let end = all.indexOf(0); end >= 0; end = all.indexOf(0, from)) {
        files.push(fileOf(all.subarray(from, end)))
        from = end + 1
      }
      rest = all.subarray(from)
    }
  } catch (error) {
    git.end()
    throw error
  }
  const { code, complaint } = await git.ended
  options.signal.throwIfAborted()
  if (code !== 0) {
    await onDamage?.()
    const hint = IS_PARTIAL.test(complaint) ? 'it is a partial clone without them' : complaint
    throw new AfterturnError('REPO_BROKEN', `The files of commit ${commit.slice(0, 12)} cannot be listed: ${hint}`)
  }
  return files
}

function fileOf(line: Buffer): RepoFile {
  const tab = line.indexOf(9)
  const [mode = '', , oid = '', size = ''] = line.toString('latin1', 0, tab).split(/ +/)
  const bytes = /^\d+$/.test(size) ? Number(size) : undefined
  return { ...pathOf(line.subarray(tab + 1)), mode: MODES[mode] ?? 'file', oid, bytes }
}

/** A path as text; one that is no UTF-8 is shown as git shows it, with octal escapes. */
export function pathOf(bytes: Buffer): Pick<RepoFile, 'path' | 'shownPath'> {
  try {
    const path = UTF8.decode(bytes)
    return { path, shownPath: shown(path) }
  } catch {
    const escaped = bytes
      .toString('latin1')
      .replace(/[^\x20-\x7e]|\\/g, (one) => `\\${one.charCodeAt(0).toString(8).padStart(3, '0')}`)
    return { path: null, shownPath: shown(`"${escaped}"`) }
  }
}

function shown(path: string): string {
  return path.length > MAX_PATH_LENGTH ? `${path.slice(0, MAX_PATH_LENGTH)}…` : path
}

/**
 * The bytes of blobs, in the order asked for; null for one that is missing or cannot be read. What is not fetched in time is not read ahead.
 * @param maxBytes of one: a larger one is damaged, for none is asked for
 */
export async function* readBlobs(
  { gitDir, options, onDamage }: GitStore,
  oids: readonly string[],
  maxBytes: number,
): AsyncGenerator<{ readonly oid: string; readonly content: Buffer | null }> {
  let next = 0
  let unreadable = 0
  while (next < oids.length) {
    const git = startGit(['--git-dir', gitDir, 'cat-file', '--batch', '--buffer'], {
      ...options,
      timeoutMs: 2 ** 31 - 1,
    })
    git.stdin.end(`${oids.slice(next).join('\n')}\n`)
    const input = new ByteQueue(git.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>)
    try {
      for (; next < oids.length; next += 1) {
        const content = await readOne(input, oids[next] as string, maxBytes, onDamage)
        if (content === undefined) break
        yield { oid: oids[next] as string, content }
      }
    } finally {
      git.end()
      // What is not read would keep it from closing.
      git.stdout.destroy()
    }
    const { complaint } = await git.ended
    options.signal.throwIfAborted()
    if (next === oids.length) return
    await onDamage?.()
    // It ended at an object that it could not read; the others are asked for again.
    unreadable += 1
    if (unreadable > MAX_UNREADABLE)
      throw new AfterturnError('REPO_BROKEN', `More than ${MAX_UNREADABLE} objects cannot be read: ${complaint}`)
    yield { oid: oids[next] as string, content: null }
    next += 1
  }
}

/**
 * Null when the object is missing or no blob; undefined when git has ended, or what it said is not the object: it streams what a damaged one holds, which
 * may be more than the size that it tells, and of another content than its name.
 */
async function readOne(
  input: ByteQueue,
  oid: string,
  maxBytes: number,
  onDamage: GitStore['onDamage'],
): Promise<Buffer | null | undefined> {
  const header = await input.takeLine(MAX_HEADER_BYTES)
  if (header === `${oid} missing`) return (await onDamage?.()) ?? null
  const [, type, size] = header?.split(' ') ?? []
  if (type === undefined || size === undefined || header !== `${oid} ${type} ${size}`) return undefined
  if (Number(size) > maxBytes) return undefined
  const content = (await input.take(Number(size) + 1))?.subarray(0, -1)
  if (!content || type !== 'blob') return content && null
  return blobOid(content, oid.length) === oid ? content : undefined
}

/** The id of git's blob with this content, in as many hexadecimal digits as a repository has. */
export function blobOid(content: Buffer, digits = SHA1_DIGITS): string {
  const hash = createHash(digits === SHA1_DIGITS ? 'sha1' : 'sha256')
  return hash.update(`blob ${content.length}\0`).update(content).digest('hex')
}

/** Bytes of a stream, taken by lines and by lengths. */
class ByteQueue {
  #pieces: Buffer[] = []
  #length = 0
  readonly #source: AsyncIterator<Buffer>

  constructor(source: AsyncIterator<Buffer>) {
    this.#source = source
  }

  async take(length: number): Promise<Buffer | undefined> {
    while (this.#length < length) if (!(await this.#fill())) return undefined
    const all = this.#pieces.length === 1 ? (this.#pieces[0] as Buffer) : Buffer.concat(this.#pieces)
    this.#pieces = all.length > length ? [all.subarray(length)] : []
    this.#length = all.length - length
    return all.subarray(0, length)
  }

  /** Undefined also when there is none so soon. */
  async takeLine(maxBytes: number): Promise<string | undefined> {
    for (;;) {
      const all = this.#pieces.length <= 1 ? this.#pieces[0] : Buffer.concat(this.#pieces)
      if (all && this.#pieces.length > 1) this.#pieces = [all]
      const end = all?.subarray(0, maxBytes).indexOf(10) ?? -1
      if (end >= 0) return (await this.take(end + 1))?.toString('latin1', 0, end)
      if (this.#length >= maxBytes || !(await this.#fill())) return undefined
    }
  }

  async #fill(): Promise<boolean> {
    const { value, done } = await this.#source.next()
    if (done || !value) return false
    this.#pieces.push(value)
    this.#length += value.length
    return true
  }
}
