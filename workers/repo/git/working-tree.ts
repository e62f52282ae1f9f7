import { constants, type Stats } from 'node:fs'
import { type FileHandle, lstat, open, opendir, readlink, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { AfterturnError } from '../../../shared/errors.ts'
import { blobOid, pathOf, type RepoFile } from './git-objects.ts'
import { createGitRules, MAX_RULE_FILE_BYTES, type RuleFile } from './git-rules.ts'
import { MAX_FILE_BYTES, VENDORED } from './skip-rules.ts'
import type { SourceTree } from './source-tree.ts'

/**
 * Reads the files of a directory as they lie there, committed or not. Guarantees: no symbolic link is followed, and nothing outside the
 * directory is read; what its ignore files leave out is not opened. A file has the id that git would give it, so what is committed is known.
 */

const RULE_FILES = {
  '.gitignore': 'gitignore',
  '.afterturnignore': 'afterturnignore',
  '.gitattributes': 'attributes',
} as const
const MAX_FILES = 200_000
const NO_OID = '00'

type Found = RepoFile & { readonly fullPath: Buffer }

/** The tree of a directory. @throws REPO_TOO_LARGE, and the signal's reason */
export async function readWorkingTree(root: string, signal: AbortSignal): Promise<SourceTree> {
  const rules = createGitRules()
  const addRules = async (full: Buffer, file: Pick<RuleFile, 'path' | 'kind'>) => {
    const read = await readSafely(full, MAX_RULE_FILE_BYTES)
    if (read !== 'absent') rules.add({ ...file, text: read === 'unreadable' ? null : read.toString('utf8') })
  }
  const exclude = await readSafely(Buffer.from(join(root, '.git/info/exclude')), MAX_RULE_FILE_BYTES)
  if (typeof exclude !== 'string') rules.add({ path: 'exclude', kind: 'gitignore', text: exclude.toString('utf8') })
  const files: Found[] = []
  const directories: { readonly path: string; readonly full: Buffer }[] = [{ path: '', full: Buffer.from(root) }]
  for (let directory = directories.pop(); directory; directory = directories.pop()) {
    signal.throwIfAborted()
    const entries = await entriesOf(directory.full)
    if (!entries) {
      files.push(entryOf(directory.path, directory.full, undefined))
      continue
    }
    for (const [name, kind] of Object.entries(RULE_FILES))
      if (entries.some((entry) => entry.kind === 'file' && entry.name.equals(Buffer.from(name))))
        await addRules(within(directory.full, Buffer.from(name)), { path: `${directory.path}${name}`, kind })
    for (const { name, kind } of entries) {
      const full = within(directory.full, name)
      const { path, shownPath } = pathOf(Buffer.concat([Buffer.from(directory.path), name]))
      if (kind === 'directory') {
        const isRepository = await lstat(within(full, Buffer.from('.git'))).catch(() => undefined)
        if (path === null) files.push({ ...entryOf(`${shownPath}/`, full, 0), path: null })
        else if (VENDORED.test(`${path}/`)) files.push(entryOf(`${path}/`, full, 0))
        else if (isRepository) files.push({ ...entryOf(path, full, 0), mode: 'submodule' })
        else if (!rules.isDirectoryIgnored(path)) directories.push({ path: `${path}/`, full })
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
        const content = await readSafely((byPath.get(path) as Found).fullPath, MAX_FILE_BYTES)
        // What was changed since it was listed is found by the next run.
        yield { content: typeof content !== 'string' && blobOid(content) === oid ? content : null }
      }
    },
  }
}

/** A directory as a line of the report; without a size it could not be read. */
function entryOf(path: string, fullPath: Buffer, bytes: number | undefined): Found {
  return { path, shownPath: path === '' ? './' : path, mode: 'file', oid: NO_OID, bytes, fullPath }
}

type Entry = { readonly name: Buffer; readonly kind: 'file' | 'symlink' | 'directory' }

/** What lies in a directory, which must still be where it was seen when it has been read; undefined when it cannot be. */
async function entriesOf(full: Buffer): Promise<Entry[] | undefined> {
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
    if (!(await realpath(full, 'buffer')).equals(full)) return undefined
  } catch {
    return undefined
  }
  return entries.sort((a, b) => Buffer.compare(a.name, b.name))
}

async function identify(full: Buffer): Promise<{ oid: string; bytes: number } | undefined> {
  const found = await lstat(full).catch(() => undefined)
  if (!found) return undefined
  if (found.size > MAX_FILE_BYTES) return { oid: NO_OID, bytes: found.size }
  const content = await readSafely(full, MAX_FILE_BYTES)
  return typeof content === 'string' ? undefined : { oid: blobOid(content), bytes: content.length }
}

/** Reads a file only if no part of its path is a link, whoever may be exchanging directories for links meanwhile. */
async function readSafely(full: Buffer, maxBytes: number): Promise<Buffer | 'absent' | 'unreadable'> {
  let file: FileHandle | undefined
  try {
    file = await open(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const found = await file.stat()
    if (!found.isFile() || found.size > maxBytes || !(await isAt(file, found, full))) return 'unreadable'
    return await file.readFile()
  } catch (error) {
    return isAbsent(error) ? 'absent' : 'unreadable'
  } finally {
    await file?.close()
  }
}

/** Whether what was opened by a path is what lies at that path without links; Linux tells it of the open file itself. */
async function isAt(file: FileHandle, opened: Stats, full: Buffer): Promise<boolean> {
  const linux = await readlink(`/proc/self/fd/${file.fd}`, 'buffer').catch(() => undefined)
  if (linux) return linux.equals(full)
  const [real, found] = await Promise.all([realpath(full, 'buffer'), lstat(full)])
  return real.equals(full) && found.dev === opened.dev && found.ino === opened.ino
}

function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP'
}

function within(directory: Buffer, name: Buffer): Buffer {
  return Buffer.from(join(directory.toString('latin1'), name.toString('latin1')), 'latin1')
}
