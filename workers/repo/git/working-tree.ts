import { existsSync, lstatSync, realpathSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AfterturnError } from '../../../shared/errors.ts'
import { cleanForms } from '../parsing/clean-content.ts'
import { isPackageDirectory } from './foreign-places.ts'
import { blobOid, pathOf, type RepoFile } from './git-objects.ts'
import { createGitRules, type GitRules } from './git-rules.ts'
import { decodeRules, MAX_RULE_FILE_BYTES, RULE_FILES, type RuleFile } from './rule-files.ts'
import { type DirectoryEntry, readDirectory, readSafely, within } from './safe-files.ts'
import { maxBytesOf, type Selected, skipFiles } from './skip-rules.ts'
import type { SourceTree, TreeFile } from './source-tree.ts'
import type { WorkingPlace } from './working-place.ts'

/**
 * Reads the files of a directory as they lie there, committed or not. Guarantees: no symbolic link is followed, and nothing outside the
 * directory is read but the rules that hold for it; what git or its ignore files leave out is not opened. A file has the id that git would give
 * it, so what is committed is known.
 */

const MAX_FILES = 200_000
const NO_OID = '00'
/** A path, and some words before it. */
const MAX_POINTER_BYTES = 8_192
const GITDIR = 'gitdir: '

/** What listing a directory found. */
export type ListedDirectory = { readonly files: readonly WorkingFile[]; readonly rules: Uint8Array }
type WorkingFile = TreeFile & Encoded
/** What the file has there, where its attributes name it; its blob is UTF-8. */
type Encoded = { readonly encoding?: string | undefined }

/** The tree of a directory that was listed. */
export function workingTreeOf(root: string, { files, rules }: ListedDirectory, signal: AbortSignal): SourceTree {
  const byPath = new Map(files.map((file) => [file.path, file]))
  return {
    commit: null,
    files,
    rules: Buffer.from(rules),
    async *read(wanted) {
      for (const { path, oid } of wanted) {
        signal.throwIfAborted()
        const content = readSafely(within(Buffer.from(root), Buffer.from(path)), maxBytesOf(path))
        const marks = { text: true, ident: true, encoding: byPath.get(path)?.encoding }
        const forms = typeof content === 'string' ? [] : cleanForms(content, marks, undefined)
        // What was changed since it was listed is found by the next run.
        yield { content: forms.find((form) => blobOid(form, oid.length) === oid) ?? null }
      }
    },
  }
}

/** Lists a directory; `step` is called on the way. @throws REPO_TOO_LARGE, REPO_BROKEN */
export function listWorkingTree(place: WorkingPlace, step: () => void = () => {}): ListedDirectory {
  const rules = rulesAbove(place)
  const files = walk(place, rules, step)
  const selected = skipFiles(
    files.map((file) => ({ ...file, path: file.path === null ? null : `${place.prefix}${file.path}` })),
    rules,
    (path) => place.tracked.has(path.slice(place.prefix.length)),
    step,
  )
  return {
    files: files.map((file, at) => ({ ...file, ...(selected[at] as Selected) })),
    rules: rules.fingerprint(),
  }
}

/** The rules that lie in no directory of the tree, and those of the directories above it. */
function rulesAbove({ top, prefix, ...place }: WorkingPlace): GitRules {
  const rules = createGitRules([], { isCaseFolded: place.isCaseFolded })
  for (const file of place.excludeFiles) addRules(rules, file, { path: 'exclude', shownPath: file, kind: 'gitignore' })
  if (place.weakAttributes) addRules(rules, place.weakAttributes, { path: 'attributes', kind: 'attributes' })
  addRules(rules, place.strongAttributes, { path: 'attributes', kind: 'strong-attributes' })
  let directory = ''
  for (const name of prefix.split('/').slice(0, -1)) {
    for (const [file, kind] of Object.entries(RULE_FILES))
      addRules(rules, join(top, directory, file), { path: `${directory}${file}`, kind })
    directory += `${name}/`
  }
  return rules
}

function addRules(rules: GitRules, full: Buffer | string, file: Omit<RuleFile, 'text'>): void {
  const read = readSafely(Buffer.from(full), MAX_RULE_FILE_BYTES)
  if (read !== 'absent') rules.add({ ...file, text: read === 'unreadable' ? null : decodeRules(read) })
}

