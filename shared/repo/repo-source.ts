import { resolve } from 'node:path'
import { z } from 'zod'
import { AfterturnError } from '../errors.ts'

/**
 * Owns where a repository may come from: a path of the worker's machine, or an address of https, ssh or file. Guarantees: no credential is in
 * it, nothing of it can be an option of git, and a path lies under the roots that the host allows.
 */

export type RepoSource =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'url'; readonly protocol: 'https' | 'ssh' | 'file'; readonly url: string }

/** The ref under which the uncommitted state of a path is indexed; no ref of git may have a colon. */
export const WORKING_TREE = ':worktree'

const MAX_SOURCE_LENGTH = 2_000
const MAX_REF_LENGTH = 500

/** What git takes as the name of a ref or a commit, and the name of the working tree. */
export const refSchema = z
  .string()
  .min(1)
  .max(MAX_REF_LENGTH)
  .refine(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: git forbids them in names of refs
    (ref) => ref === WORKING_TREE || (!/^-|[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{/.test(ref) && ref.isWellFormed()),
    'expected the name of a branch, a tag or a commit',
  )

export const sourceSchema = z
  .string()
  .min(1)
  .max(MAX_SOURCE_LENGTH)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: neither a path nor an address that somebody means has them
  .refine((source) => source.isWellFormed() && !/[\x00-\x1f\x7f]/.test(source), 'expected a path or an address')

/** `git@host:path`, as the hosting services show it. */
const SCP_FORM = /^([\w.-]+@)?([\w.-]+):(?!\/\/)(.+)$/

/**
 * Reads what a caller gave as the source.
 * @throws REPO_REFUSED
 */
export function parseSource(source: string): RepoSource {
  if (source.startsWith('-')) throw refused('a path or an address', 'one that begins with a dash')
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(source)?.[1]?.toLowerCase()
  if (scheme === undefined) {
    const [, user = '', host, path] = SCP_FORM.exec(source) ?? []
    // `C:\dir` is no host, and `ext::command` is a helper of git's.
    if (host === undefined || host.length < 2) return { kind: 'path', path: source }
    if (path?.startsWith(':')) throw refused('https://…, ssh://… or file://…', 'a remote helper')
    if (user === '') return { kind: 'path', path: source }
    return parseSource(`ssh://${user}${host}/${path?.replace(/^\//, '')}`)
  }
  if (scheme !== 'https' && scheme !== 'ssh' && scheme !== 'file')
    throw refused('https://…, ssh://…, file://… or a path', `${scheme}://…`)
  const url = URL.parse(source)
  if (!url) throw refused('an address', 'something else')
  if (url.password !== '' || (scheme === 'https' && url.username !== ''))
    throw refused('an address without credentials', 'one with a user or a password')
  if (scheme === 'file' && url.host !== '') throw refused('file:///…', 'file://HOST')
  // No name of a file has a slash or a NUL.
  if (scheme === 'file' && /%(2f|00)/i.test(url.pathname)) throw refused('a path in file:///…', 'one with %2F or %00')
  // ssh would take them for options.
  if (scheme !== 'file' && (url.hostname === '' || /^-|^%2d/i.test(url.hostname) || /^-|^%2d/i.test(url.username)))
    throw refused('the name of a host', 'none, or one that begins with a dash')
  if (url.search !== '' || url.hash !== '') throw refused('an address without ? and #', 'one with them')
  return { kind: 'url', protocol: scheme, url: url.href }
}

/** A source as it is stored: one text for all spellings of an address. */
export function sourceText(source: RepoSource): string {
  return source.kind === 'url' ? source.url : source.path
}

/** Which paths may be read; undefined means any. */
export function isUnderRoots(path: string, roots: readonly string[] | undefined): boolean {
  if (roots === undefined) return true
  const full = resolve(path)
  return roots.some((root) => full === resolve(root) || full.startsWith(`${resolve(root)}/`) || resolve(root) === '/')
}

/** Where people see a line of a commit: at the hosting service of an https or ssh address, else within the repository. */
export function permalinkOf(
  source: string,
  place: { repoId: string; commit: string | null; path: string; startLine: number; endLine: number },
): string {
  const { repoId, commit, path, startLine, endLine } = place
  const lines = endLine > startLine ? `L${startLine}-L${endLine}` : `L${startLine}`
  const parsed = /^(https|ssh):\/\/(?:[^@/]*@)?([^/:]+)(?::\d+)?\/(.+?)(?:\.git)?\/?$/.exec(source)
  const shown = path.split('/').map(encodeURIComponent).join('/')
  if (!parsed || commit === null) return `${repoId}@${commit ?? WORKING_TREE.slice(1)}:${shown}#${lines}`
  const [, , host = '', repository = ''] = parsed
  if (/(^|\.)gitlab\./.test(host))
    return `https://${host}/${repository}/-/blob/${commit}/${shown}#${lines.replace('-L', '-')}`
  if (/(^|\.)bitbucket\./.test(host))
    return `https://${host}/${repository}/src/${commit}/${shown}#lines-${startLine}:${endLine}`
  return `https://${host}/${repository}/blob/${commit}/${shown}#${lines}`
}

function refused(expected: string, got: string): AfterturnError {
  return new AfterturnError('REPO_REFUSED', `The source of a repository: expected ${expected}, got ${got}.`, {
    recorded: 'no',
  })
}
