import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const RULES_FILE = '.gitignore'
const EVERYTHING = '*\n'
/** The data of embedded services. */
const OWN = /^(?:store|redis-\w+)$/

/**
 * Makes a directory for data of this machine that leaves itself out of git, and so out of an index, for it may lie in somebody's repository: the
 * topmost directory that had to be made, or one that holds nothing else. Any other may hold their files and is left as it is.
 */
export async function makeDataDirectory(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true, mode: 0o700 })
  if (made !== undefined || isOwn(await readdir(path))) await writeFile(join(made ?? path, RULES_FILE), EVERYTHING)
}

function isOwn(names: readonly string[]): boolean {
  return names.length > 0 && names.every((name) => OWN.test(name))
}
