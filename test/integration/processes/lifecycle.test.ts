import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

const LIFECYCLE = new URL('../../../shared/processes/lifecycle.ts', import.meta.url).href

let dir: string
const children: ChildProcess[] = []

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'afterturn-test-lifecycle-'))
  // It says when it stops, and has stopped when it is told so.
  await writeFile(
    join(dir, 'process.mjs'),
    `import { runProcess } from '${LIFECYCLE}'
     const finished = new Promise((resolve) => process.on('message', (message) => message === 'finish' && resolve()))
     const failed = new Promise((_, reject) => process.on('message', (message) => message === 'fail' && reject(new Error('no luck'))))
     await runProcess(async () => ({
       ready: { url: 'here' },
       failed,
       async stop() {
         console.log('Draining')
         console.error('Draining')
         if (!process.connected) return
         process.send('stopping')
         await finished
       },
     }))`,
  )
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})
afterAll(() => rm(dir, { recursive: true, force: true }))

async function start(environment: NodeJS.ProcessEnv = {}): Promise<ChildProcess> {
  const child = fork(join(dir, 'process.mjs'), { execArgv: [], env: environment, silent: true })
  children.push(child)
  expect(await messageOf(child)).toEqual({ url: 'here' })
  return child
}

const messageOf = async (child: ChildProcess) => (await once(child, 'message'))[0]

/** Sends a signal and waits until the process stops. */
async function startStopping(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const stopping = messageOf(child)
  child.kill(signal)
  expect(await stopping).toBe('stopping')
}

async function exitCodeOf(child: ChildProcess): Promise<number | null> {
  return child.exitCode ?? ((await once(child, 'exit'))[0] as number | null)
}

describe('a process', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('stops in order at %s', async (signal) => {
    const child = await start()
    await startStopping(child, signal)
    child.send('finish')
    expect(await exitCodeOf(child)).toBe(0)
  })

  it('stops in order when its terminal is gone, which it cannot tell any more', async () => {
    const child = await start()
    child.stdout?.destroy()
    child.stderr?.destroy()
    await startStopping(child, 'SIGHUP')
    child.send('finish')
    expect(await exitCodeOf(child)).toBe(0)
  })

  it.each([
    ['SIGTERM', 'SIGTERM', 143],
    ['SIGTERM', 'SIGINT', 130],
    ['SIGHUP', 'SIGTERM', 143],
  ] as const)('that stops for %s ends at once at %s', async (first, second, code) => {
    const child = await start()
    await startStopping(child, first)
    child.kill(second)
    expect(await exitCodeOf(child)).toBe(code)
  })

  it.each([
    ['a SIGINT of the terminal that npm passes on', 'SIGINT', {}],
    ['a SIGTERM of a supervisor that npm passes on', 'SIGTERM', { npm_lifecycle_event: 'start' }],
    ['a SIGHUP of the kernel that the shell repeats', 'SIGHUP', {}],
  ] as const)('takes %s for one', async (_, signal, environment) => {
    const child = await start(environment)
    await startStopping(child, signal)
    child.kill(signal)
    child.send('finish')
    expect(await exitCodeOf(child)).toBe(0)
  })

  it('stops in order when its parent has gone', async () => {
    const child = await start()
    child.disconnect()
    expect(await exitCodeOf(child)).toBe(0)
  })

  it('that cannot go on says why, stops and ends with 1', async () => {
    const child = await start()
    let errors = ''
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      errors += text
    })
    const stopping = messageOf(child)
    child.send('fail')
    expect(await stopping).toBe('stopping')
    child.send('finish')
    expect(await exitCodeOf(child)).toBe(1)
    expect(errors).toContain('no luck')
  })
})
