import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readdir, readFile, readlink, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BARE_ENVIRONMENT } from '../../helpers/bare-environment.ts'
import { useGitRepos } from '../../helpers/repo/git-repo.ts'
import { until } from '../../helpers/until.ts'

/** `npm run demo` as a newcomer runs it: real processes, a directory of the test's own, in which nothing may be left. */

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
/** The part of the code that a smaller checkout has: to index all of it takes half a minute of CPU. */
const INDEXED = [
  'queues',
  'shared/lock',
  'shared/redact',
  'shared/redis',
  'shared/repo',
  'workers/fleet',
  'workers/repo',
]
const TRANSCRIPT = [
  { role: 'user', name: 'Maya', content: 'I moved to Lisbon in March.' },
  { role: 'assistant', content: 'Noted. How do you like it?' },
  {
    role: 'user',
    name: 'Maya',
    content: `I am allergic to shellfish. \u001b[2J Look: https://example.org/${'x'.repeat(120)}`,
  },
]
/** A conversation that is long enough to be compacted. */
const LONG_TRANSCRIPT = [
  ...TRANSCRIPT,
  ...Array.from({ length: 10 }, (_, day) => ({
    role: 'assistant',
    content: `Day ${day}: ${'the rain falls on the harbour and on the boats. '.repeat(6)}`,
  })),
]
const COLUMNS = 80

/** A start takes two seconds, and on a machine that is busy with other tests much longer. */
const TIMEOUT_MS = 120_000

const repos = useGitRepos()
let directory: string
let runs: Run[] = []
beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'afterturn-demo-')))
})
afterEach(async () => {
  for (const { child, ended } of runs) {
    if (child.exitCode === null) child.kill('SIGTERM')
    await ended
  }
  runs = []
  await rm(directory, { recursive: true, force: true })
})

type Run = { readonly child: ChildProcess; readonly said: () => string; readonly ended: Promise<number | null> }

function start(args: readonly string[], environment: NodeJS.ProcessEnv = {}, checkout = ROOT): Run {
  const child = spawn(process.execPath, [join(checkout, 'demo/demo.ts'), ...args], {
    cwd: directory,
    env: { ...BARE_ENVIRONMENT, COLUMNS: String(COLUMNS), NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (chunk) => (text += chunk))
  const run = { child, said: () => text, ended: once(child, 'close').then(([code]) => code as number | null) }
  runs.push(run)
  return run
}

/** A checkout whose demo is its own, and runs what the one of the tests has. */
async function smallCheckout(): Promise<string> {
  const { path } = repos.create('checkout')
  for (const name of await readdir(ROOT))
    if (!['.git', 'demo'].includes(name)) await symlink(join(ROOT, name), join(path, name))
  await cp(join(ROOT, 'demo'), join(path, 'demo'), { recursive: true })
  for (const name of INDEXED) await cp(join(ROOT, name), join(path, 'code', name), { recursive: true })
  return path
}

async function transcript(lines: readonly object[]): Promise<string> {
  const file = join(directory, 'chat.jsonl')
  await writeFile(file, lines.map((line) => JSON.stringify(line)).join('\n'))
  return file
}

/** The processes that run in the test's directory: the demo's workers, its store and its Redis servers do. */
async function processesLeft(): Promise<string[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    pids.map(async (pid) => {
      const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '')
      return cwd.startsWith(directory) ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => pid) : ''
    }),
  )
  return found.filter((line) => line !== '')
}

async function expectNothingLeft(): Promise<void> {
  expect(await processesLeft()).toEqual([])
  expect(await readdir(join(directory, '.data'))).toEqual(['.gitignore'])
}

