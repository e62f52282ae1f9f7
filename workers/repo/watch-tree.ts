import { type FSWatcher, watch } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AfterturnError } from '../../shared/errors.ts'
import { createDebounce } from './debounce.ts'
import { type Roots, realPathUnder } from './git/allowed-roots.ts'
import { runGit } from './git/git.ts'

/**
 * Watches a working tree, directory by directory, and says when a file that git does not leave out was saved. Guarantees: one watcher for each
 * directory with such files, none for what is ignored, so that an installation of packages costs nothing; a burst of saves is one change.
 */

type TreeWatch = { close(): void }

type WatchOptions = {
  readonly roots: Roots
  /** Called at the start, and after each burst of changes. */
  onChange(): Promise<unknown>
  /** Of `onChange`, or of listing the files; the watch goes on. */
  onError(error: unknown): void
  /** @default 150 */
  readonly quietMs?: number
}

const DEFAULT_QUIET_MS = 150
/** A save every moment does not put off the change for longer. */
const MAX_WAIT_MS = 1_000
const MAX_DIRECTORIES = 20_000
/** What says which files are left out may itself be left out. */
const RULE_FILE = /(^|\/)(?:\.gitignore|\.gitattributes|\.afterturnignore)$/
const NOT_WATCHED = /(^|\/)(?:\.git|node_modules)\//

/** @throws REPO_REFUSED, REPO_NOT_FOUND, REPO_TOO_LARGE */
export async function watchTree(path: string, options: WatchOptions): Promise<TreeWatch> {
  const root = await realPathUnder(path, options.roots)
  const ended = new AbortController()
  const watchers = new Map<string, FSWatcher>()
  const changed = new Set<string>()
  let visible = await visiblePaths(root, ended.signal)

  const settle = async () => {
    const paths = [...changed]
    changed.clear()
    const before = visible
    visible = await visiblePaths(root, ended.signal)
    watchDirectories()
    if (paths.some((one) => before.has(one) || visible.has(one) || RULE_FILE.test(one))) await options.onChange()
  }
  const debounce = createDebounce({ quietMs: options.quietMs ?? DEFAULT_QUIET_MS, maxMs: MAX_WAIT_MS }, () => {
    settle().catch((error) => ended.signal.aborted || options.onError(error))
  })

  function watchDirectories(): void {
    const directories = [...visible].filter((one) => one.endsWith('/'))
    if (directories.length > MAX_DIRECTORIES)
      throw new AfterturnError('REPO_TOO_LARGE', `Expected at most ${MAX_DIRECTORIES} directories to watch, got more.`)
    for (const directory of ['', ...directories]) {
      if (watchers.has(directory) || ended.signal.aborted) continue
      const drop = () => {
        watchers.get(directory)?.close()
        watchers.delete(directory)
      }
      try {
        const watcher = watch(join(root, directory), { persistent: false }, (_, name) => {
          const found = `${directory}${name ?? ''}`
          changed.add(found).add(`${found}/`)
          debounce.touch()
        })
        watchers.set(directory, watcher.on('error', drop))
      } catch {
        // It is gone since it was listed; its parent says so.
      }
    }
    const known = new Set(directories)
    for (const [directory, watcher] of watchers) {
      if (directory === '' || known.has(directory)) continue
      watcher.close()
      watchers.delete(directory)
    }
  }

  watchDirectories()
  await options.onChange()
  return {
    close() {
      ended.abort()
      debounce.end()
      for (const watcher of watchers.values()) watcher.close()
      watchers.clear()
    },
  }
}

/** The files that git does not leave out, and, with a slash at their ends, the directories that they lie in. */
async function visiblePaths(root: string, signal: AbortSignal): Promise<Set<string>> {
  const args = ['-C', root, 'ls-files', '--cached', '--others', '--exclude-standard', '-z']
  const { output, code } = await runGit(args, { signal })
  const files = code === 0 ? output.toString('utf8').split('\0') : await readdir(root, { recursive: true })
  const visible = new Set<string>()
  for (const file of files) {
    if (file === '' || NOT_WATCHED.test(`${file}/`)) continue
    visible.add(file)
    for (let at = file.lastIndexOf('/'); at > 0; at = file.lastIndexOf('/', at - 1)) {
      const directory = file.slice(0, at + 1)
      if (visible.has(directory)) break
      visible.add(directory)
    }
  }
  return visible
}
