import { readdir, readFile, realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Config } from '../../../shared/config.ts'
import { AfterturnError } from '../../../shared/errors.ts'
import { isUnderRoots } from '../../../shared/repo/repo-source.ts'

/**
 * Owns that nothing is read of this machine outside the roots that the host allows, whatever links and borrowed objects a repository has.
 * Undefined roots allow all. It looks before git does: who can change a directory under the roots meanwhile is trusted with what lies there.
 */

export type Roots = readonly string[] | undefined

/** The roots that a host allows: in production none that it does not name. */
export function allowedRoots({ repoRoots, environment }: Pick<Config, 'repoRoots' | 'environment'>): Roots {
  return repoRoots ?? (environment === 'production' ? [] : undefined)
}

/** What git reads of a git directory beside its files. */
const READ_DIRECTORIES = new Set(['objects', 'refs'])

/**
 * The path without links.
 * @throws REPO_REFUSED, REPO_NOT_FOUND
 */
export async function realPathUnder(path: string, roots: Roots): Promise<string> {
  const real = await realpath(resolve(path)).catch(() => undefined)
  if (!isUnderRoots(real ?? path, await realRoots(roots))) throw refused(path)
  if (real === undefined)
    throw new AfterturnError('REPO_NOT_FOUND', `Expected a directory, found nothing at ${JSON.stringify(path)}.`)
  return real
}

/**
 * Refuses git directories that have something outside the roots read: by a link, or by borrowing objects, also at second hand.
 * @throws REPO_REFUSED, and the signal's reason
 */
export async function refuseLinksOut(gitDirs: readonly string[], roots: Roots, signal: AbortSignal): Promise<void> {
  if (roots === undefined) return
  const allowed = await realRoots(roots)
  const seen = new Set<string>()
  const visit = async (path: string, isWhole: boolean): Promise<void> => {
    signal.throwIfAborted()
    const real = await realpath(path).catch(() => undefined)
    // What leads nowhere has nothing to read.
    if (real === undefined || seen.has(real)) return
    if (!isUnderRoots(real, allowed)) throw refused(path)
    seen.add(real)
    for (const entry of await readdir(real, { withFileTypes: true }).catch(() => [])) {
      const full = join(real, entry.name)
      const isRead = entry.isDirectory() && (isWhole || READ_DIRECTORIES.has(entry.name))
      if (isRead || entry.isSymbolicLink()) await visit(full, true)
      if (entry.name === 'alternates' && basename(real) === 'info')
        for (const borrowed of await alternatesOf(full)) await visit(resolve(dirname(real), borrowed), true)
    }
  }
  for (const gitDir of gitDirs) await visit(gitDir, false)
}

/**
 * Refuses a path that leads outside the roots; one that leads nowhere is none.
 * @throws REPO_REFUSED
 */
export async function refuseOutside(path: string, roots: Roots): Promise<void> {
  const real = await realpath(path).catch(() => undefined)
  if (real !== undefined && !isUnderRoots(real, await realRoots(roots))) throw refused(path)
}

async function alternatesOf(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  // git reads them with the escapes of C.
  const quoted = lines.find((line) => line.startsWith('"'))
  if (quoted !== undefined) throw refused(quoted)
  return lines
}

async function realRoots(roots: Roots): Promise<string[] | undefined> {
  return roots && Promise.all(roots.map((root) => realpath(root).catch(() => root)))
}

function refused(path: string): AfterturnError {
  return new AfterturnError('REPO_REFUSED', `Expected a path under REPO_ROOTS, got ${JSON.stringify(path)}.`)
}