describe('the demo', () => {
  it(
    'shows what is remembered of a transcript, inside the terminal, and leaves nothing',
    async () => {
      const run = start(
        ['--conversation', await transcript(LONG_TRANSCRIPT), '--query', 'Which food is bad for Maya?'],
        {
          DATABASE_URL: 'postgresql://nobody:secret@127.0.0.1:1/untouched',
        },
      )
      const ended = await run.ended
      expect(ended, run.said()).toBe(0)
      const said = run.said()
      expect(said).toContain('chat: 13 turns, 2 memories')
      expect(said).toContain('Maya moved to Lisbon in March.')
      expect(said).toMatch(/Search: Which food is bad for Maya\?\n {2}memory {2}Maya .*allergic to shellfish/)
      expect(said).toMatch(/Turns extracted +│ 13 .*Local passes +│ \d+ /)
      expect(said.replace(/\s+/g, ' ')).toMatch(
        /[\d,]+ tokens load in \d+, within a budget of \d+: a record of \d+ messages in \d+ tokens, and \d+ messages as they are\./,
      )
      expect(said).toMatch(/Tokens paid +│ – /)
      expect(said).not.toContain('\u001b')
      expect(said.split('\n').filter((line) => line.length > COLUMNS)).toEqual([])
      await expectNothingLeft()
    },
    TIMEOUT_MS,
  )

  it(
    'answers questions about the code of its own checkout',
    async () => {
      const run = start([], {}, await smallCheckout())
      const ended = await run.ended
      expect(ended, run.said()).toBe(0)
      const said = run.said()
      expect(said).toMatch(
        // How far it is stands in between where the index is still being made.
        /The code of this checkout\n(?:.*\n)?Serves +the working tree: \d{3,} files in \d{4,} chunks\nDid +\d{4,} chunks embedded/,
      )
      const [, locks = '', secrets = ''] = said.split(/Search in the code: .*\?\n/)
      expect(locks).toMatch(/^ {2}\S+:\d+-\d+ /)
      expect(secrets).toMatch(/^ {2}\S*redact\/\S+:\d+-\d+ /m)
      expect(said.split('\n').filter((line) => line.length > COLUMNS)).toEqual([])
      await expectNothingLeft()
    },
    TIMEOUT_MS,
  )

  it('refuses a broken line by file, line and reason, before anything is started', async () => {
    const file = await transcript([
      { role: 'user', content: 'hello' },
      { role: 'boss', content: 'hello' },
    ])
    const run = start(['--conversation', file])
    expect(await run.ended).toBe(1)
    expect(run.said()).toContain(`${file}:2: role is wrong (expected user | assistant | system | tool, got "boss")`)
    expect(await readdir(directory)).toEqual(['chat.jsonl'])
  })

  it(
    'stops its services when the configuration is wrong',
    async () => {
      const run = start(['--conversation', await transcript(TRANSCRIPT)], { MODEL_CONCURRENCY: '0' })
      expect(await run.ended).toBe(1)
      expect(run.said()).toMatch(/CONFIG_INVALID[\s\S]*MODEL_CONCURRENCY/)
      await expectNothingLeft()
    },
    TIMEOUT_MS,
  )

  it(
    'stops all of it at Ctrl-C',
    async () => {
      const run = start(['--conversation', await transcript(TRANSCRIPT)])
      await until(run.said, (said) => said.includes('Recording'), TIMEOUT_MS)
      run.child.kill('SIGINT')
      await expectInterrupted(run)
    },
    TIMEOUT_MS,
  )

  it(
    'stops all of it when Ctrl-C is pressed again and again while it starts',
    async () => {
      const run = start(['--conversation', await transcript(TRANSCRIPT)])
      await until(run.said, (said) => said.includes('Starting'), TIMEOUT_MS)
      const pressing = setInterval(() => run.child.kill('SIGINT'), 50)
      await run.ended.finally(() => clearInterval(pressing))
      await expectInterrupted(run)
    },
    TIMEOUT_MS,
  )
})

async function expectInterrupted(run: Run): Promise<void> {
  expect(await run.ended).toBe(130)
  expect(run.said()).toContain('Interrupted. Nothing is left running.')
  await expectNothingLeft()
}
