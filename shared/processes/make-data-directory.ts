import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const RULES_FILE = '.gitignore'
const EVERYTHING = '*\n'

/**
 * Makes a directory for data of this machine. The topmost directory that it had to make leaves itself out of git, and so out of an index, for it may
 * lie in somebody's repository; one that was there before may hold their files and is left as it is.
 */
export async function makeDataDirectory(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true, mode: 0o700 })
  if (made !== undefined) await writeFile(join(made, RULES_FILE), EVERYTHING)
}
