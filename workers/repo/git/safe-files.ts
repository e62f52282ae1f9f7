import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  opendirSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  type Stats,
} from 'node:fs'
import { join } from 'node:path'

/**
 * Owns reading what lies in a directory that others may change meanwhile. Guarantees: no symbolic link is followed, neither by the last name of
 * a path nor by one before it. It reads while others wait: a tree is listed in a thread of its own, where a call that waits for each of
 * thousands of files costs ten times as much.
 */

export type DirectoryEntry = { readonly name: Buffer; readonly kind: 'file' | 'symlink' | 'directory' }

/** What lies in a directory, which must still be where it was seen when it has been read; undefined when it cannot be. */
export function readDirectory(full: Buffer): DirectoryEntry[] | undefined {
  const entries: DirectoryEntry[] = []
  try {
    // The types know no names as bytes.
    const directory = opendirSync(full as never, { encoding: 'buffer' as never })
    try {
      for (let entry = directory.readSync(); entry; entry = directory.readSync()) {
        const name = entry.name as unknown as Buffer
        if (name.equals(Buffer.from('.git'))) continue
        if (entry.isSymbolicLink()) entries.push({ name, kind: 'symlink' })
        else if (entry.isDirectory()) entries.push({ name, kind: 'directory' })
        else if (entry.isFile()) entries.push({ name, kind: 'file' })
      }
    } finally {
      directory.closeSync()
    }
    if (!pathOfDirectory(full).equals(full)) return undefined
  } catch {
    return undefined
  }
  return entries.sort((a, b) => Buffer.compare(a.name, b.name))
}

/** Its path without links. Only the system itself tells it of deep directories in time. */
function pathOfDirectory(full: Buffer): Buffer {
  const directory = openSync(full, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  try {
    return openedAt(directory) ?? realpathSync(full, 'buffer')
  } finally {
    closeSync(directory)
  }
}

/** Reads a file only if no part of its path is a link, whoever may be exchanging directories for links meanwhile. */
export function readSafely(full: Buffer, maxBytes: number): Buffer | 'absent' | 'unreadable' {
  let file: number | undefined
  try {
    file = openSync(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const found = fstatSync(file)
    if (!found.isFile() || found.size > maxBytes || !isAt(file, found, full)) return 'unreadable'
    return readFileSync(file)
  } catch (error) {
    return isAbsent(error) ? 'absent' : 'unreadable'
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

/** Whether what was opened by a path is what lies at that path without links; Linux tells it of the open file itself. */
function isAt(file: number, opened: Stats, full: Buffer): boolean {
  const linux = openedAt(file)
  if (linux) return linux.equals(full)
  const found = lstatSync(full)
  return realpathSync(full, 'buffer').equals(full) && found.dev === opened.dev && found.ino === opened.ino
}

function openedAt(file: number): Buffer | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${file}`, 'buffer')
  } catch {
    return undefined
  }
}

function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP'
}

export function within(directory: Buffer, name: Buffer): Buffer {
  return Buffer.from(join(directory.toString('latin1'), name.toString('latin1')), 'latin1')
}
