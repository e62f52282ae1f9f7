import { createHash } from 'node:crypto'
import { type ModelUsage, NO_USAGE } from '../../../shared/ai/model-provider.ts'
import type { ModelTask } from '../../../shared/ai/model-task.ts'
import { refuseErasedTurns } from '../../../shared/store/erasing/erasures.ts'
import { readCheckpoint, saveCheckpoint } from '../../../shared/store/models/model-checkpoints.ts'
import { addToLedger } from '../../../shared/store/models/usage-ledger.ts'
import type { MemoryServices } from '../memory-services.ts'

/**
 * Owns asking a model about turns so that a retry is not a second bill: the answer is kept before anything of it is written, by the hash of
 * exactly what was asked. That also makes a retry idempotent, which models are not. The local rules are free and never kept.
 */

/** What is to be booked, and how many inputs were not paid for. */
export type CachedUsage = { readonly usage: ModelUsage; readonly cacheHits: number }

export const NO_CACHED_USAGE: CachedUsage = { usage: NO_USAGE, cacheHits: 0 }

type Question<Input, Output> = {
  readonly orgId: string
  readonly task: ModelTask<Input, Output>
  readonly input: Input
  /** Row ids of the turns whose words the answer may hold. */
  readonly turns: readonly number[]
  /** No answer about them is kept: none is looked for. @default false */
  readonly isNew?: boolean
  /** What may be kept of an answer: no secret, and nothing that no database takes. */
  clean(output: Output): Output
  readonly signal: AbortSignal
}

/** The answer, bought or replayed. What it cost goes into the ledger when the checkpoint is dropped, or now if there is none; it is told for the rules only. */
export async function answerOnce<Input, Output>(
  { provider, completer, database, clock }: Pick<MemoryServices, 'provider' | 'completer' | 'database' | 'clock'>,
  { orgId, task, input, turns, isNew = false, clean, signal }: Question<Input, Output>,
): Promise<CachedUsage & { readonly output: Output }> {
  const key = { orgId, inputHash: hashInput(provider.completionModel, task, input) }
  const isKept = !provider.isFree
  const kept = isKept && !isNew ? await readCheckpoint(database, key) : undefined
  const replayed = kept && task.output.safeParse(kept.output)
  if (kept && replayed?.success) return { output: replayed.data, usage: NO_USAGE, cacheHits: 0 }
  const { usage, isCached, ...completion } = await completer.complete(orgId, task, input, {
    signal,
    beforeBuy: () => refuseErasedTurns(database, orgId, turns),
  })
  const output = clean(completion.output)
  const cacheHits = isCached ? 1 : 0
  if (!isKept) return { output, usage, cacheHits }
  const at = clock.now()
  const isCheckpoint = await saveCheckpoint(database, key, { output, usage, task: task.name, turns, at })
  if (!isCheckpoint && usage.calls > 0) await addToLedger(database, orgId, at, [{ task: task.name, usage }])
  return { output, usage: NO_USAGE, cacheHits }
}

function hashInput<Input, Output>(model: string, task: ModelTask<Input, Output>, input: Input): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([model, task.name, task.version, task.prompt(input)]))
    .digest()
}
