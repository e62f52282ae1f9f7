import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { AfterturnError } from '../../../shared/errors.ts'
import { MAX_RULE_FILE_BYTES, type RuleFile } from '../rule-files.ts'
import { entriesOf, readSafely, within } from '../safe-files.ts'
import { blobOid, pathOf, type RepoFile } from './git-objects.ts'
import { createGitRules } from './git-rules.ts'
import { MAX_FILE_BYTES, skipByPath, VENDORED } from './skip-rules.ts'
import type { SourceTree, TreeFile } from './source-tree.ts'

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

/** What listing a directory found. */
export type ListedDirectory = { readonly files: readonly TreeFile[]; readonly rules: Uint8Array }

/** The tree of a directory that was listed. */
export function workingTreeOf(root: string, { files, rules }: ListedDirectory, signal: AbortSignal): SourceTree {
  return {
    commit: null,
    files,
    rules: Buffer.from(rules),
    async *read(wanted) {
      for (const { path, oid } of wanted) {
        signal.throwIfAborted()
        const content = await readSafely(within(Buffer.from(root), Buffer.from(path)), MAX_FILE_BYTES)
        // What was changed since it was listed is found by the next run.
        yield { content: typeof content !== 'string' && blobOid(content) === oid ? content : null }
      }
    },
  }
}

/** Lists a directory; `step` is called on the way. @throws REPO_TOO_LARGE, REPO_BROKEN */
export async function listWorkingTree(root: string, step: () => void = () => {}): Promise<ListedDirectory> {
  const rules = createGitRules()
  const addRules = async (full: Buffer, file: Pick<RuleFile, 'path' | 'kind'>) => {
    const read = await readSafely(full, MAX_RULE_FILE_BYTES)
    if (read !== 'absent') rules.add({ ...file, text: read === 'unreadable' ? null : read.toString('utf8') })
  }
  const exclude = await readSafely(Buffer.from(join(root, '.git/info/exclude')), MAX_RULE_FILE_BYTES)
  if (typeof exclude !== 'string') rules.add({ path: 'exclude', kind: 'gitignore', text: exclude.toString('utf8') })
  const files: RepoFile[] = []
  const directories: { readonly path: string; readonly full: Buffer }[] = [{ path: '', full: Buffer.from(root) }]
  for (let directory = directories.pop(); directory; directory = directories.pop()) {
    const entries = await entriesOf(directory.full)
    if (!entries) {
      files.push(entryOf(directory.path, undefined))
      continue
    }
    for (const [name, kind] of Object.entries(RULE_FILES))
      if (entries.some((entry) => entry.kind === 'file' && entry.name.equals(Buffer.from(name))))
        await addRules(within(directory.full, Buffer.from(name)), { path: `${directory.path}${name}`, kind })
    for (const { name, kind } of entries) {
      step()
      const full = within(directory.full, name)
      const { path, shownPath } = pathOf(Buffer.concat([Buffer.from(directory.path), name]))
      if (kind === 'directory') {
        const isRepository = await lstat(within(full, Buffer.from('.git'))).catch(() => undefined)
        if (path === null) files.push({ ...entryOf(`${shownPath}/`, 0), path: null })
        else if (VENDORED.test(`${path}/`)) files.push(entryOf(`${path}/`, 0))
        else if (isRepository) files.push({ ...entryOf(path, 0), mode: 'submodule' })
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
      })
      if (files.length > MAX_FILES)
        throw new AfterturnError('REPO_TOO_LARGE', `Expected at most ${MAX_FILES} files, got more.`)
    }
  }
  return {
    files: files.map((file) => {
      step()
      return { ...file, skipReason: skipByPath(file, rules) }
    }),
    rules: rules.fingerprint(),
  }
}

/** A directory as a line of the report; without a size it could not be read. */
function entryOf(path: string, bytes: number | undefined): RepoFile {
  return { path, shownPath: path === '' ? './' : path, mode: 'file', oid: NO_OID, bytes }
}

async function identify(full: Buffer): Promise<{ oid: string; bytes: number } | undefined> {
  const found = await lstat(full).catch(() => undefined)
  if (!found) return undefined
  if (found.size > MAX_FILE_BYTES) return { oid: NO_OID, bytes: found.size }
  const content = await readSafely(full, MAX_FILE_BYTES)
  return typeof content === 'string' ? undefined : { oid: blobOid(content), bytes: content.length }
}
