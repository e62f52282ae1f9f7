import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { systemClock } from '../../../shared/clock.ts'
import { type BulkServices, workOffBatch, workOffBulkOperations } from '../../../shared/control/bulk-work.ts'
import { silentLog } from '../../../shared/observe/log.ts'
import {
  findBulkOperation,
  insertBulkOperation,
  switchBulkOperation,
} from '../../../shared/store/console/bulk-operations.ts'
import { readLetterExtent } from '../../../shared/store/console/dead-letter-groups.ts'
import { findDeadLetters, insertDeadJobs, readDeadLetters } from '../../../shared/store/control/dead-letters.ts'
import { hiddenOf, useConsole } from '../../helpers/console-under-test.ts'
import { until } from '../../helpers/until.ts'

/** Operations on many dead letters: exactly those that were confirmed, each once, whoever else is at it or is killed, and an abort that comes in time. */

const { parts, get, post, perform } = useConsole('words')
const ABORT_MS = 2_000

const letterOf = (orgId: string, number: number) => ({
  queue: 'repo-indexing',
  orgId,
  attempts: 3,
  failedTries: [],
  diedAt: new Date(),
  jobId: `${orgId}-${number}`,
  code: 'REPO_BROKEN',
  reason: `Object ${number} is missing`,
  payload: { v: 1, orgId, repoId: `repo-${number}`, ref: 'HEAD' },
})
const services = (): BulkServices => ({ ...parts.runtime, clock: systemClock, log: silentLog })

/** Adds letters to an org. */
const addLetters = (orgId: string, from: number, count: number) =>
  insertDeadJobs(
    parts.runtime.database,
    Array.from({ length: count }, (_, number) => letterOf(orgId, from + number)),
  )

/** Confirms an operation on all letters that the org has now. */
async function begin(orgId: string, action: 'replay' | 'drop'): Promise<number> {
  const { database } = parts.runtime
  const { letters, uptoId } = await readLetterExtent(database, { orgId })
  const asked = { action, orgId, uptoId, confirmed: letters, requestedBy: 'ops', requestedAt: new Date() }
  return insertBulkOperation(database, asked)
}

test('all that match are those of the confirmed page: later ones stay, and an abort stops it', async () => {
  await addLetters('bulk', 0, 250)
  const path = '/actions/dead-letters.bulk?action=drop&queue=repo-indexing&code=REPO_BROKEN'
  const form = await get(path, 'operator')
  expect(form.body).toContain('250 dead letters')
  await addLetters('bulk', 1_000, 1)
  const begun = await post('/actions/dead-letters.bulk', hiddenOf(form), 'operator')
  const outcome = await get(begun.headers.location as string, 'operator')
  const id = Number(/Operation (\d+) on 250 dead letters/.exec(outcome.body)?.[1])

  await workOffBatch(services(), id)
  const first = await findBulkOperation(parts.runtime.database, id)
  expect([first?.state, (first?.done ?? 0) > 0]).toEqual(['running', true])
  await perform(`/actions/operations.abort?id=${id}`, [], 'operator')
  await workOffBulkOperations(services(), new AbortController().signal)
  expect(await findBulkOperation(parts.runtime.database, id)).toMatchObject({ state: 'aborted', done: first?.done })
  await perform(`/actions/operations.resume?id=${id}`, [], 'operator')
  await Promise.all([1, 2].map(() => workOffBulkOperations(services(), new AbortController().signal)))
  expect(await findBulkOperation(parts.runtime.database, id)).toMatchObject({
    state: 'ended',
    confirmed: 250,
    done: 250,
    refused: 0,
  })
  const left = await parts.runtime.deadLetters.list({ code: 'REPO_BROKEN' })
  expect(left.map(({ jobId }) => jobId)).toEqual(['bulk-1000'])
  expect((await get(`/operation?id=${id}`)).body).toContain('ended')
})

