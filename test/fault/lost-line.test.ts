import { afterEach, expect, inject, it } from 'vitest'
import { turn } from '../helpers/memory/turns.ts'
import { findViolations } from './invariants.ts'
import { untilAtRest } from './rest.ts'
import { noteSettlements } from './settlements.ts'
import type { BookedTurn } from './traffic.ts'
import { type Lines, startWorld, type World } from './world/world.ts'

/** A router forgets a connection: it stays open on both sides and says nothing any more. New ones work. */

/** Shorter than a query or a health check takes to notice; those have their turn in the long rounds of `random-faults`. */
const DISCONNECTED_AFTER_MS = 2_000
const REST_TIMEOUT_MS = 45_000

let world: World
afterEach(() => world.stop())

it.for(['redis', 'store'] as const satisfies (keyof Lines)[])(
  'a worker whose line to the %s is lost in the middle of a job gets over it, if need be by starting again',
  async (service) => {
    world = await startWorld({
      workers: ['memory-digest'],
      pgliteTemplateDir: inject('pgliteTemplateDir'),
      config: { disconnectedAfterMs: DISCONNECTED_AFTER_MS },
    })
    await noteSettlements(world.database)
    const recorded: BookedTurn[] = []
    const record = async (number: number) => {
      const input = turn(number, { workstreamId: `ws-${number % 3}` })
      const begunMs = performance.now()
      await world.runtime.memory.recordTurn(input)
      recorded.push({ input, content: input.messages[0]?.content as string, begunMs, recordedMs: performance.now() })
    }
    world.model.behave({ delayMs: 200 })
    for (let number = 0; number < 9; number += 1) await record(number)
    await world.model.received(1, '/chat/completions')
    const line = (world.lines[0] as Lines)[service]
    line.freeze()
    line.restoreForNew()
    for (let number = 9; number < 18; number += 1) await record(number)
    const book = { recorded, refused: [], violations: [] }
    const found = [...(await untilAtRest(world, REST_TIMEOUT_MS)), ...(await findViolations(world, book))]
    // It need not end when enough of its connections to a PostgreSQL were opened afterwards.
    expect(found.filter((violation) => violation !== 'memory-digest-0 ended by itself (code 75, signal null)')).toEqual(
      [],
    )
  },
)