function walk(place: WorkingPlace, rules: GitRules, step: () => void): (RepoFile & Encoded)[] {
  const files: (RepoFile & Encoded)[] = []
  const holdsTracked = directoriesOf(place.tracked.keys())
  const directories: { readonly path: string; readonly full: Buffer }[] = []
  if (!isClosed(place.prefix.slice(0, -1), true)) directories.push({ path: '', full: Buffer.from(place.root) })
  for (let directory = directories.pop(); directory; directory = directories.pop()) {
    const entries = readDirectory(directory.full)
    if (!entries) {
      files.push(entryOf(directory.path, undefined))
      continue
    }
    for (const [name, kind] of Object.entries(RULE_FILES))
      if (entries.some((entry) => entry.kind === 'file' && entry.name.equals(Buffer.from(name))))
        addRules(rules, within(directory.full, Buffer.from(name)), {
          path: `${place.prefix}${directory.path}${name}`,
          kind,
        })
    for (const entry of entries) {
      step()
      const full = within(directory.full, entry.name)
      const { path, shownPath } = pathOf(Buffer.concat([Buffer.from(directory.path), entry.name]))
      if (entry.kind !== 'directory') files.push(fileOf(entry, full, { path, shownPath }))
      else if (path === null) files.push({ ...entryOf(`${shownPath}/`, 0), path: null })
      else if (isClosed(`${place.prefix}${path}`, holdsTracked.has(path) || place.tracked.has(path))) continue
      else if (isRepository(full)) files.push({ ...entryOf(path, 0), mode: 'submodule' })
      else if (isPackageDirectory(path) && !holdsTracked.has(path) && !rules.hasOwned())
        files.push(entryOf(`${path}/`, 0))
      else directories.push({ path: `${path}/`, full })
      if (files.length > MAX_FILES)
        throw new AfterturnError('REPO_TOO_LARGE', `Expected at most ${MAX_FILES} files, got more.`)
    }
  }
  return files

  function isClosed(path: string, hasTracked: boolean): boolean {
    if (path === '') return false
    return hasTracked ? rules.isTrackedIgnored(path, true) : rules.isDirectoryIgnored(path)
  }

  function fileOf(entry: DirectoryEntry, full: Buffer, { path, shownPath }: Pick<RepoFile, 'path' | 'shownPath'>) {
    const whole = `${place.prefix}${path}`
    const mode = entry.kind === 'symlink' ? ('symlink' as const) : ('file' as const)
    const isIgnored =
      path !== null && (place.tracked.has(path) ? rules.isTrackedIgnored(whole) : rules.isIgnored(whole))
    if (mode === 'symlink' || path === null || isIgnored) return { path, shownPath, mode, oid: NO_OID, bytes: 0 }
    const marks = rules.attributesOf(whole)
    const found = identify(full, maxBytesOf(path), (content) => {
      const forms = cleanForms(content, marks, place.autoCrlf)
      const known = place.tracked.get(path)
      const oids = forms.map((form) => blobOid(form, place.oidDigits))
      const at = Math.max(0, oids.indexOf(known ?? ''))
      return { oid: oids[at] as string, bytes: forms[at]?.length ?? 0 }
    })
    const encoding = marks.encoding === undefined ? {} : { encoding: marks.encoding }
    return { path, shownPath, mode, oid: found?.oid ?? NO_OID, bytes: found?.bytes, ...encoding }
  }
}

function directoriesOf(paths: Iterable<string>): Set<string> {
  const directories = new Set<string>()
  for (const path of paths)
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const directory = path.slice(0, at)
      if (directories.has(directory)) break
      directories.add(directory)
    }
  return directories
}

/** A directory that git takes for a repository of its own: one with a `.git` that is a git directory, or a file that names one, or a link to either. */
function isRepository(full: Buffer): boolean {
  const git = within(full, Buffer.from('.git'))
  try {
    if (!statSync(git, { throwIfNoEntry: false })?.isFile()) return isGitDirectory(git)
    const target = pathNamedIn(git, GITDIR, full)
    return target !== undefined && isGitDirectory(target)
  } catch {
    return false
  }
}

/** That of a further working tree has its objects elsewhere; a `HEAD` may be a link to a branch that is still to come. */
function isGitDirectory(git: Buffer): boolean {
  const at = (directory: Buffer, part: string) => within(directory, Buffer.from(part))
  if (sizeAt(at(git, 'HEAD')) === undefined) return false
  const pointer = at(git, 'commondir')
  const common = existsSync(pointer) ? pathNamedIn(pointer, '', git) : git
  return common !== undefined && existsSync(at(common, 'objects')) && existsSync(at(common, 'refs'))
}

/** The path behind some words in a file, from a directory on; undefined where it has no such words. */
function pathNamedIn(file: Buffer, words: string, from: Buffer): Buffer | undefined {
  const read = readSafely(realpathSync(file, 'buffer'), MAX_POINTER_BYTES)
  const text = typeof read === 'string' ? '' : read.toString('latin1').trimEnd()
  if (text === '' || !text.startsWith(words)) return undefined
  return Buffer.from(resolve(from.toString('latin1'), text.slice(words.length)), 'latin1')
}

/** A directory as a line of the report; without a size it could not be read. */
function entryOf(path: string, bytes: number | undefined): RepoFile {
  return { path, shownPath: path === '' ? './' : path, mode: 'file', oid: NO_OID, bytes }
}

function identify(
  full: Buffer,
  maxBytes: number,
  identityOf: (content: Buffer) => { oid: string; bytes: number },
): { oid: string; bytes: number } | undefined {
  const size = sizeAt(full)
  if (size === undefined) return undefined
  if (size > maxBytes) return { oid: NO_OID, bytes: size }
  const content = readSafely(full, maxBytes)
  return typeof content === 'string' ? undefined : identityOf(content)
}

function sizeAt(full: Buffer): number | undefined {
  try {
    return lstatSync(full).size
  } catch {
    return undefined
  }
}