/** The events beside an operation while it is worked off. */
const events = fc.array(
  fc.oneof(
    fc.record({ what: fc.constant('batch' as const) }),
    fc.record({ what: fc.constant('two at once' as const) }),
    fc.record({ what: fc.constant('killed' as const), after: fc.integer({ min: 0, max: 40 }) }),
    fc.record({
      what: fc.constant('somebody' as const),
      index: fc.nat(119),
      verb: fc.constantFrom('replay' as const, 'drop' as const),
    }),
    fc.record({ what: fc.constant('arrival' as const) }),
    fc.record({ what: fc.constant('abort and resume' as const) }),
  ),
  { minLength: 1, maxLength: 8 },
)

test('what was confirmed is done, each letter once, under kills, replays by others, arrivals and aborts', async () => {
  const { database, deadLetters } = parts.runtime
  let runs = 0
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('replay' as const, 'drop' as const),
      fc.integer({ min: 1, max: 120 }),
      events,
      async (action, count, happening) => {
        const orgId = `bulk-${++runs}`
        await addLetters(orgId, 0, count)
        const confirmed = (await readDeadLetters(database, { orgId, limit: 1_000 }))
          .map(({ id }) => id)
          .sort((a, b) => a - b)
        const id = await begin(orgId, action)
        const [others, late] = [new Set<number>(), new Set<number>()]
        for (const event of happening) {
          if (event.what === 'batch') await workOffBatch(services(), id)
          else if (event.what === 'two at once') await Promise.all([1, 2].map(() => workOffBatch(services(), id)))
          else if (event.what === 'killed') {
            let left = event.after
            const mortal = async (input: { ids: readonly number[]; by?: string }) => {
              if (left-- === 0) throw new Error('killed')
              return deadLetters[action](input) as never
            }
            // What it did so far is done, and its place is not kept.
            await workOffBatch({ ...services(), deadLetters: { replay: mortal, drop: mortal } }, id).catch(() => {})
          } else if (event.what === 'somebody') {
            const letter = confirmed[event.index % confirmed.length] as number
            await deadLetters[event.verb]({ ids: [letter], by: 'somebody' }).then(
              () => others.add(letter),
              () => {},
            )
          } else if (event.what === 'arrival') {
            await addLetters(orgId, 1_000 + late.size, 1)
            const [newest] = await readDeadLetters(database, { orgId, limit: 1 })
            late.add(newest?.id as number)
          } else {
            await switchBulkOperation(database, id, 'aborted')
            expect(await workOffBatch(services(), id)).toBe(false)
            await switchBulkOperation(database, id, 'running')
          }
        }
        while (await workOffBatch(services(), id));
        const own = confirmed.filter((letter) => !others.has(letter))
        expect(await findBulkOperation(database, id)).toMatchObject({
          state: 'ended',
          confirmed: count,
          done: own.length,
          refused: 0,
        })
        const letters = await findDeadLetters(database, [...confirmed, ...late])
        const by = (name: RegExp) =>
          letters.filter(({ resolvedBy }) => name.test(resolvedBy ?? '')).map((letter) => letter.id)
        expect(by(/^bulk /).sort((a, b) => a - b)).toEqual(own)
        expect(by(/^somebody$/).sort((a, b) => a - b)).toEqual([...others].sort((a, b) => a - b))
        expect(
          letters
            .filter(({ resolution }) => resolution === null)
            .map((letter) => letter.id)
            .sort(),
        ).toEqual([...late].sort())
      },
    ),
    { numRuns: 12 },
  )
})

test('an abort ends an operation on many letters within two seconds', async () => {
  await addLetters('abort', 0, 3_000)
  const id = await begin('abort', 'replay')
  const working = workOffBulkOperations(services(), new AbortController().signal)
  const find = () => findBulkOperation(parts.runtime.database, id)
  await until(find, (operation) => (operation?.done ?? 0) > 0)
  const abortedAtMs = performance.now()
  await switchBulkOperation(parts.runtime.database, id, 'aborted')
  await working
  expect(performance.now() - abortedAtMs).toBeLessThan(ABORT_MS)
  const { state, done = 0 } = (await find()) ?? {}
  expect([state, done < 3_000]).toEqual(['aborted', true])
  expect((await readLetterExtent(parts.runtime.database, { orgId: 'abort' })).letters).toBe(3_000 - done)
})
