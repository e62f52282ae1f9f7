import { setTimeout } from 'node:timers/promises'
import { isAfterturnError } from '../../shared/errors.ts'
import type { TurnInput } from '../../shared/memory/recording/turn-input.ts'
import { STATES_HOME } from '../helpers/memory/home-answers.ts'
import type { Random } from './random.ts'
import type { World } from './world/world.ts'

/** Owns the app of a test: it records turns without pause, and keeps its own book of what it was told. */

/** A turn in the app's book. */
export type BookedTurn = {
  readonly input: TurnInput
  readonly content: string
  /** When the app first asked, and when it was told that the turn is recorded. */
  readonly begunMs: number
  recordedMs?: number
}

export type Book = {
  /** Turns of which the app was told that they are recorded. */
  readonly recorded: readonly BookedTurn[]
  /** Turns of which it was told that they are not, and which it did not ask for again. */
  readonly refused: readonly BookedTurn[]
  /** What the answers themselves had wrong. */
  readonly violations: readonly string[]
}

export const ORGS = ['acme', 'blue:bird', 'cäsar & co']
const WORKSTREAMS = ['support-42', 'a:b', 'thread/7', 'ü']
const GAP_MS: readonly [least: number, most: number] = [5, 60]
/** The app waits with new turns while so many are unanswered. */
const MAX_OPEN = 40
const REPEAT_AFTER_MS = 100
/** A call may be late by what a busy machine adds. */
const DEADLINE_SLACK_MS = 1_500

/** A workstream falls silent with this chance at each turn: what is pending then, no later turn wakes. */
const SHARE_ENDED = 0.15
const SHARE_SAME_CONTENT = 0.05
const SHARE_HOMES = 0.15
const SHARE_REPEATED = 0.15
const SHARE_OTHER_CONTENT = 0.03
const SHARE_EXTRACTED_NOW = 0.1
const SHARE_GIVEN_UP = 0.2
const SHARE_BACKFILL = 0.2

