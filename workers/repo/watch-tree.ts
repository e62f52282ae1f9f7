import { type FSWatcher, watch } from 'node:fs'
import { basename, join } from 'node:path'
import { AfterturnError } from '../../shared/errors.ts'
import { createDebounce } from './debounce.ts'
import { type Roots, realPathUnder } from './git/allowed-roots.ts'
import { listVisible } from './visible-paths.ts'

/**
 * Watches a working tree, directory by directory, and says when a file that git does not leave out was saved. Guarantees: one watcher for each
 * directory that may hold such files, none for what is ignored, so that an installation of packages costs nothing; a burst of saves is one
 * change, which is tried again until it could be told; a tree that is gone is watched again when it is back.
 */

type TreeWatch = { close(): void }

type WatchOptions = {
  readonly roots: Roots
  /** Called at the start, and after each burst of changes. */
  onChange(): Promise<unknown>
  /** Of `onChange`, or of listing the files, once for each that differs from the one before; the watch continues. */
  onError(error: unknown): void
  /** @default 150 */
  readonly quietMs?: number
}

const DEFAULT_QUIET_MS = 150
/** A save every moment does not put off the change for longer. */
const MAX_WAIT_MS = 1_000
/** Until what failed is tried again. */
const RETRY_MS = 2_000
/** Directories that go on appearing do not put off the change: the next burst looks again. */
const MAX_LOOKS = 4
const MAX_DIRECTORIES = 20_000
/** What says which files are left out may itself be left out. */
const RULE_FILE = /(^|\/)(?:\.gitignore|\.gitattributes|\.afterturnignore)$/
/** The system's bounds of what is watched. */
const TOO_MANY = new Set(['ENOSPC', 'EMFILE'])

/** @throws REPO_REFUSED, REPO_NOT_FOUND, REPO_TOO_LARGE */
export async function watchTree(path: string, options: WatchOptions): Promise<TreeWatch> {
  const root = await realPathUnder(path, options.roots)
  const ended = new AbortController()
  const watchers = new Map<string, FSWatcher>()
  const changed = new Set<string>()
  let visible: ReadonlySet<string> = new Set()
  let failure: string | undefined
  let isWhole = false
  let retry: NodeJS.Timeout | undefined
  let last = start()

  const debounce = createDebounce({ quietMs: options.quietMs ?? DEFAULT_QUIET_MS, maxMs: MAX_WAIT_MS }, () => {
    // One after the other: an older list must not replace a newer one.
    last = last.then(settle)
  })
  const close = () => {
    ended.abort()
    debounce.end()
    clearTimeout(retry)
    for (const directory of [...watchers.keys()]) drop(directory)
  }

  await last.catch((error) => {
    close()
    throw error
  })
  return { close }

  async function start(): Promise<void> {
    await watchAll()
    await options.onChange()
  }

  async function settle(): Promise<void> {
    const paths = [...changed]
    const isOwed = failure !== undefined || !isWhole
    if (paths.length === 0 && !isOwed) return
    changed.clear()
    const before = visible
    try {
      dropReplaced(new Set(paths))
      await watchAll()
      const isSeen = paths.some((one) => before.has(one) || visible.has(one) || RULE_FILE.test(one))
      if (isSeen || isOwed) await options.onChange()
      failure = undefined
    } catch (error) {
      if (ended.signal.aborted) return
      for (const one of paths) changed.add(one)
      retry = setTimeout(debounce.touch, RETRY_MS).unref()
      if (failure === String(error)) return
      failure = String(error)
      options.onError(error)
    }
  }

  async function watchAll(): Promise<void> {
    // What appears in a directory before it is watched is seen by looking again.
    isWhole = false
    for (let look = 0; look < MAX_LOOKS && !isWhole; look++) {
      await realPathUnder(root, options.roots)
      visible = await listVisible(root, ended.signal)
      isWhole = watchDirectories() === 0
    }
    if (!isWhole) debounce.touch()
  }

  /** Returns how many it watches that it did not watch before. */
  function watchDirectories(): number {
    const directories = new Set(['', ...visible].filter((one) => one === '' || one.endsWith('/')))
    if (directories.size > MAX_DIRECTORIES) throw tooMany(MAX_DIRECTORIES)
    for (const directory of watchers.keys()) if (!directories.has(directory)) drop(directory)
    let added = 0
    for (const directory of directories) {
      if (watchers.has(directory) || ended.signal.aborted) continue
      try {
        const watcher = watch(join(root, directory), { persistent: false }, (_, name) => {
          const found = `${directory}${name ?? ''}`
          changed.add(found).add(`${found}/`)
          debounce.touch()
        })
        watchers.set(
          directory,
          watcher.on('error', () => drop(directory)),
        )
        added += 1
      } catch (error) {
        if (TOO_MANY.has((error as NodeJS.ErrnoException).code ?? '')) throw tooMany(watchers.size)
        // It is gone since it was listed; its parent says so.
      }
    }
    return added
  }

  /** A directory that was removed or renamed may be another of its name by now: its watcher still follows the old one. */
  function dropReplaced(paths: ReadonlySet<string>): void {
    // Nothing above the root is watched: it tells its own name.
    if (paths.has(`${basename(root)}/`)) drop('')
    for (const directory of watchers.keys())
      for (let at = directory.indexOf('/'); at >= 0; at = directory.indexOf('/', at + 1))
        if (paths.has(directory.slice(0, at + 1))) drop(directory)
  }

  function drop(directory: string): void {
    watchers.get(directory)?.close()
    watchers.delete(directory)
  }
}

function tooMany(limit: number): AfterturnError {
  return new AfterturnError('REPO_TOO_LARGE', `Expected at most ${limit} directories to watch, got more.`)
}
