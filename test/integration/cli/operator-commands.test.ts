import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { environmentOf } from '../../../cli/services/services.ts'
import type { Runtime } from '../../../runtime.ts'
import { deadLetterTurns, insertDeadJobs } from '../../../shared/store/control/dead-letters.ts'
import { readPendingTurns } from '../../../shared/store/turns/turns.ts'
import { remember } from '../../helpers/memory/remember.ts'
import { turn } from '../../helpers/memory/turns.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'

/** The commands of operators as they are called: what they print, how wide, and how they end. */

const START = fileURLToPath(new URL('../../../cli/afterturn.ts', import.meta.url))
// Each call starts a process, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

const NOON = new Date('2024-05-01T12:00:00Z')
const runtimes = useRuntimes(useStore())
let runtime: Runtime
beforeEach(async () => {
  runtime = await runtimes.start()
})
afterEach(async () => {
  for (const table of ['kill_switches', 'kill_switch_changes', 'dead_letters'] as const)
    await runtime.database.deleteFrom(table).execute()
})

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

function call(args: readonly string[], overrides: object = {}): Promise<Ended> {
  const environment = { ...process.env, ...environmentOf({ ...runtimes.config(), ...overrides }), COLUMNS: '80' }
  const child = spawn(process.execPath, [START, ...args], { env: environment })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })))
}

const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length))

