import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import * as fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { States } from '../../../shared/state/states.ts'
import { type Database, openDatabase } from '../../../shared/store/database.ts'
import { useModuleProcesses } from '../../helpers/processes/module-processes.ts'
import { useStore } from '../../helpers/services/store.ts'
import { bindTestStates } from '../../helpers/states.ts'

/** States beside a model that keeps every version whole, for any order of operations, by two processes. */

let database: Database
let orgId: string
const PROCESS = fileURLToPath(new URL('../../helpers/processes/states-process.ts', import.meta.url))
const store = useStore()
const processes = useModuleProcesses()
beforeAll(() => {
  database = openDatabase({ url: store.url, poolSize: 4 })
})
beforeEach(() => {
  orgId = `states-${crypto.randomUUID()}`
})
afterAll(() => database.destroy())

type Version = { readonly version: number; readonly state: unknown; label?: string | undefined }
type Model = { counter: number; versions: Version[] }
type Step = (states: States, model: Model, key: Key) => Promise<void>
type Key = { readonly orgId: string; readonly stateId: string }
const KEEP = 4

const words = fc.array(fc.constantFrom('alpha ', 'beta ', 'gamma delta ', 'the agent has said something '), {
  maxLength: 40,
})
const contents = fc.record({
  head: fc.nat(9),
  messages: fc.array(
    words.map((all) => all.join('')),
    { maxLength: 6 },
  ),
})
const pick = <T>(items: readonly T[], index: number): T | undefined => items[index % Math.max(1, items.length)]

function trim(model: Model): void {
  const newest = model.versions.slice(-KEEP)
  model.versions = model.versions.filter((one) => newest.includes(one) || one.label !== undefined)
}

function add(model: Model, state: unknown, label?: string): void {
  model.counter += 1
  for (const one of model.versions) if (label !== undefined && one.label === label) one.label = undefined
  model.versions.push({ version: model.counter, state, label })
  trim(model)
}

const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(contents, fc.option(fc.constantFrom('a', 'b'), { nil: undefined })).map(
      ([state, label]): Step =>
        async (states, model, key) => {
          const { version } = await states.save({ ...key, state, label, keepVersions: KEEP })
          add(model, state, label)
          expect(version).toBe(model.counter)
        },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.nat().map(
      (index): Step =>
        async (states, model, key) => {
          const old = pick(model.versions, index)
          if (!old) return
          await states.rollback({ ...key, toVersion: old.version })
          add(model, old.state)
        },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.nat().map(
      (index): Step =>
        async (states, model, key) => {
          const old = pick(model.versions, index)
          if (!old) return
          await states.deleteVersion({ ...key, version: old.version })
          model.versions = model.versions.filter((one) => one !== old)
        },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(), fc.constantFrom('a', 'b', null)).map(
      ([index, label]): Step =>
        async (states, model, key) => {
          const old = pick(model.versions, index)
          if (!old) return
          await states.label({ ...key, version: old.version, label })
          for (const one of model.versions) if (one.label === label) one.label = undefined
          old.label = label ?? undefined
        },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Step>(async (states, model, key) => {
      await states.delete(key)
      model.versions = []
    }),
  },
)

it('are what the model says, whatever was done to them', async () => {
  let runs = 0
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(steps, fc.boolean()), { minLength: 5, maxLength: 25 }), async (sequence) => {
      const key = { orgId, stateId: `state-${runs++}` }
      const model: Model = { counter: 0, versions: [] }
      const stores = [bindTestStates(database).states, bindTestStates(database, { stateCodec: 'zlib' }).states] as const
      for (const [step, isOther] of sequence) await step(stores[isOther ? 1 : 0], model, key)
      const reader = bindTestStates(database).states
      const listed = await reader.versions(key)
      expect(listed.map(({ version, label }) => [version, label])).toEqual(
        model.versions.map(({ version, label }) => [version, label]).reverse(),
      )
      for (const { version, state } of model.versions)
        expect((await reader.load({ ...key, version })).state).toEqual(state)
      for (const one of stores)
        if (model.versions.length > 0) expect((await one.load(key)).state).toEqual(model.versions.at(-1)?.state)
      // No frame is left that no version needs.
      const { rows } = await sql<{
        chain: number
      }>`select distinct f.chain from state_frames f join states s on s.id = f.state
        where s.org_id = ${orgId} and s.state_id = ${key.stateId} and not exists (
          select 1 from state_versions v where v.state = f.state and v.chain = f.chain)`.execute(database)
      expect(rows).toEqual([])
    }),
    { numRuns: 10, endOnFailure: true },
  )
  expect((await bindTestStates(database).states.verify({ orgId })).damaged).toEqual([])
})

it('survive writers that are killed at any moment: each version is whole or not there', async () => {
  const key = { orgId, stateId: 'counter' }
  for (let round = 0; round < 2; round++) {
    const children = [1, 2].map(() => processes.register(fork(PROCESS, [store.url, orgId, '3', '1000'])))
    const killAfter = 5 + Math.floor(Math.random() * 20)
    await Promise.all(
      children.map(
        (child) =>
          new Promise<void>((resolve) => {
            let updates = 0
            child.on('message', () => ++updates === killAfter && child.kill('SIGKILL'))
            child.on('exit', () => resolve())
          }),
      ),
    )
  }
  const { states } = bindTestStates(database)
  // The store may still be at what the killed ones asked last; after this that is too late.
  await states.update({ ...key, keepVersions: 5_000 }, (state) => ({ count: (state as { count: number }).count + 1 }))
  const { state, version } = await states.load(key)
  expect(state).toEqual({ count: version })
  expect((await states.versions({ ...key, limit: 1_000 })).map((one) => one.version)).toEqual(
    Array.from({ length: version }, (_, index) => version - index),
  )
  expect(await states.verify({ orgId })).toMatchObject({ versions: version, damaged: [] })
})
