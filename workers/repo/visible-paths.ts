import type { Dirent } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { runGit } from './git/git.ts'

/** Owns what of a working tree git does not leave out: its files, and all directories in which one may appear, empty ones too. */

const NOT_WATCHED = /(^|\/)(?:\.git|node_modules)\//
const CLOSING_FILE = /(?<=\/)\.gitignore$/
/** Of the search for empty directories. */
const MAX_DEPTH = 64

/** Relative to the root; directories have a slash at their ends. */
export async function listVisible(root: string, signal: AbortSignal): Promise<Set<string>> {
  const visible = new Set<string>()
  for (const file of await keptFiles(root, signal)) {
    if (file === '' || NOT_WATCHED.test(`${file}/`)) continue
    visible.add(file)
    for (let at = file.lastIndexOf('/'); at > 0; at = file.lastIndexOf('/', at - 1)) {
      const directory = file.slice(0, at + 1)
      if (visible.has(directory)) break
      visible.add(directory)
    }
  }
  // Git names no directory without files; the next file may be saved there.
  let level = ['']
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    const below = (await Promise.all(level.map((directory) => directoriesIn(root, directory)))).flat()
    const unknown = below.filter((directory) => !visible.has(directory))
    const ignored = await ignoredOf(root, unknown, signal)
    for (const directory of unknown) if (!ignored.has(directory)) visible.add(directory)
    level = below.filter((directory) => visible.has(directory))
  }
  return visible
}

async function keptFiles(root: string, signal: AbortSignal): Promise<string[]> {
  const args = ['-C', root, 'ls-files', '--cached', '--others', '--exclude-standard', '-z']
  const { output, code } = await runGit(args, { signal })
  if (code === 0) return output.toString('utf8').split('\0')
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => relative(root, join(parentPath, name)))
  const closed = await closedDirectories(root, files)
  return files.filter((file) => !closed.some((directory) => file.startsWith(directory)))
}

/** The directories that leave all of themselves out, as those of tools do: a watch that saw them would see what its own runs write. */
async function closedDirectories(root: string, files: readonly string[]): Promise<string[]> {
  const directories = files.filter((file) => CLOSING_FILE.test(file)).map((file) => file.replace(CLOSING_FILE, ''))
  const areClosed = await Promise.all(directories.map((directory) => isClosed(join(root, directory))))
  return directories.filter((_, at) => areClosed[at])
}

async function isClosed(directory: string): Promise<boolean> {
  const text = await readFile(join(directory, '.gitignore'), 'utf8').catch(() => '')
  return text.trim() === '*'
}

/** None of what is a repository of its own, or gone. */
async function directoriesIn(root: string, directory: string): Promise<string[]> {
  const entries: Dirent[] = await readdir(join(root, directory), { withFileTypes: true }).catch(() => [])
  if (directory !== '' && entries.some(({ name }) => name === '.git')) return []
  if (entries.some(({ name }) => name === '.gitignore') && (await isClosed(join(root, directory)))) return []
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${directory}${name}/`)
    .filter((path) => !NOT_WATCHED.test(path))
}

async function ignoredOf(root: string, paths: readonly string[], signal: AbortSignal): Promise<Set<string>> {
  if (paths.length === 0) return new Set()
  const { output } = await runGit(['-C', root, 'check-ignore', '--stdin', '-z'], { signal, input: paths.join('\0') })
  return new Set(output.toString('utf8').split('\0'))
}
