import type { KillSwitchStatus } from '../../shared/control/kill-switch.ts'
import type { MemoryStatus } from '../../shared/memory/memory.ts'
import { type FleetProcess, readProcesses } from '../../shared/store/console/fleet-rows.ts'
import type { WaitingWorkstream } from '../../shared/store/console/org-places.ts'
import { describeScope } from '../../shared/store/control/kill-switches.ts'
import { readInTime } from '../../shared/store/with-store-errors.ts'
import { type Html, html } from '../html.ts'
import { capitalised, formatAge, masked, several } from '../view/texts.ts'
import type { ConsoleServices } from './console-services.ts'
import { readModelPause } from './model-pause.ts'
import type { OrgLine } from './org-lines.ts'

/** Why turns of an org wait: each reason that holds now, the gravest first; what halts the org also while none waits. */

/** A process that was silent for longer does not work. */
export const SILENT_AFTER_MS = 60_000
const MAX_PROCESSES = 1_000
/** The queues without which no turn is extracted. */
const EXTRACTING = ['memory-digest', 'memory-extraction']

type Findings = {
  readonly orgId: string
  readonly waiting: readonly WaitingWorkstream[]
  readonly status: Pick<MemoryStatus, 'turns' | 'oldestFailure' | 'budget'>
  readonly lines: readonly OrgLine[]
  readonly halts: KillSwitchStatus
  readonly now: Date
}

/** The reasons, as lines with links. */
export async function findReasons(services: ConsoleServices, findings: Findings): Promise<Html[]> {
  const { orgId, waiting, status, lines, halts, now } = findings
  const reasons: Html[] = []
  const own = halts.switches.filter((one) => one.orgId === undefined || one.orgId === orgId)
  for (const { by, reason, ...scope } of own)
    reasons.push(
      html`<a href="/control">${capitalised(describeScope(scope))} is halted</a> by ${by}${reason === '' ? '' : `: ${masked(reason)}`}`,
    )
  if (halts.redisValue !== undefined)
    reasons.push(html`<a href="/control">Everything is halted</a> by the Redis key of the kill switch`)
  if (status.turns.pending === 0) return reasons
  const processes = await readInTime(
    readProcesses(services.database, new Date(now.getTime() - SILENT_AFTER_MS), MAX_PROCESSES),
  )
  for (const queue of unserved(processes, EXTRACTING))
    reasons.push(html`<a href="/fleet">No worker serves ${queue}</a>`)
  if (status.budget?.isSpent)
    reasons.push(
      html`<a href="/costs">What the org may spend today is spent</a>: it waits until ${status.budget.resetsAt.toISOString().slice(0, 16)}`,
    )
  const pausedUntil = await readModelPause(services, 'completion').catch(() => undefined)
  if (pausedUntil)
    reasons.push(
      html`<a href="/limits">The model is paused</a> for another ${formatAge(pausedUntil.getTime() - now.getTime())}`,
    )
  if (status.oldestFailure)
    reasons.push(
      html`The oldest was tried and failed, as <code>${status.oldestFailure.code}</code>: ${masked(status.oldestFailure.reason)}`,
    )
  for (const { queue, holders, waiting: inLine } of lines)
    if (inLine > 0)
      reasons.push(
        html`Its slots of ${queue} are taken: ${several(holders, 'job')} run, ${several(inLine, 'job')} stand in line`,
      )
  const due = waiting.filter(({ dueAt }) => dueAt !== null && dueAt <= now)
  const next = waiting.map(({ dueAt }) => dueAt).filter((at) => at !== null && at > now) as Date[]
  if (due.length > 0)
    reasons.push(
      html`${several(due.length, 'digest is', 'digests are')} due and not done yet: behind others in the queue, or running`,
    )
  else if (next.length > 0) {
    const first = Math.min(...next.map((at) => at.getTime()))
    reasons.push(
      html`The next digest is due in ${formatAge(first - now.getTime())}: a conversation is digested once it is quiet`,
    )
  }
  return reasons
}

/** Which of these queues no living process serves. */
export function unserved(processes: readonly FleetProcess[], queues: readonly string[]): string[] {
  const served = new Set(processes.flatMap((process) => process.queues.map(({ queue }) => queue)))
  return queues.filter((queue) => !served.has(queue))
}
