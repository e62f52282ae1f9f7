import { z } from 'zod'
import { REPLY_TOKENS } from '../ai/tokens/message-tokens.ts'
import { AfterturnError } from '../errors.ts'
import { idSchema, parseInput } from '../parse-input.ts'
import { type ContextState, readContextState, START } from '../store/conversations/compactions.ts'
import { readMessagesAt, readMessagesBefore, type StoredMessage } from '../store/conversations/conversations.ts'
import { pinnedPlaces } from '../store/conversations/system-pins.ts'
import { comparePlaces, type MessagePlace } from '../store/conversations/workstream-context.ts'
import type { Database } from '../store/database.ts'
import { readTokenRatio } from '../store/models/token-ratios.ts'
import type { WorkstreamKey } from '../store/turns/workstreams.ts'
import { chooseTail } from './choose-tail.ts'
import { assembleContext, type LoadedContext, omissionNote } from './loaded-context.ts'
import { formatMessageId } from './message-ids.ts'
import { alternateContext, wordedContext } from './requests/alternate-context.ts'
import { countToolTokens } from './requests/tool-tokens.ts'
import { type Showing, showMessages, shownTokens } from './shown-messages.ts'
import { showPins } from './shown-pins.ts'
import { coveredBy, summaryMessage } from './summary-message.ts'
import { createTokenCounter } from './token-counter.ts'

/**
 * Owns what a model is given of a conversation: pinned messages, what stands for the oldest, and the newest as they are. Guarantees: within the
 * budget; the same until a compaction flips, but for what was added at its end; no more messages are read than the budget can hold, and a page.
 */

export type LoadInput = {
  readonly orgId: string
  readonly workstreamId: string
  /** What the messages may take, in tokens of the model, the beginning of its answer included. */
  readonly budgetTokens: number
  /** The model that they are for: it decides how tokens are counted. @default the setting `completionModel` */
  readonly model?: string | undefined
  /** Definitions of tools that go with the messages: what they take is taken off the budget. */
  readonly tools?: readonly object[] | undefined
  /**
   * The API for which the messages must be valid: OpenAI's chat API and those like it; templates that take the user and the assistant in turns; or another API,
   * of whose form they are then, with what it wants back as it came: thoughts, signatures, ids. @default 'openai'
   */
  readonly target?: ContextTarget | undefined
}

export type ContextTarget = (typeof CONTEXT_TARGETS)[number]
/** The APIs whose own form a context can have beside that of the chat API; each keeps what its converter kept. */
export type ForeignTarget = Exclude<ContextTarget, 'openai' | 'strict-alternation'>

export const CONTEXT_TARGETS = [
  'openai',
  'strict-alternation',
  'anthropic',
  'responses',
  'ai-sdk',
  'ai-sdk-ui',
  'gemini',
] as const

export type ContextServices = {
  readonly config: { readonly completionModel: string; readonly contextOffloadTokens: number }
  readonly database: Database
}

export const MAX_BUDGET_TOKENS = 10_000_000
const PAGE_ROWS = 100
const MAX_TOOLS = 1_024
/** What a summary may take of the room where it and the raw messages do not both fit. */
const SUMMARY_SHARE = 0.5
/** The longest note that can be: what it takes is kept free. */
const LONGEST_NOTE = omissionNote(999_999, { from: [999_999, 99_999], before: [999_999, 99_999] })

const loadSchema = z.strictObject({
  orgId: idSchema,
  workstreamId: idSchema,
  budgetTokens: z.number().int().min(1).max(MAX_BUDGET_TOKENS),
  model: z.string().min(1).max(200).optional(),
  tools: z.array(z.looseObject({})).max(MAX_TOOLS).optional(),
  target: z.enum(CONTEXT_TARGETS).optional(),
})

/** Tries to make a context fit that took more once its roles were made to alternate. */
const MAX_TRIES = 4

/**
 * Loads a conversation within a budget.
 * @throws INPUT_INVALID, WORKSTREAM_UNKNOWN; CONTEXT_TOO_SMALL when the pinned messages and the tools alone take more, saying by how much.
 */
export async function loadContext(services: ContextServices, input: LoadInput): Promise<LoadedContext> {
  const { budgetTokens, model, tools = [], target = 'openai', ...scope } = parseInput(loadSchema, input, 'load')
  const { database, config } = services
  const named = model ?? config.completionModel
  const counter = await createTokenCounter(named, await readTokenRatio(database, named))
  const toolTokens = countToolTokens(tools, counter)
  const kept = target === 'openai' || target === 'strict-alternation' ? undefined : target
  for (let reserve = toolTokens, tries = 1; ; tries++) {
    const state = await readContextState(database, scope)
    if (!state) throw unknownWorkstream(scope.workstreamId)
    const { offload } = state.compaction ?? { offload: START }
    const showing: Showing = { offload, offloadTokens: config.contextOffloadTokens, counter, kept }
    const loaded = await loadWithin(database, scope, { state, showing, budgetTokens, reserve })
    if (target !== 'gemini' && target !== 'anthropic' && target !== 'strict-alternation')
      return { ...loaded, toolTokens }
    const inForm = target === 'gemini' ? wordedContext(loaded, counter) : alternateContext(loaded, target, counter)
    const shaped = { ...inForm, toolTokens }
    const over = shaped.tokens + toolTokens - budgetTokens
    if (over <= 0 || tries === MAX_TRIES) return shaped
    reserve += over
  }
}

