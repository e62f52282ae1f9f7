import type { StoreFact } from '../shared/memory/memory-writes.ts'
import type { ApproveHeld } from '../shared/memory/quarantine.ts'
import type { createApproval } from '../workers/memory/reconciliation/approve-fact.ts'
import type { createFactWriter } from '../workers/memory/reconciliation/write-fact.ts'

/** Facts that an app writes or approves. The code that judges and compares them is loaded with the first one: most processes never write any. */
export function createFactWork(
  services: Parameters<typeof createApproval>[0] & Parameters<typeof createFactWriter>[0],
): { readonly approveHeld: ApproveHeld; readonly storeFact: StoreFact } {
  let approve: ApproveHeld | undefined
  let write: StoreFact | undefined
  return {
    async approveHeld(...given) {
      const { createApproval } = await import('../workers/memory/reconciliation/approve-fact.ts')
      approve ??= createApproval(services)
      return approve(...given)
    },
    async storeFact(...given) {
      const { createFactWriter } = await import('../workers/memory/reconciliation/write-fact.ts')
      write ??= createFactWriter(services)
      return write(...given)
    },
  }
}
