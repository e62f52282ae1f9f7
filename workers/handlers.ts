import { applySettings, type QueueSettings } from '../queues/apply-settings.ts'
import { CATALOG, QUEUE_NAMES, type QueueName } from '../queues/catalog.ts'
import type { PayloadOf } from '../queues/define-queue.ts'
import { compactWorkstream } from './context/context-compaction.ts'
import type { ContextWorkServices } from './context/context-services.ts'
import { type FleetMember, fleetMember } from './fleet/fleet-member.ts'
import type { Handler } from './fleet/job-context.ts'
import { digestWorkstream } from './memory/memory-digest.ts'
import { extractTurn } from './memory/memory-extraction.ts'
import { reembedOrg } from './memory/memory-reembedding.ts'
import { reextractOrg } from './memory/memory-reextraction.ts'
import type { MemoryServices } from './memory/memory-services.ts'
import { indexRepo } from './repo/repo-indexing.ts'
import type { RepoServices } from './repo/repo-services.ts'

/** Every queue of the catalogue with its handler; a queue without one does not compile. */
type Handlers = { readonly [Name in QueueName]: Handler<PayloadOf<(typeof CATALOG)[Name]>> }

/** The members of the fleet that serve the given queues of the product; all of them by default. */
export function fleetMembers(
  services: MemoryServices & RepoServices & ContextWorkServices,
  settings: QueueSettings,
  queues: readonly QueueName[] = QUEUE_NAMES,
): FleetMember[] {
  const handlers: Handlers = {
    'memory-extraction': extractTurn(services),
    'memory-digest': digestWorkstream(services),
    'memory-reembedding': reembedOrg(services),
    'memory-reextraction': reextractOrg(services),
    'repo-indexing': indexRepo(services),
    'context-compaction': compactWorkstream(services),
  }
  return queues.map((name) =>
    fleetMember(applySettings(CATALOG[name], settings) as never, handlers[name] as Handler<never>),
  )
}
