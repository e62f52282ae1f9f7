import { lstat, realpath } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { AfterturnError, isAfterturnError } from '../../../shared/errors.ts'
import { type Roots, refuseOutside } from './allowed-roots.ts'
import { type GitOptions, runGit } from './git.ts'

/**
 * Owns what git knows of a directory beside what lies in it: where its repository begins, which files of rules hold for it, what is tracked. Must
 * not have git run anything, nor read rules from outside the roots but those of the user that runs the worker.
 */

export type WorkingPlace = {
  /** The directory, without links. */
  readonly root: string
  /** The top of its repository, which may be above it; the directory itself where there is none. */
  readonly top: string
  /** From the top to the directory, with a slash at its end; empty for the top. */
  readonly prefix: string
  /** Ignore files that lie in no directory of the tree, the weakest first. */
  readonly excludeFiles: readonly string[]
  /** The same of attributes: weaker than those of the tree, and stronger. */
  readonly weakAttributes: string | undefined
  readonly strongAttributes: string
  /** Whether names that differ by case are one name. */
  readonly isCaseFolded: boolean
  /** `true`, `input`, or undefined. */
  readonly autoCrlf: string | undefined
  /** What the index holds below the directory: the blob of each path. */
  readonly tracked: ReadonlyMap<string, string>
  readonly oidDigits: number
}

const SETTINGS = String.raw`^core\.(excludesfile|attributesfile|ignorecase|autocrlf)$`
/** What git says where it finds no repository. */
export const NO_REPOSITORY = /not a git repository|must be run in a work tree/i
/** Also of a directory whose own `.git` says so of it, which can be read as any other. */
const NO_WORKING_TREE = /must be run in a work tree/i
const SHA256_DIGITS = 64
const SHA1_DIGITS = 40

/** @throws REPO_REFUSED, REPO_BROKEN, REPO_TOO_LARGE, REF_UNKNOWN */
export async function findWorkingPlace(root: string, roots: Roots, signal: AbortSignal): Promise<WorkingPlace> {
  const options: GitOptions = { signal }
  const found = await locate(root, options).catch((error) => {
    // Without git its ignore files still hold.
    if (isAfterturnError(error, 'GIT_MISSING')) return undefined
    throw error
  })
  if (!found) {
    const excludeFiles = [join(root, '.git/info/exclude')]
    const strongAttributes = join(root, '.git/info/attributes')
    const unknown = {
      weakAttributes: undefined,
      strongAttributes,
      isCaseFolded: false,
      autoCrlf: undefined,
      tracked: new Map(),
    }
    return { root, top: root, prefix: '', excludeFiles, oidDigits: SHA1_DIGITS, ...unknown }
  }
  const { top, gitDir, commonDir, isSha256 } = found
  for (const path of [top, gitDir, commonDir]) await refuseOutside(path, roots)
  const settings = await readSettings(root, options)
  const fileOf = async (name: string, ofUser: string) => {
    const setting = settings.get(name)
    // An empty name is how one says that there is no such file.
    if (setting?.value === '') return undefined
    const path = setting === undefined ? join(homedir(), ofUser) : resolve(top, expandHome(setting.value))
    // What a repository names is read under the roots only; what the user of the worker names is the operator's.
    if (setting?.isOfRepo) await refuseOutside(path, roots)
    return withoutLinks(path)
  }
  const excludesFile = await fileOf('core.excludesfile', '.config/git/ignore')
  const { output, code, complaint } = await runGit(['-C', root, 'ls-files', '--cached', '--stage', '-z'], options)
  if (code !== 0) throw new AfterturnError('REPO_BROKEN', `The index of the repository cannot be read: ${complaint}`)
  const prefix = relative(top, root)
  return {
    root,
    top,
    prefix: prefix === '' ? '' : `${prefix}/`,
    excludeFiles: [
      ...(excludesFile === undefined ? [] : [excludesFile]),
      await withoutLinks(join(commonDir, 'info/exclude')),
    ],
    weakAttributes: await fileOf('core.attributesfile', '.config/git/attributes'),
    strongAttributes: await withoutLinks(join(commonDir, 'info/attributes')),
    isCaseFolded: settings.get('core.ignorecase')?.value === 'true',
    autoCrlf: settings.get('core.autocrlf')?.value,
    tracked: trackedIn(output),
    oidDigits: isSha256 ? SHA256_DIGITS : SHA1_DIGITS,
  }
}

async function locate(root: string, options: GitOptions) {
  const asked = ['--show-toplevel', '--absolute-git-dir', '--git-common-dir', '--show-object-format']
  const { output, code, complaint } = await runGit(
    ['-C', root, 'rev-parse', '--path-format=absolute', ...asked],
    options,
  )
  if (code !== 0) {
    if (NO_WORKING_TREE.test(complaint) && !(await hasGit(root)))
      throw new AfterturnError('REF_UNKNOWN', 'Expected a ref: a git directory has no working tree.')
    if (NO_REPOSITORY.test(complaint) || !(await hasGit(root))) return undefined
    throw new AfterturnError('REPO_BROKEN', `The repository cannot be read: ${complaint}`)
  }
  const [top, gitDir, commonDir, format, ...more] = output.toString('utf8').trimEnd().split('\n')
  if (top === undefined || gitDir === undefined || commonDir === undefined || more.length > 0)
    throw new AfterturnError('REPO_BROKEN', 'Expected a path without line breaks.')
  return { top: await realpath(top), gitDir, commonDir, isSha256: format === 'sha256' }
}

async function hasGit(root: string): Promise<boolean> {
  return (await lstat(join(root, '.git')).catch(() => undefined)) !== undefined
}

type Setting = { readonly value: string; readonly isOfRepo: boolean }

/** By name; those of the repository win over those of the user. */
async function readSettings(root: string, options: GitOptions): Promise<ReadonlyMap<string, Setting>> {
  const args = ['-C', root, 'config', '--null', '--show-scope', '--get-regexp', SETTINGS]
  const { output } = await runGit(args, { ...options, home: homedir() })
  const settings = new Map<string, Setting>()
  const words = output.toString('utf8').split('\0')
  for (let at = 0; at + 1 < words.length; at += 2) {
    const [name = '', ...value] = (words[at + 1] as string).split('\n')
    settings.set(name.toLowerCase(), {
      value: value.join('\n'),
      isOfRepo: words[at] === 'local' || words[at] === 'worktree',
    })
  }
  return settings
}

/** `mode oid stage\tpath`, each ended by NUL. Paths that are no UTF-8 are never read. */
function trackedIn(output: Buffer): Map<string, string> {
  const tracked = new Map<string, string>()
  for (const entry of output.toString('utf8').split('\0')) {
    const tab = entry.indexOf('\t')
    const [, oid] = entry.slice(0, tab).split(' ')
    if (tab > 0 && oid !== undefined) tracked.set(entry.slice(tab + 1), oid)
  }
  return tracked
}

function expandHome(path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : path
}

function withoutLinks(path: string): Promise<string> {
  return realpath(path).catch(() => path)
}
