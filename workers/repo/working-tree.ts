import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, open, opendir, readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { AfterturnError } from '../../shared/errors.ts'
import { pathOf, type RepoFile } from './git-objects.ts'
import { createGitRules, type GitRules, type RuleFile } from './git-rules.ts'
import { MAX_FILE_BYTES, VENDORED } from './skip-rules.ts'
import type { SourceTree } from './source-tree.ts'

/**
 * Reads the files of a directory as they lie there, committed or not. Guarantees: no symbolic link is followed, and nothing outside the
 * directory is read; what its ignore files leave out is not opened. A file has the id that git would give it, so what is committed is known.
 */

const RULE_FILES = ['.gitignore', '.afterturnignore', '.gitattributes']
const MAX_RULE_FILE_BYTES = 256 * 1_024
const MAX_FILES = 200_000
const NO_OID = '00'

type Found = RepoFile & { readonly fullPath: Buffer }

/** The tree of a directory. @throws REPO_TOO_LARGE, and the signal's reason */
export async function readWorkingTree(root: string, signal: AbortSignal): Promise<SourceTree> {
  const ruleFiles: RuleFile[] = []
  const exclude = await readRuleFile(Buffer.from(join(root, '.git/info/exclude')))
  if (exclude !== undefined) ruleFiles.push({ path: 'exclude', kind: 'ignore', text: exclude })
  const files: Found[] = []
  const directories: { readonly path: string; readonly full: Buffer }[] = [{ path: '', full: Buffer.from(root) }]
  let rules: GitRules = createGitRules(ruleFiles)
  for (let directory = directories.pop(); directory; directory = directories.pop()) {
    signal.throwIfAborted()
    const entries = await entriesOf(root, directory.full)
    const before = ruleFiles.length
    for (const name of RULE_FILES.filter((name) => entries.some((entry) => entry.name.equals(Buffer.from(name))))) {
      const text = await readRuleFile(within(directory.full, Buffer.from(name)))
      const kind = name === '.gitattributes' ? 'attributes' : 'ignore'
      if (text !== undefined) ruleFiles.push({ path: `${directory.path}${name}`, kind, text })
    }
    // Rules of a directory hold for what is in it only, so those of the others need not be known yet.
    if (ruleFiles.length > before) rules = createGitRules(ruleFiles)
    for (const { name, kind } of entries) {
      const full = within(directory.full, name)
      const { path, shownPath } = pathOf(Buffer.concat([Buffer.from(directory.path), name]))
      if (kind === 'directory') {
        const isRepository = await lstat(within(full, Buffer.from('.git'))).catch(() => undefined)
        if (path !== null && VENDORED.test(`${path}/`))
          files.push({ path: `${path}/`, shownPath: `${path}/`, mode: 'file', oid: NO_OID, bytes: 0, fullPath: full })
        else if (isRepository) files.push({ path, shownPath, mode: 'submodule', oid: NO_OID, bytes: 0, fullPath: full })
        else if (path !== null && !rules.isDirectoryIgnored(path)) directories.push({ path: `${path}/`, full })
        continue
      }
      const isLeftOut = kind === 'symlink' || path === null || rules.isIgnored(path)
      const read = isLeftOut ? undefined : await identify(full)
      files.push({
        path,
        shownPath,
        mode: kind,
        oid: read?.oid ?? NO_OID,
        bytes: isLeftOut ? 0 : read?.bytes,
        fullPath: full,
      })
      if (files.length > MAX_FILES)
        throw new AfterturnError('REPO_TOO_LARGE', `Expected at most ${MAX_FILES} files, got more.`)
    }
  }
  const byPath = new Map(files.map((file) => [file.path, file]))
  return {
    commit: null,
    files,
    rules,
    async *read(wanted) {
      for (const { path, oid } of wanted) {
        signal.throwIfAborted()
        const content = await readSafely((byPath.get(path) as Found).fullPath)
        // What was changed since it was listed is found by the next run.
        yield { content: content && oidOf(content) === oid ? content : null }
      }
    },
  }
}

type Entry = { readonly name: Buffer; readonly kind: 'file' | 'symlink' | 'directory' }

/** What lies in a directory, which must still be where it was seen. */
async function entriesOf(root: string, full: Buffer): Promise<Entry[]> {
  const real = await realpath(full, 'buffer').catch(() => undefined)
  if (!real || !(real.equals(full) && real.toString('latin1').startsWith(Buffer.from(root).toString('latin1'))))
    return []
  const entries: Entry[] = []
  try {
    // The types know no names as bytes.
    for await (const entry of await opendir(full as never, { encoding: 'buffer' as never })) {
      const name = entry.name as unknown as Buffer
      if (name.equals(Buffer.from('.git'))) continue
      if (entry.isSymbolicLink()) entries.push({ name, kind: 'symlink' })
      else if (entry.isDirectory()) entries.push({ name, kind: 'directory' })
      else if (entry.isFile()) entries.push({ name, kind: 'file' })
    }
  } catch {
    // Not readable, or gone: as if empty.
  }
  return entries.sort((a, b) => Buffer.compare(a.name, b.name))
}

async function identify(full: Buffer): Promise<{ oid: string; bytes: number } | undefined> {
  const found = await lstat(full).catch(() => undefined)
  if (!found) return undefined
  if (found.size > MAX_FILE_BYTES) return { oid: NO_OID, bytes: found.size }
  const content = await readSafely(full)
  return content && { oid: oidOf(content), bytes: content.length }
}

/** The id of git's blob with this content. */
function oidOf(content: Buffer): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')
}

async function readSafely(full: Buffer): Promise<Buffer | undefined> {
  const file = await open(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => undefined)
  try {
    const found = await file?.stat()
    return found?.isFile() && found.size <= MAX_FILE_BYTES ? await file?.readFile() : undefined
  } catch {
    return undefined
  } finally {
    await file?.close()
  }
}

async function readRuleFile(full: Buffer): Promise<string | undefined> {
  const found = await lstat(full).catch(() => undefined)
  if (!found?.isFile() || found.size > MAX_RULE_FILE_BYTES) return undefined
  return readFile(full, 'utf8').catch(() => undefined)
}

function within(directory: Buffer, name: Buffer): Buffer {
  return Buffer.concat([directory, Buffer.from('/'), name])
}