type Loading = {
  readonly state: ContextState
  readonly showing: Showing
  readonly budgetTokens: number
  /** Tokens of the budget that are taken already. */
  readonly reserve: number
}

async function loadWithin(
  database: Database,
  scope: WorkstreamKey,
  { state, showing, budgetTokens, reserve }: Loading,
): Promise<Omit<LoadedContext, 'toolTokens'>> {
  const { counter } = showing
  const { cut } = state.compaction ?? { cut: START }
  const forMessages = budgetTokens - reserve - REPLY_TOKENS
  const pinned = await readMessagesAt(database, scope, pinnedPlaces(state.pins))
  const shownPins = showPins(state.pins, pinned, forMessages, showing)
  const pins = pinned.filter(({ place }) => shownPins.byId.has(formatMessageId(place)))
  const pinTokens = sumOf(pins, (pin) => shownTokens(pin, showing))
  const room = forMessages - shownPins.tokens
  if (room < 0) throw tooSmall(budgetTokens, -room)

  const isPinned = ({ place }: StoredMessage) => pins.some((pin) => comparePlaces(pin.place, place) === 0)
  const tail = await readTail(database, scope, { cut, end: state.end, room, isPinned, showing })
  const rowsRead = pins.length + tail.rowsRead
  const covered = coveredBy(state, pins)
  const whole = covered && summaryMessage(state.compaction, covered, Number.POSITIVE_INFINITY, counter)
  const assemble = (
    parts: Omit<
      Parameters<typeof assembleContext>[0],
      'state' | 'pins' | 'shownPins' | 'messages' | 'rowsRead' | 'showing'
    >,
  ) => assembleContext({ state, pins, shownPins, messages: tail.messages, rowsRead, showing, ...parts })
  if (tail.isWhole) {
    const shown = showMessages(tail.messages, showing)
    const taken = sumOf(shown, ({ source, tokens }) => (isPinned(source) ? 0 : tokens))
    if (taken + (whole?.tokens ?? 0) <= room) return assemble({ summary: whole, shown, first: 0, hasNote: false })
  }

  const most = Math.floor(room * SUMMARY_SHARE)
  const short = whole && whole.tokens > most ? summaryMessage(state.compaction, whole.covered, most, counter) : whole
  // One that does not fit at its shortest is left out, and what it covers with it.
  const summary = short && short.tokens <= room ? short : undefined
  const left = room - (summary?.tokens ?? 0)
  const noteTokens = counter.message(LONGEST_NOTE)
  const hasNote = noteTokens <= left
  const rawTokens = state.liveTokens - (state.compaction?.summaryTokens ?? 0) - pinTokens
  const tailRoom = { room: hasNote ? left - noteTokens : left, rawTokens, isPinned }
  return assemble({ summary, ...chooseTail(tail.messages, tailRoom, showing), hasNote })
}

/** The error of a workstream that has no turns. */
export function unknownWorkstream(workstreamId: string): AfterturnError {
  return new AfterturnError(
    'WORKSTREAM_UNKNOWN',
    `Nothing is recorded in the workstream ${JSON.stringify(workstreamId)}.`,
  )
}

function tooSmall(budgetTokens: number, missing: number): AfterturnError {
  return new AfterturnError(
    'CONTEXT_TOO_SMALL',
    `The budget of ${budgetTokens} tokens is ${missing} too small: the system prompt and the first message of the user, which always stay, and the tools take ${budgetTokens + missing}.`,
  )
}

type TailReading = {
  readonly cut: MessagePlace
  /** Where the conversation ended when its state was read: what has come since does not belong to it. */
  readonly end: MessagePlace
  readonly room: number
  isPinned(source: StoredMessage): boolean
  readonly showing: Showing
}

/** The newest messages, the oldest first, until they surely take more than the room or all were read. */
export async function readTail(
  database: Database,
  scope: WorkstreamKey,
  { cut, end, room, isPinned, showing }: TailReading,
): Promise<{ messages: StoredMessage[]; isWhole: boolean; rowsRead: number }> {
  const newestFirst: StoredMessage[] = []
  let tokens = 0
  for (;;) {
    const page = await readMessagesBefore(database, scope, newestFirst.at(-1)?.place ?? end, {
      from: cut,
      limit: PAGE_ROWS,
    })
    newestFirst.push(...page)
    tokens += sumOf(page, (source) => (isPinned(source) ? 0 : shownTokens(source, showing)))
    const isWhole = page.length < PAGE_ROWS
    if (isWhole || tokens > room) return { messages: newestFirst.reverse(), isWhole, rowsRead: newestFirst.length }
  }
}

export function sumOf<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0)
}
