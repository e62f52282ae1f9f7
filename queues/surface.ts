import type { ApiKeys } from '../shared/access/api-keys.ts'
import type { Context } from '../shared/context/context.ts'
import type { DeadLetters } from '../shared/control/dead-letters.ts'
import type { KillSwitch } from '../shared/control/kill-switch.ts'
import type { Events } from '../shared/events/events.ts'
import type { Executions } from '../shared/events/executions.ts'
import type { Progress } from '../shared/events/progress.ts'
import type { MemoryExport } from '../shared/memory/export-memory.ts'
import type { Forgetting } from '../shared/memory/forgetting.ts'
import type { MemoryApi } from '../shared/memory/memory.ts'
import type { MemoryWrites } from '../shared/memory/memory-writes.ts'
import type { Quarantine } from '../shared/memory/quarantine.ts'
import type { ReextractionApi } from '../shared/memory/reextraction.ts'
import type { Messages } from '../shared/messages/messages.ts'
import type { Repos } from '../shared/repo/repos.ts'
import type { States } from '../shared/state/states.ts'
import type { Jobs } from './jobs.ts'

/** The parts of a runtime that programs reach: operations call them, and the client has them over HTTP. A new part is added here, once. */
export type Surface = {
  readonly memory: MemoryApi &
    MemoryWrites &
    Forgetting &
    MemoryExport &
    ReextractionApi & { readonly quarantine: Quarantine }
  readonly context: Context
  readonly repos: Repos
  readonly events: Pick<Events, 'publish' | 'read' | 'readOrg'>
  readonly executions: Executions
  readonly progress: Pick<Progress, 'report'>
  readonly messages: Messages
  readonly states: States
  readonly jobs: Jobs
  readonly killSwitch: KillSwitch
  readonly deadLetters: DeadLetters
  readonly keys: ApiKeys
}