/** Records turns until `stop`, which waits for every answer and gives the book; none are recorded while `isHeld`. */
export function startTraffic(
  { runtime, config }: World,
  random: Random,
  isHeld: () => boolean = () => false,
): { stop(): Promise<Book> } {
  const { memory } = runtime
  const deadlineMs = Number(config.enqueueTimeoutMs) + DEADLINE_SLACK_MS
  const recorded: BookedTurn[] = []
  const refused: BookedTurn[] = []
  const violations: string[] = []
  const open = new Set<Promise<unknown>>()
  let isStopped = false
  const living = new Map<string, string>()
  const madeIn = new Map<string, number>()
  const homes = new Set<string>()

  /** A home that is stated again after another is a memory of its own; all else is one, however often it is said. So none is stated again. */
  const makeHome = (orgId: string): string => {
    const home = `${STATES_HOME}${word(random)} of ${orgId}.`
    if (homes.has(home)) return makeHome(orgId)
    homes.add(home)
    return home
  }

  /** Where the next turn of an org belongs. */
  const pickWorkstream = (orgId: string): string => {
    const name = random.pick(WORKSTREAMS)
    const key = JSON.stringify([orgId, name])
    const workstreamId = living.get(key) ?? `${name} ${madeIn.size}`
    if (random.isChance(SHARE_ENDED)) living.delete(key)
    else living.set(key, workstreamId)
    return workstreamId
  }

  /** Every call answers in time, and a failure is one of the catalogue. */
  const timed = async <T>(what: string, call: Promise<T>): Promise<{ result: T } | { error: unknown }> => {
    const startedMs = performance.now()
    const outcome = await call.then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    )
    const ms = Math.round(performance.now() - startedMs)
    if (ms > deadlineMs) violations.push(`${what} answered after ${ms} ms`)
    if ('error' in outcome && !isAfterturnError(outcome.error)) violations.push(`${what} failed with ${outcome.error}`)
    return outcome
  }

  const makeTurn = (): BookedTurn => {
    const orgId = random.pick(ORGS)
    const workstreamId = pickWorkstream(orgId)
    const key = JSON.stringify([orgId, workstreamId])
    const number = 1 + (madeIn.get(key) ?? 0)
    madeIn.set(key, number)
    const known = recorded.filter((turn) => turn.input.orgId === orgId && !turn.content.startsWith(STATES_HOME))
    const content = random.isChance(SHARE_HOMES)
      ? makeHome(orgId)
      : known.length > 0 && random.isChance(SHARE_SAME_CONTENT)
        ? random.pick(known).content
        : `I keep ${word(random)} and ${word(random)} in the ${word(random)} of ${orgId}.`
    return {
      // The same turnIds in every org and workstream: they are no business of one another.
      input: {
        orgId,
        workstreamId,
        turnId: `turn:${number}`,
        messages: [{ role: 'user', name: 'Maya', content }],
        priority: random.isChance(SHARE_BACKFILL) ? 'backfill' : 'live',
      },
      content,
      begunMs: performance.now(),
    }
  }

  const record = async (turn: BookedTurn, mayGiveUp: boolean): Promise<void> => {
    for (;;) {
      const outcome = await timed('recordTurn', memory.recordTurn(turn.input))
      if ('result' in outcome) {
        turn.recordedMs = performance.now()
        recorded.push(turn)
        return
      }
      if (!isAfterturnError(outcome.error, 'STORE_UNAVAILABLE'))
        violations.push(`recordTurn of a good turn failed: ${outcome.error}`)
      if (mayGiveUp && isAfterturnError(outcome.error) && outcome.error.recorded === 'no') {
        refused.push(turn)
        return
      }
      // Once it may have landed, only repeating it tells.
      mayGiveUp &&= isAfterturnError(outcome.error) && outcome.error.recorded === 'no'
      await setTimeout(REPEAT_AFTER_MS)
    }
  }

  const repeat = async ({ input, content }: BookedTurn): Promise<void> => {
    const outcome = await timed('recordTurn', memory.recordTurn(input))
    if ('result' in outcome && !outcome.result.deduplicated)
      violations.push(`${input.turnId} was recorded as new when it was repeated: ${content}`)
  }

  const contradict = async ({ input }: BookedTurn): Promise<void> => {
    const other = { ...input, messages: [{ role: 'user' as const, content: 'I never said that.' }] }
    const outcome = await timed('recordTurn', memory.recordTurn(other))
    if ('result' in outcome) violations.push(`${input.turnId} was recorded with other content`)
  }

  const extractNow = async ({ input: { orgId, workstreamId, turnId } }: BookedTurn): Promise<void> => {
    const outcome = await timed('extractNow', memory.extractNow({ orgId, workstreamId, turnId }))
    if ('error' in outcome && isAfterturnError(outcome.error, 'TURN_UNKNOWN'))
      violations.push(`${turnId} was recorded and is unknown`)
  }

  const act = async (turn: BookedTurn, mayGiveUp: boolean, isExtracted: boolean): Promise<void> => {
    await record(turn, mayGiveUp)
    if (isExtracted && turn.recordedMs !== undefined) await extractNow(turn)
  }

  const running = (async () => {
    while (!isStopped) {
      await setTimeout(random.between(...GAP_MS))
      if (open.size >= MAX_OPEN || isHeld()) continue
      const actions = [act(makeTurn(), random.isChance(SHARE_GIVEN_UP), random.isChance(SHARE_EXTRACTED_NOW))]
      if (recorded.length > 0 && random.isChance(SHARE_REPEATED)) actions.push(repeat(random.pick(recorded)))
      if (recorded.length > 0 && random.isChance(SHARE_OTHER_CONTENT)) actions.push(contradict(random.pick(recorded)))
      for (const action of actions) {
        const settled: Promise<void> = action.finally(() => open.delete(settled))
        open.add(settled)
      }
    }
  })()

  return {
    async stop() {
      isStopped = true
      await running
      await Promise.all(open)
      return { recorded, refused, violations }
    },
  }
}

/** One of some twenty thousand words. */
function word(random: Random): string {
  const syllables = ['ba', 'du', 'ki', 'lo', 'mer', 'no', 'pi', 'ra', 'sul', 'ti', 'vo', 'wen']
  return Array.from({ length: 4 }, () => random.pick(syllables)).join('')
}
