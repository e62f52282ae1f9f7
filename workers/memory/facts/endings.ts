import type { MemoryOwner } from '../../../shared/store/memories/memories.ts'
import type { TurnRow } from '../../../shared/store/turns/turns.ts'
import { forgetRequestsIn } from '../local-rules/forget-requests.ts'
import { type DoneSentence, doneSentencesIn } from './done-tasks.ts'
import { subjectOf } from './fact-subject.ts'
import { ownerOf } from './judge-facts.ts'

/** Owns what turns end without putting anything in its place, whichever model extracts them. */

/** What a speaker asks to forget: a memory of the same owner that was said before. */
export type Ending = {
  /** Row id. */
  readonly turn: number
  readonly saidAt: Date
  readonly owner: MemoryOwner
  /** The speaker, as subjects are compared. */
  readonly speakerKey: string | null
  readonly sentence: string
  readonly what: string
  readonly isAll: boolean
}

/** What users ask to forget in a turn, in order. */
export function endingsIn(turn: TurnRow, messages: TurnRow['messages']): Ending[] {
  return messages.flatMap(({ role, name, content }) => {
    if (role !== 'user') return []
    return forgetRequestsIn(content, name ?? role).map((request) => ({
      turn: turn.id,
      saidAt: turn.saidAt,
      owner: ownerOf(turn),
      speakerKey: subjectOf({ subject: 'user', fact: request.what, quote: request.sentence }, turn, messages)
        .subjectKey,
      ...request,
    }))
  })
}

/** What a user says was done or called off. */
export type DoneTask = Pick<Ending, 'turn' | 'saidAt' | 'owner'> & DoneSentence

/** What users say was done in a turn, in order. */
export function doneIn(turn: TurnRow, messages: TurnRow['messages']): DoneTask[] {
  return messages.flatMap(({ role, name, content }) => {
    if (role !== 'user') return []
    const said = { turn: turn.id, saidAt: turn.saidAt, owner: ownerOf(turn) }
    return doneSentencesIn(content, name ?? role).map((sentence) => ({ ...said, ...sentence }))
  })
}

/** Whether a quote of a turn lies in what its speaker asks to forget, or the other way round. */
export function isAskedToForget(quote: string, turn: number | undefined, endings: readonly Ending[]): boolean {
  return endings.some((one) => {
    if (one.turn !== turn || quote === '') return false
    return one.sentence.includes(quote) || quote.includes(one.sentence)
  })
}