describe('kill-switch', () => {
  it('turns on, tells and turns off', async () => {
    const reason = `the model went mad ${'and madder '.repeat(20)}`
    const on = await call(['kill-switch', 'on', '--by', 'ops', '--reason', reason])
    expect(on).toMatchObject({ code: 0, stderr: '' })
    expect(on.stdout).toMatch(
      /^The kill switch is on\.\nORG +QUEUE +BY +SINCE +REASON\nall +all +ops +\d{4}-\S+ \S+Z +the model went mad/,
    )
    expect(on.stdout).not.toContain('\u001b')
    expect(widest(on.stdout)).toBeLessThanOrEqual(80)
    expect(await runtime.killSwitch.status()).toMatchObject({ isOn: true, switches: [{ by: 'ops' }] })

    const part = await call(['kill-switch', 'on', '--org', 'acme', '--queue', 'memory-digst'])
    expect(part.stderr).toContain('No queue of the catalogue is named memory-digst')
    expect(part.stdout).toMatch(/\nacme +memory-digst +/)

    const off = await call(['kill-switch', 'off'])
    expect(off).toMatchObject({ code: 0 })
    expect(off.stdout).toMatch(
      /^That switch is off\. These still halt:\nORG.*\nacme.*\nTo end it: afterturn kill-switch off --org acme --queue memory-digst\n$/,
    )
    expect(await call(['kill-switch', 'off', '--org', 'acme', '--queue', 'memory-digst'])).toMatchObject({
      code: 0,
      stdout: 'The kill switch is off.\n',
    })
    const status = await call(['kill-switch', 'status'])
    expect(status.stdout).toMatch(/^The kill switch is off\.\n\nTURNED +ORG +QUEUE +BY +AT +REASON\noff +acme/)
    expect(status.stdout.trim().split('\n')).toHaveLength(7)
    expect(widest(status.stdout)).toBeLessThanOrEqual(80)
  })

  it('says so when half of it is away', async () => {
    const noRedis = await call(['kill-switch', 'off'], { redisUrl: 'redis://127.0.0.1:1' })
    expect(noRedis).toMatchObject({ code: 1, stderr: expect.stringContaining('repeat this then') })
    const noStore = await call(['kill-switch', 'status'], { databaseUrl: 'postgresql://127.0.0.1:1/none' })
    expect(noStore).toMatchObject({ code: 1, stdout: expect.stringContaining('everything is halted') })
    const neither = await call(['kill-switch', 'on', '--org', 'a'], { databaseUrl: 'postgresql://127.0.0.1:1/none' })
    expect(neither).toMatchObject({ code: 1, stderr: expect.stringContaining('STORE_UNAVAILABLE') })
  })

  it.each([
    [[], /Usage/],
    [['on', '--org', ''], /Expected a text/],
    [['on', '--orgs', 'a'], /unknown option/],
    [['sideways'], /unknown command/],
  ])('called with %j ends with 2 and changes nothing', async (args, message) => {
    expect(await call(['kill-switch', ...args])).toMatchObject({ code: 2, stderr: expect.stringMatching(message) })
    expect(await runtime.killSwitch.status()).toMatchObject({ isOn: false })
  })

  it('has help', async () => {
    const { code, stdout } = await call(['kill-switch', '--help'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Usage: afterturn kill-switch/)
    expect(widest(stdout)).toBeLessThanOrEqual(80)
  })
})

describe('dead-letters', () => {
  async function withLetters(count: number): Promise<number[]> {
    const scope = { orgId: 'acme', workstreamId: `support-${crypto.randomUUID()}` }
    for (let n = 0; n < count; n++) await runtime.memory.recordTurn(turn(n, scope))
    const note = {
      queue: 'memory-digest',
      code: 'MODEL_REFUSED',
      reason: `no \u001b[31mkey ${'x'.repeat(200)}`,
      attempts: 4,
    }
    const ids = (await readPendingTurns(runtime.database, scope, 100)).map(({ id }) => id)
    await deadLetterTurns(runtime.database, scope, ids, note, { now: NOON, windowMs: 1, maxWaitMs: 1 })
    return (await runtime.deadLetters.list()).map(({ id }) => id)
  }

  it('lists, shows, replays once and drops', async () => {
    const [newest = 0, second = 0, third = 0] = await withLetters(3)
    await insertDeadJobs(runtime.database, [
      {
        queue: 'memory-reembedding',
        jobId: '7',
        orgId: null,
        payload: null,
        code: 'WORKER_DIED',
        reason: 'job stalled more than allowable limit',
        attempts: 6,
        diedAt: NOON,
        failedTries: [],
      },
    ])
    const list = await call(['dead-letters', 'list', '--limit', '2'])
    expect(list).toMatchObject({ code: 0, stderr: '' })
    expect(list.stdout).toMatch(
      /^ID +DIED \(UTC\) +QUEUE +CODE +ORG +OF\n\d+ +2024-05-01 12:00 +memory-reembedding +WORKER_DIED +– +job 7\n/,
    )
    expect(list.stdout).toContain('The newest 2 of 4 dead letters.')
    expect(widest(list.stdout)).toBeLessThanOrEqual(80)
    expect(
      (await call(['dead-letters', 'list', '--org', 'acme', '--code', 'MODEL_REFUSED'])).stdout.trim().split('\n'),
    ).toHaveLength(4)
    expect((await call(['dead-letters', 'list', '--org', 'nobody'])).stdout).toBe('No dead letter.\n')

    const show = await call(['dead-letters', 'show', String(newest)])
    expect(show.stdout).toMatch(/Of +turn turn-2 of support-/)
    expect(show.stdout).toMatch(/TRIED +CODE +REASON\n2024-05-01 12:00:00Z +MODEL_REFUSED +no \[31mkey/)
    expect(show.stdout).not.toContain('\u001b')

    expect(await call(['dead-letters', 'replay', String(newest), String(second)])).toMatchObject({
      code: 0,
      stdout: 'Replayed 2 dead letters.\n',
    })
    expect((await runtime.memory.status({ orgId: 'acme' })).turns).toMatchObject({ pending: 2, deadLettered: 1 })
    const again = await call(['dead-letters', 'replay', String(third), String(second)])
    expect(again).toMatchObject({ code: 1, stderr: expect.stringMatching(/^DEAD_LETTER_SETTLED: .*was replayed by /) })
    expect((await runtime.memory.status({ orgId: 'acme' })).turns).toMatchObject({ pending: 2, deadLettered: 1 })

    expect(await call(['dead-letters', 'drop', String(third)])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--yes'),
    })
    expect(await call(['dead-letters', 'drop', String(third), '--yes', '--by', 'ops'])).toMatchObject({ code: 0 })
    expect((await call(['dead-letters', 'list', '--resolved'])).stdout).toMatch(/ dropped +ops +MODEL_REFUSED /)
    const all = await call(['dead-letters', 'replay', '--all'])
    expect(all).toMatchObject({ code: 1, stderr: expect.stringContaining('1 dead letter cannot be replayed') })
  })

  it.each([
    [['list', '--limit', '-1'], /Expected a whole number from 1, got "-1"/],
    [['list', '--limit', '0'], /Expected a whole number/],
    [['list', '--limit', '2.5'], /Expected a whole number/],
    [['show', 'x'], /Expected a whole number/],
    [['show'], /missing required argument/],
    [['replay'], /either ids or --all/],
    [['replay', '1', '--all'], /either ids or --all/],
    [['replay', '1', '--org', 'a'], /go with --all/],
    [['drop', '--yes'], /expected ids/],
  ])('called with %j ends with 2', async (args, message) => {
    expect(await call(['dead-letters', ...args])).toMatchObject({ code: 2, stderr: expect.stringMatching(message) })
  })

  it('ends with 1 for an id that is not there, and for a limit beyond all bounds', async () => {
    expect(await call(['dead-letters', 'show', '4711'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^DEAD_LETTER_UNKNOWN: There is no dead letter 4711/),
    })
    expect(await call(['dead-letters', 'list', '--limit', '99999999'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('INPUT_INVALID'),
    })
  })
})

describe('erase and export', () => {
  it('export prints what is kept; erase wants --yes, and tells what went', async () => {
    const orgId = 'forgotten'
    await runtime.memory.recordTurn(turn(1, { orgId }))
    const exported = await call(['export', '--org', orgId])
    expect(exported).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(exported.stdout)).toMatchObject({ type: 'turn', turnId: 'turn-1' })
    expect(await call(['erase', '--org', orgId])).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') })
    expect(await call(['erase', '--org', orgId, '--turn', 't', '--yes'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--turn goes with --workstream'),
    })
    expect(await call(['erase', '--org', orgId, '--by', 'ops', '--yes'])).toMatchObject({
      code: 0,
      stdout: 'Erased, with everything derived from them: turns 1, memories 0.\n',
    })
    expect(await call(['export', '--org', orgId])).toMatchObject({ code: 0, stdout: '' })
  })
})

describe('review', () => {
  it('lists, approves and rejects what is held', async () => {
    const held = { status: 'quarantined', statusReason: 'unquoted' } as const
    const [first = 0, second = 0] = await remember(runtime.database, 'acme', [
      { fact: 'Ana keeps bees.', ...held },
      { fact: 'Ana hates bees.', ...held },
    ])
    const list = await call(['review', 'list', '--org', 'acme'])
    expect(list.stdout).toMatch(/^ID +SAID +REASON +WORKSTREAM +MEMORY\n/)
    expect(list.stdout).toContain('Ana keeps bees.')
    expect(widest(list.stdout)).toBeLessThanOrEqual(80)
    expect(await call(['review', 'approve', String(first), '--org', 'acme'])).toMatchObject({ code: 0 })
    expect(await call(['review', 'reject', String(second), '--org', 'acme', '--by', 'ops'])).toMatchObject({ code: 0 })
    expect(await runtime.memory.status({ orgId: 'acme' })).toMatchObject({ memories: 1, held: 0 })
    expect(await call(['review', 'reject', String(second), '--org', 'acme'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('MEMORY_NOT_HELD'),
    })
    expect(await call(['review', 'list'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--org') })
  })
})
