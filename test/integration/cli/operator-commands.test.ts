import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { environmentOf } from '../../../cli/services/services.ts'
import type { Runtime } from '../../../runtime.ts'
import { deadLetterTurns, insertDeadJobs } from '../../../shared/store/control/dead-letters.ts'
import { readPendingTurns } from '../../../shared/store/turns/turns.ts'
import { BARE_ENVIRONMENT } from '../../helpers/bare-environment.ts'
import { remember } from '../../helpers/memory/remember.ts'
import { turn } from '../../helpers/memory/turns.ts'
import { type CommandEnd, useCommands } from '../../helpers/processes/commands.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'

/** The commands of operators as they are called: what they print, how wide, and how they end. */

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

const run = useCommands()
const call = (args: readonly string[], overrides: object = {}) =>
  run(args, { ...BARE_ENVIRONMENT, ...environmentOf({ ...runtimes.config(), ...overrides }), COLUMNS: '80' })

/** What a command printed: in a pipe the JSON that the API answers, whole. */
const answerOf = ({ stdout }: CommandEnd) => JSON.parse(stdout)

describe('kill-switch', () => {
  it('turns on, tells and turns off', async () => {
    const reason = `the model went mad ${'and madder '.repeat(20)}`.trim()
    const on = await call(['kill-switch', 'on', '--by', 'ops', '--reason', reason])
    expect(on).toMatchObject({ code: 0, stderr: '' })
    expect(answerOf(on)).toMatchObject({ isOn: true, switches: [{ by: 'ops', reason, at: expect.any(String) }] })
    expect(await runtime.killSwitch.status()).toMatchObject({ isOn: true, switches: [{ by: 'ops' }] })

    const part = await call(['kill-switch', 'on', '--org', 'acme', '--queue', 'memory-digst'])
    expect(part.stderr).toContain('No queue of the catalogue is named memory-digst')
    // An org sees neither who halted all orgs nor why.
    expect(answerOf(part).switches).toEqual([
      { at: expect.any(String) },
      expect.objectContaining({ orgId: 'acme', queue: 'memory-digst' }),
    ])

    const off = await call(['kill-switch', 'off'])
    expect(off).toMatchObject({ code: 0 })
    expect(answerOf(off)).toMatchObject({ isOn: true, switches: [{ orgId: 'acme' }] })
    expect(off.stderr).toContain('afterturn kill-switch off --org acme --queue memory-digst\n')
    const last = await call(['kill-switch', 'off', '--org', 'acme', '--queue', 'memory-digst'])
    expect([last.code, answerOf(last).isOn]).toEqual([0, false])
    const { isOn, changes } = answerOf(await call(['kill-switch', 'status']))
    expect(isOn).toBe(false)
    expect(changes).toHaveLength(4)
    expect(changes[0]).toMatchObject({ isOn: false, orgId: 'acme' })
  }, 90_000)

  it('says so when half of it is away', async () => {
    const noRedis = await call(['kill-switch', 'off'], { redisUrl: 'redis://127.0.0.1:1' })
    expect(noRedis).toMatchObject({ code: 1, stderr: expect.stringContaining('repeat this then') })
    const noStore = await call(['kill-switch', 'status'], { databaseUrl: 'postgresql://127.0.0.1:1/none' })
    expect(noStore).toMatchObject({ code: 1, stderr: expect.stringContaining('everything is halted') })
    expect(answerOf(noStore)).toMatchObject({ isOn: true, isStoreReadable: false })
    const neither = await call(['kill-switch', 'on', '--org', 'a'], { databaseUrl: 'postgresql://127.0.0.1:1/none' })
    expect(neither).toMatchObject({ code: 1, stderr: expect.stringContaining('STORE_UNAVAILABLE') })
  })

  it.each([
    [[], /Usage/],
    [['on', '--org', ''], /--org: .*expected string to have at least 1 character, got 0/],
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
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
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
    expect(answerOf(list)).toMatchObject({
      deadLetters: [
        {
          diedAt: '2024-05-01T12:00:00.000Z',
          queue: 'memory-reembedding',
          code: 'WORKER_DIED',
          orgId: null,
          jobId: '7',
        },
        { id: newest },
      ],
      next: newest,
    })
    expect(
      answerOf(await call(['dead-letters', 'list', '--org', 'acme', '--code', 'MODEL_REFUSED'])).deadLetters,
    ).toHaveLength(3)
    expect(answerOf(await call(['dead-letters', 'list', '--org', 'nobody'])).deadLetters).toEqual([])

    // JSON escapes the control characters of a reason.
    const show = await call(['dead-letters', 'show', String(newest)])
    expect(show.stdout).not.toContain('\u001b')
    expect(answerOf(show)).toMatchObject({
      turnId: 'turn-2',
      failedTries: [{ at: expect.stringContaining('2024-05-01T12:00:00'), code: 'MODEL_REFUSED' }],
    })
    const elsewhere = await call(['dead-letters', 'show', String(newest), '--org', 'nobody'])
    expect(elsewhere).toMatchObject({ code: 1, stderr: expect.stringContaining('DEAD_LETTER_UNKNOWN') })

    const replayed = await call(['dead-letters', 'replay', String(newest), String(second)])
    expect([replayed.code, answerOf(replayed)]).toEqual([0, { replayed: 2 }])
    expect((await runtime.memory.status({ orgId: 'acme' })).turns).toMatchObject({ pending: 2, deadLettered: 1 })
    const again = await call(['dead-letters', 'replay', String(third), String(second)])
    expect(again).toMatchObject({ code: 1, stderr: expect.stringMatching(/^DEAD_LETTER_SETTLED: .*was replayed by /) })
    expect((await runtime.memory.status({ orgId: 'acme' })).turns).toMatchObject({ pending: 2, deadLettered: 1 })

    expect(await call(['dead-letters', 'drop', String(third)])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--yes'),
    })
    expect(await call(['dead-letters', 'drop', String(third), '--yes', '--by', 'ops'])).toMatchObject({ code: 0 })
    expect(answerOf(await call(['dead-letters', 'list', '--resolved'])).deadLetters).toContainEqual(
      expect.objectContaining({ id: third, resolution: 'dropped', resolvedBy: 'ops', code: 'MODEL_REFUSED' }),
    )
    const all = await call(['dead-letters', 'replay-all'])
    expect(all).toMatchObject({ code: 1, stderr: expect.stringContaining('1 dead letter cannot be replayed') })
    expect(answerOf(all)).toEqual({ replayed: 0, refused: 1 })
  }, 120_000)

  it.each([
    [['list', '--limit', '-1'], /--limit: .*expected number to be at least 1, got -1/],
    [['replay', '1', '--url', 'http://127.0.0.1:1', '--by', 'me'], /who acts is the key/],
  ])('called with %j ends with 2', async (args, message) => {
    expect(await call(['dead-letters', ...args])).toMatchObject({ code: 2, stderr: expect.stringMatching(message) })
  })

  it('ends with 1 for an id that is not there', async () => {
    expect(await call(['dead-letters', 'show', '4711'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^DEAD_LETTER_UNKNOWN: There is no dead letter 4711/),
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
      stderr: expect.stringContaining('--turn: expected its workstreamId'),
    })
    const erased = await call(['erase', '--org', orgId, '--by', 'ops', '--yes'])
    expect([erased.code, answerOf(erased)]).toEqual([0, { id: expect.any(Number), turns: 1, memories: 0 }])
    expect(await call(['export', '--org', orgId])).toMatchObject({ code: 0, stdout: '' })
  }, 60_000)
})

describe('review', () => {
  it('lists, approves and rejects what is held', async () => {
    const held = { status: 'quarantined', statusReason: 'unquoted' } as const
    const [first = 0, second = 0] = await remember(runtime.database, 'acme', [
      { fact: 'Ana keeps bees.', ...held },
      { fact: 'Ana hates bees.', ...held },
    ])
    const list = await call(['review', 'list', '--org', 'acme'])
    expect(
      answerOf(list)
        .memories.map(({ fact }: { fact: string }) => fact)
        .toSorted(),
    ).toEqual(['Ana hates bees.', 'Ana keeps bees.'])
    expect(await call(['review', 'approve', String(first), '--org', 'acme'])).toMatchObject({ code: 0 })
    expect(await call(['review', 'reject', String(second), '--org', 'acme', '--by', 'ops'])).toMatchObject({ code: 0 })
    expect(await runtime.memory.status({ orgId: 'acme' })).toMatchObject({ memories: 1, held: 0 })
    expect(await call(['review', 'reject', String(second), '--org', 'acme'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('MEMORY_NOT_HELD'),
    })
    expect(await call(['review', 'list'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--org') })
  }, 60_000)
})
