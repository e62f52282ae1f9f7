import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest'
import { environmentOf } from '../../../cli/services/services.ts'
import { startOfProcess } from '../../../shared/processes/process-identity.mjs'
import { BARE_ENVIRONMENT } from '../../helpers/bare-environment.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

/** `npm start -- PROCESS`: a process that is up says so, in one line of its log. */

const START = fileURLToPath(new URL('../../../cli/afterturn.ts', import.meta.url))
const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const runtimes = useRuntimes(useStore())

let directory: string
let child: ChildProcess | undefined
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'afterturn-start-'))
})
afterEach(async () => {
  if (child?.exitCode === null) {
    child.kill('SIGKILL')
    await once(child, 'close')
  }
})
afterAll(() => rm(directory, { recursive: true, force: true }))

/** Starts a process alone, as a supervisor does, waits for the given words of its log, stops it, and answers the lines that it logged. */
async function logOf(
  name: string,
  words: string,
  { command = [process.execPath, START], cwd = directory } = {},
): Promise<Record<string, unknown>[]> {
  let text = ''
  child = spawn(command[0] as string, [...command.slice(1), name], {
    cwd,
    env: {
      ...BARE_ENVIRONMENT,
      ...environmentOf(runtimes.config({ drainTimeoutMs: 20_000 })),
      DASHBOARD_PORT: '0',
      METRICS_PORT: '0',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  child.stderr?.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
  })
  const ended = once(child, 'close')
  await until(
    () => text,
    (seen) => seen.includes(words),
    60_000,
  )
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  expect(text).not.toContain(new URL(inject('redisUrl')).password)
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

const redis = /^redis:\/\/:\*\*\*@127\.0\.0\.1:\d+$/

it('a worker says what it works on, and where', async () => {
  expect(await logOf('memory-extraction', 'the workers are up')).toMatchObject([
    {
      queues: { 'memory-extraction': 8 },
      redis: expect.stringMatching(redis),
      store: expect.stringContaining('://'),
      model: 'local rules and vectors, offline, no LLM',
      metrics: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/),
    },
  ])
})

it('a worker ends with the npm that runs it', async () => {
  const command = ['npm', 'start', '--silent', '--']
  const [line] = await logOf('memory-digest', 'the workers are up', { command, cwd: ROOT })
  expect(startOfProcess(line?.pid as number)).toBeUndefined()
})

it('the dashboard says where it is', async () => {
  expect(await logOf('dashboard', 'the dashboard is up')).toMatchObject([
    { url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/), redis: expect.stringMatching(redis) },
  ])
})
