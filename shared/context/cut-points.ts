import type { StoredMessage } from '../store/conversations/conversations.ts'
import { comparePlaces, type MessagePlace } from '../store/conversations/workstream-context.ts'

/** Owns where a conversation may be cut: never between a call and its results. `messages` reach to its end, the oldest first. */

type Tied = Pick<StoredMessage, 'place' | 'call'>

/** Whether one may cut before each of the messages, and at the end. */
export function legalCuts(messages: readonly Tied[]): boolean[] {
  const legal: boolean[] = Array(messages.length + 1)
  legal[messages.length] = true
  let earliestCall: MessagePlace | undefined
  for (let index = messages.length - 1; index >= 0; index--) {
    const { place, call } = messages[index] as Tied
    if (call && (!earliestCall || comparePlaces(call, earliestCall) < 0)) earliestCall = call
    legal[index] = !earliestCall || comparePlaces(earliestCall, place) >= 0
  }
  return legal
}

/** The first legal cut at or after an index. */
export function legalCutFrom(legal: readonly boolean[], index: number): number {
  return legal.indexOf(true, index)
}
