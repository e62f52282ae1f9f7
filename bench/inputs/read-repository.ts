import { spawnSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The files of a repository, bare or not, as its HEAD has them, or of a plain directory. */

const MAX_OUTPUT_BYTES = 1_024 * 1_024 * 1_024
const NEWLINE = 10

type RepositoryFile = { readonly path: string; readonly content: Buffer }

/** Files whose path is wanted; those whose object is absent, as in a partial clone, are left out. */
export async function readRepository(path: string, isWanted: (path: string) => boolean): Promise<RepositoryFile[]> {
  const listed = git(path, ['ls-tree', '-r', '-z', 'HEAD'])
  if (listed === undefined) return readDirectory(path, isWanted)
  const entries = listed
    .toString('utf8')
    .split('\0')
    .map((entry) => /^100\d+ blob ([0-9a-f]+)\t(.+)$/s.exec(entry))
    .flatMap((match) => (match && isWanted(match[2] as string) ? [{ oid: match[1], path: match[2] as string }] : []))
  const output = git(path, ['cat-file', '--batch'], entries.map(({ oid }) => `${oid}\n`).join(''))
  let at = 0
  return entries.flatMap(({ path: file }) => {
    const end = output?.indexOf(NEWLINE, at) ?? -1
    if (output === undefined || end < 0) return []
    const bytes = /^[0-9a-f]+ blob (\d+)$/.exec(output.toString('latin1', at, end))?.[1]
    at = end + 1
    if (bytes === undefined) return []
    const content = output.subarray(at, at + Number(bytes))
    at += content.length + 1
    return [{ path: file, content }]
  })
}

function git(path: string, args: readonly string[], input = ''): Buffer | undefined {
  const { status, stdout } = spawnSync('git', ['-C', path, ...args], { input, maxBuffer: MAX_OUTPUT_BYTES })
  return status === 0 ? stdout : undefined
}

async function readDirectory(root: string, isWanted: (path: string) => boolean): Promise<RepositoryFile[]> {
  const found = await readdir(root, { recursive: true, withFileTypes: true })
  const paths = found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(root, '/').length))
    .filter((path) => !/(^|\/)(\.git|node_modules)\//.test(path) && isWanted(path))
  return Promise.all(paths.sort().map(async (path) => ({ path, content: await readFile(join(root, path)) })))
}
