import { z } from 'zod'
import { limitCacheMarks } from '../formats/cache-marks.ts'
import { placedInAiSdk } from '../formats/to-ai-sdk.ts'
import { placedInAiSdkUi } from '../formats/to-ai-sdk-ui.ts'
import {
  type AnthropicBlock,
  type AnthropicMessage,
  type AnthropicRequest,
  placedInAnthropic,
} from '../formats/to-anthropic.ts'
import { type GeminiContent, placedInGemini } from '../formats/to-gemini.ts'
import { placedInResponses } from '../formats/to-responses.ts'
import { idSchema, parseInput } from '../parse-input.ts'
import { wantCompaction } from '../store/conversations/compactions.ts'
import type { WorkstreamKey } from '../store/turns/workstreams.ts'
import { withStoreErrors } from '../store/with-store-errors.ts'
import { type Expanded, type ExpandInput, expandContext } from './expand-context.ts'
import {
  type ContextServices,
  type ForeignTarget,
  type LoadInput,
  loadContext,
  MAX_BUDGET_TOKENS,
  unknownWorkstream,
} from './load-context.ts'
import type { LoadedContext } from './loaded-context.ts'

/**
 * The contexts of conversations, as apps read them. Every call is scoped by org in its type.
 * In addition to the errors named, each call throws the codes of the store (STORE_…), and RUNTIME_CLOSED after `disconnect()`.
 */
export type Context = {
  /**
   * Loads a conversation as messages for a model, within a token budget: pinned messages, a summary of the oldest, the newest unchanged. Works before,
   * during and after a compaction; between two compactions, messages stay the same and new ones are only added, so that a provider's prompt cache hits.
   * For Anthropic, name its types: `load<Anthropic.MessageParam, string | Anthropic.TextBlockParam[]>(…)`; for the Responses API and the AI SDK their
   * one type: `load<OpenAI.Responses.ResponseInputItem>(…)`, `load<ModelMessage>(…)`, `load<UIMessage>(…)`; for Gemini `load<Content>(…)`.
   * @throws INPUT_INVALID, WORKSTREAM_UNKNOWN; CONTEXT_TOO_SMALL if the pinned messages alone exceed the budget
   */
  load<Message = AnthropicMessage, System = string | AnthropicBlock[]>(
    input: LoadInput & { readonly target: 'anthropic' },
  ): Promise<AnthropicContext<Message, System>>
  load<Message = Record<string, unknown>>(
    input: LoadInput & { readonly target: Exclude<ForeignTarget, 'anthropic'> },
  ): Promise<ForeignContext<Message>>
  load(input: LoadInput & { readonly target?: 'openai' | 'strict-alternation' }): Promise<LoadedContext>
  /**
   * Returns the raw messages behind a part of a loaded context, by its id, one page at a time.
   * @throws INPUT_INVALID, WORKSTREAM_UNKNOWN
   */
  expand(input: ExpandInput): Promise<Expanded>
  /**
   * Requests a compaction now, and closes the workstream's breaker. Nothing happens while the conversation takes less than half of the budget.
   * Once the store has the request, it will be carried out, even if no wake-up could be queued (`jobId` is null).
   * @default budgetTokens: the share of the window at which compactions start by themselves
   * @throws INPUT_INVALID, WORKSTREAM_UNKNOWN
   */
  compactNow(input: WorkstreamKey & { budgetTokens?: number }): Promise<{ jobId: string | null }>
}

/** A context as a request of Anthropic's API, of the types that its SDK has; a part that is in `system` has no message. */
export type AnthropicContext<Message = AnthropicMessage, System = string | AnthropicBlock[]> = Omit<
  LoadedContext,
  'messages'
> &
  AnthropicRequest<Message, System>

/** A context as messages of another API, of the type that its SDK has; `system` is Gemini's `systemInstruction`. */
export type ForeignContext<Message> = Omit<LoadedContext, 'messages'> & {
  readonly messages: Message[]
  readonly system?: string | GeminiContent
}

type ContextApiServices = ContextServices & {
  readonly compactFromTokens: number
  /** Answers the job's id; null when none could be queued. */
  wakeCompaction(workstream: WorkstreamKey): Promise<string | null>
}

const compactSchema = z.strictObject({
  orgId: idSchema,
  workstreamId: idSchema,
  budgetTokens: z.number().int().min(1).max(MAX_BUDGET_TOKENS).optional(),
})

const PLACED = {
  responses: placedInResponses,
  'ai-sdk': placedInAiSdk,
  'ai-sdk-ui': placedInAiSdkUi,
  gemini: placedInGemini,
} satisfies Record<Exclude<ForeignTarget, 'anthropic'>, unknown>

async function loadFor(services: ContextServices, { target = 'openai', ...input }: LoadInput) {
  const loaded = await loadContext(services, { ...input, target })
  if (target === 'openai' || target === 'strict-alternation')
    return { ...loaded, messages: limitCacheMarks(loaded.messages) }
  const { indexOf, ...request } = target === 'anthropic' ? markedRequest(loaded) : PLACED[target](loaded.messages)
  const parts = loaded.parts.map((part) => ({
    ...part,
    message: part.message === null ? null : (indexOf[part.message] ?? null),
  }))
  return { ...loaded, ...request, parts }
}

/** A request of Anthropic's API with no more marks of its cache than it takes. */
function markedRequest(loaded: LoadedContext): ReturnType<typeof placedInAnthropic> {
  const { system, messages, indexOf } = placedInAnthropic(loaded.messages)
  const [first, ...rest] = limitCacheMarks([{ role: 'system' as const, content: system ?? [] }, ...messages])
  return { ...(system !== undefined && { system: first?.content ?? system }), messages: rest, indexOf }
}

/** Binds the functions of the context to a runtime's services. */
export function bindContext(services: ContextApiServices): Context {
  return {
    load: ((input: LoadInput) => withStoreErrors(loadFor(services, input))) as Context['load'],
    expand: (input) => withStoreErrors(expandContext(services, input)),
    async compactNow(input) {
      const { budgetTokens = services.compactFromTokens, ...scope } = parseInput(compactSchema, input, 'compaction')
      if (!(await withStoreErrors(wantCompaction(services.database, scope, budgetTokens))))
        throw unknownWorkstream(scope.workstreamId)
      return { jobId: await services.wakeCompaction(scope) }
    },
  }
}
