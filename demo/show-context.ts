import { heading, printHanging } from '../cli/output/terminal.ts'
import type { Runtime } from '../runtime.ts'
import type { Transcript } from './transcript.ts'

/** Owns what the demo shows of compaction: what its longest conversation takes, whole and within half of that. */

/** A shorter one fits any window. */
const MIN_TOKENS = 600
const BUDGET_SHARE = 0.5
const PATIENCE_MS = 20_000
const POLL_MS = 100
const ALL_TOKENS = 10_000_000

/** Compacts the longest conversation to half of its tokens and shows what its context is made of; nothing when it is too short. */
export async function showContext(
  { context }: Runtime,
  { conversationId, turns }: Transcript,
  signal: AbortSignal,
): Promise<void> {
  const [longest] = [...Map.groupBy(turns, (turn) => turn.sessionId ?? 'conversation')].sort(
    ([, a], [, b]) => b.length - a.length,
  )
  if (!longest) return
  const scope = { orgId: conversationId, workstreamId: longest[0] }
  const whole = await context.load({ ...scope, budgetTokens: ALL_TOKENS })
  if (whole.tokens < MIN_TOKENS) return
  const budgetTokens = Math.ceil(whole.tokens * BUDGET_SHARE)
  const { jobId } = await context.compactNow({ ...scope, budgetTokens })
  let loaded = await context.load({ ...scope, budgetTokens })
  const endMs = performance.now() + PATIENCE_MS
  while (loaded.compaction === null && jobId !== null && performance.now() < endMs) {
    signal.throwIfAborted()
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    loaded = await context.load({ ...scope, budgetTokens })
  }
  const covered = loaded.parts.find(({ kind }) => kind === 'summary')
  const rest = loaded.parts.filter(({ kind }) => kind === 'raw').length
  heading('A conversation that outgrows its window')
  printHanging(
    2,
    '',
    `${whole.tokens.toLocaleString('en')} tokens load in ${loaded.tokens.toLocaleString('en')}, within a budget of ${budgetTokens.toLocaleString('en')}: ` +
      `${covered ? `a record of ${covered.messages} messages in ${covered.tokens.toLocaleString('en')} tokens, and ` : ''}${rest} messages as they are.`,
  )
}
