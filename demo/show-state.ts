import { zstdCompressSync } from 'node:zlib'
import { heading, printHanging } from '../cli/output/terminal.ts'
import type { Runtime } from '../runtime.ts'
import type { Transcript } from './transcript.ts'

/** Owns what the demo shows of states: an agent's state in versions, what these cost beside full copies, and a rollback. */

const VERSIONS = 40

/** Saves the state of an agent after each message of a conversation, and rolls it back by half; nothing when there are no messages. */
export async function showState({ states }: Runtime, { conversationId, turns }: Transcript): Promise<void> {
  const messages = turns.flatMap((turn) => turn.messages)
  if (messages.length === 0) return
  const key = { orgId: conversationId, stateId: 'demo-agent', keepVersions: VERSIONS }
  let copyBytes = 0
  for (let step = 1; step <= VERSIONS; step++) {
    const seen = Array.from({ length: messages.length + step }, (_, index) => messages[index % messages.length])
    const state = { step, messages: seen.map((message) => JSON.parse(JSON.stringify(message))) }
    await states.save({ ...key, state })
    copyBytes += zstdCompressSync(JSON.stringify(state)).length
  }
  const { versions, storedBytes } = await states.stats({ orgId: conversationId })
  const { orgId, stateId } = key
  const back = await states.rollback({ orgId, stateId, toVersion: VERSIONS / 2 })
  const { state } = await states.load({ orgId, stateId })
  heading("An agent's state in versions")
  printHanging(
    2,
    '',
    `${versions} versions take ${storedBytes.toLocaleString('en')} bytes; as compressed copies they would take ${copyBytes.toLocaleString('en')}. ` +
      `Rolled back to step ${(state as { step: number }).step}, which is version ${back.version} now.`,
  )
}
