import type { TurnInput } from '../../../shared/memory/recording/turn-input.ts'

/** A turn with one fact in it, different for each number; the org's, whoever speaks, unless it is somebody's. */
export function turn(number: number, overrides: Partial<TurnInput> = {}): TurnInput {
  return {
    orgId: 'org',
    workstreamId: 'ws',
    turnId: `turn-${number}`,
    messages: [{ role: 'user', name: 'Maya', content: `I moved to house number ${number} in Lisbon.` }],
    ...((overrides.userId ?? overrides.agentId) ? {} : { scope: 'org' }),
    ...overrides,
  }
}
