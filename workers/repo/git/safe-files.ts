import { constants, type Stats } from 'node:fs'
import { type FileHandle, lstat, open, opendir, readlink, realpath } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Owns reading what lies in a directory that others may change meanwhile. Guarantees: no symbolic link is followed, neither by the last name of
 * a path nor by one before it.
 */

export type DirectoryEntry = { readonly name: Buffer; readonly kind: 'file' | 'symlink' | 'directory' }

/** What lies in a directory, which must still be where it was seen when it has been read; undefined when it cannot be. */
export async function readDirectory(full: Buffer): Promise<DirectoryEntry[] | undefined> {
  const entries: DirectoryEntry[] = []
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

/** Reads a file only if no part of its path is a link, whoever may be exchanging directories for links meanwhile. */
export async function readSafely(full: Buffer, maxBytes: number): Promise<Buffer | 'absent' | 'unreadable'> {
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

export function within(directory: Buffer, name: Buffer): Buffer {
  return Buffer.from(join(directory.toString('latin1'), name.toString('latin1')), 'latin1')
}
