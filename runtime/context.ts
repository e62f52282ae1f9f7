import { type Context, createContext as createBareContext } from '../shared/context/context.ts'
import { compactFromTokens } from '../shared/settings/context-settings.ts'
import type { Foundation } from './foundation.ts'
import type { Queueing } from './queueing.ts'

/** What apps read of a conversation's context. */
export function createContext(foundation: Foundation, { scheduleCompaction }: Queueing): Context {
  const { config, log } = foundation
  return createBareContext({
    ...foundation,
    compactFromTokens: compactFromTokens(config),
    wakeCompaction: (workstream) =>
      scheduleCompaction(workstream).catch((error: Error) => {
        log.warn({ ...workstream, error: error.message }, 'no wake-up could be queued; the sweeper will add it')
        return null
      }),
  })
}
