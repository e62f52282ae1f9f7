import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'

/** A repository of made-up TypeScript, as large as wanted; no two functions are alike. */
type SyntheticRepo = {
  readonly path: string
  /** Commits other content for the first files. */
  change(files: number): Promise<void>
}

const FUNCTIONS_PER_FILE = 4
const VERBS = ['load', 'store', 'merge', 'parse', 'render', 'count', 'find', 'update', 'remove', 'check']
const NOUNS = ['order', 'invoice', 'user', 'session', 'document', 'message', 'report', 'payment', 'image', 'route']

/** Makes it as a bare repository with one commit. */
export async function createSyntheticRepo(path: string, files: number): Promise<SyntheticRepo> {
  mkdirSync(path, { recursive: true })
  spawnSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', path])
  let revision = 0
  const commit = async (count: number) => {
    const git = spawn('git', ['--git-dir', path, 'fast-import', '--quiet', '--force'], {
      stdio: ['pipe', 'ignore', 'inherit'],
    })
    const from = revision > 0 ? 'from refs/heads/main^0\n' : ''
    git.stdin.write(
      `commit refs/heads/main\ncommitter A <a@example.org> ${1_700_000_000 + revision} +0000\ndata 1\nx\n${from}`,
    )
    for (let file = 0; file < count; file++) {
      const text = fileText(file, revision)
      const header = `M 100644 inline ${pathOf(file)}\ndata ${Buffer.byteLength(text)}\n`
      if (!git.stdin.write(`${header}${text}\n`)) await once(git.stdin, 'drain')
    }
    git.stdin.end()
    await once(git, 'exit')
    revision += 1
  }
  await commit(files)
  return { path, change: commit }
}

/** The bytes of the files, all of one commit. */
export function syntheticBytes(files: number): number {
  let bytes = 0
  for (let file = 0; file < files; file++) bytes += Buffer.byteLength(fileText(file, 0))
  return bytes
}

function pathOf(file: number): string {
  return `packages/part-${file % 50}/src/${nameOf(file, 0).toLowerCase()}.ts`
}

function nameOf(file: number, part: number): string {
  const verb = VERBS[(file + part) % VERBS.length] as string
  const noun = NOUNS[Math.floor(file / 7 + part) % NOUNS.length] as string
  return `${verb}${noun[0]?.toUpperCase()}${noun.slice(1)}${file}x${part}`
}

function fileText(file: number, revision: number): string {
  return Array.from({ length: FUNCTIONS_PER_FILE }, (_, part) => {
    const name = nameOf(file, part)
    const noun = NOUNS[(file + part) % NOUNS.length]
    return `/** Handles the ${noun} of part ${file}, revision ${revision}. */
export async function ${name}(${noun}Id: string, limit = ${(file * 31 + part * 7 + revision) % 997}): Promise<number> {
  const found = await store.read('${noun}', ${noun}Id, { after: ${file}, size: limit })
  if (found === undefined) throw new Error('no ${noun} for ${name}')
  let total = ${part}
  for (const item of found.items) {
    if (item.isHidden || item.${noun}Count > limit) continue
    total += item.weight * ${((file + part) % 13) + 1} + item.${noun}Count
  }
  await events.publish('${noun}.${name}', { ${noun}Id, total })
  return total
}
`
  }).join('\n')
}
