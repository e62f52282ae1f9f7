import { type OpenTask, readOpenTasks } from '../../../shared/store/memories/open-tasks.ts'
import type { FencedTransaction } from '../../../shared/store/memories/org-fences.ts'
import { endMemories } from '../../../shared/store/memories/written-facts.ts'
import { taskMeantBy } from '../facts/done-tasks.ts'
import type { DoneTask } from '../facts/endings.ts'
import { isDue } from '../facts/event-end.ts'
import { saidIn } from '../local-rules/fact-attributes.ts'
import { ENDED_BY_TURN } from './end-named.ts'

/** Ends the tasks, and the events to come, of the same owner that speakers said were done or called off; each was said before, in another turn. */
export async function endDone(transaction: FencedTransaction, done: readonly DoneTask[], now: Date): Promise<void> {
  for (const ofOwner of Map.groupBy(done, ({ owner }) => JSON.stringify(owner)).values()) {
    const [{ owner }] = ofOwner as [DoneTask]
    const ended = tasksEndedBy(ofOwner, await readOpenTasks(transaction, owner))
    await endMemories(transaction, ended, { by: ENDED_BY_TURN, at: now })
  }
}

/** The ids of the tasks and events of one owner that are over by what its speakers said. */
export function tasksEndedBy(done: readonly DoneTask[], tasks: readonly OpenTask[]): number[] {
  const open = tasks.filter(({ kind, fact, isAhead }) => kind === 'task' || isAhead || isDue(saidIn(fact)))
  return done.flatMap((one) => {
    const before = open.filter(({ observedAt, turns }) => observedAt <= one.saidAt && !turns.includes(one.turn))
    return taskMeantBy(one, before)?.id ?? []
  })
}
