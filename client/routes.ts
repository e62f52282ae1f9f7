/** Written by `npm run docs` from the operations of the API: where each function of the client is. */
export type ClientRoute = {
  readonly method: string
  readonly path: string
  readonly returns?: string
  readonly isPaged?: boolean
  readonly isStream?: boolean
  readonly times: readonly string[]
}

export const ROUTES: { readonly [name: string]: ClientRoute } = {
  "memory.extractNow": {"method":"POST","path":"/v1/orgs/{orgId}/workstreams/{workstreamId}/turns/{turnId}/extract","times":[]},
  "memory.recordTurn": {"method":"PUT","path":"/v1/orgs/{orgId}/workstreams/{workstreamId}/turns/{turnId}","times":["digestDueAt"]},
  "memory.turnStatus": {"method":"GET","path":"/v1/orgs/{orgId}/workstreams/{workstreamId}/turns/{turnId}","times":["at","recordedAt","settledAt"]},
  "memory.add": {"method":"POST","path":"/v1/orgs/{orgId}/memory","times":[]},
  "memory.quarantine.approve": {"method":"POST","path":"/v1/orgs/{orgId}/held-memories/{memoryId}/approve","times":[]},
  "memory.forget": {"method":"DELETE","path":"/v1/orgs/{orgId}/memory/{memoryId}","times":[]},
  "memory.quarantine.list": {"method":"GET","path":"/v1/orgs/{orgId}/held-memories","returns":"memories","isPaged":true,"times":["memories.*.observedAt","memories.*.validFrom","memories.*.validTo","memories.*.sources.*.at","memories.*.reviewedAt"]},
  "memory.list": {"method":"GET","path":"/v1/orgs/{orgId}/memory","returns":"memories","isPaged":true,"times":["memories.*.observedAt","memories.*.validFrom","memories.*.validTo","memories.*.sources.*.at"]},
  "memory.history": {"method":"GET","path":"/v1/orgs/{orgId}/memory/{memoryId}/history","times":["memory.observedAt","memory.validFrom","memory.validTo","memory.sources.*.at","replaced.*.observedAt","replaced.*.validFrom","replaced.*.validTo","replaced.*.sources.*.at","replacedBy.*.observedAt","replacedBy.*.validFrom","replacedBy.*.validTo","replacedBy.*.sources.*.at","createdAt","reviewedAt"]},
  "memory.promptBlock": {"method":"POST","path":"/v1/orgs/{orgId}/memory/block","times":[]},
  "memory.quarantine.reject": {"method":"POST","path":"/v1/orgs/{orgId}/held-memories/{memoryId}/reject","times":[]},
  "memory.search": {"method":"POST","path":"/v1/orgs/{orgId}/memory/search","times":["memories.*.observedAt","memories.*.validFrom","memories.*.validTo","memories.*.sources.*.at","turns.*.at"]},
  "memory.update": {"method":"PATCH","path":"/v1/orgs/{orgId}/memory/{memoryId}","times":[]},
  "context.compactNow": {"method":"POST","path":"/v1/orgs/{orgId}/workstreams/{workstreamId}/context/compact","times":[]},
  "context.expand": {"method":"GET","path":"/v1/orgs/{orgId}/workstreams/{workstreamId}/context/{id}","times":["messages.*.at"]},
  "context.load": {"method":"POST","path":"/v1/orgs/{orgId}/workstreams/{workstreamId}/context","times":[]},
  "repos.symbols": {"method":"GET","path":"/v1/orgs/{orgId}/symbols","returns":"symbols","times":[]},
  "repos.index": {"method":"PUT","path":"/v1/orgs/{orgId}/repos/{repoId}","times":[]},
  "repos.list": {"method":"GET","path":"/v1/orgs/{orgId}/repos","returns":"repos","times":[]},
  "repos.outline": {"method":"GET","path":"/v1/orgs/{orgId}/repos/{repoId}/outline","returns":"outline","times":[]},
  "repos.remove": {"method":"DELETE","path":"/v1/orgs/{orgId}/repos/{repoId}","returns":"removed","times":[]},
  "repos.status": {"method":"GET","path":"/v1/orgs/{orgId}/repo-status","returns":"refs","times":["refs.*.requestedAt","refs.*.indexedAt"]},
  "repos.search": {"method":"POST","path":"/v1/orgs/{orgId}/repos/search","times":[]},
  "events.publish": {"method":"POST","path":"/v1/orgs/{orgId}/events","times":[]},
  "executions.status": {"method":"GET","path":"/v1/orgs/{orgId}/workflows/{workflowId}/executions/{executionId}","times":["startedAt","endedAt","subtasks.*.at"]},
  "messages.send": {"method":"PUT","path":"/v1/orgs/{orgId}/messages/{messageId}","times":[]},
  "messages.status": {"method":"GET","path":"/v1/orgs/{orgId}/messages/{messageId}","times":["receivedAt","settledAt"]},
  "messages.take": {"method":"POST","path":"/v1/orgs/{orgId}/messages/{messageId}/take","returns":"message","times":["message.leaseUntil"]},
  "messages.extend": {"method":"POST","path":"/v1/orgs/{orgId}/messages/{messageId}/extend","times":[]},
  "messages.complete": {"method":"POST","path":"/v1/orgs/{orgId}/messages/{messageId}/complete","times":[]},
  "messages.fail": {"method":"POST","path":"/v1/orgs/{orgId}/messages/{messageId}/fail","times":[]},
  "jobs.cancel": {"method":"DELETE","path":"/v1/orgs/{orgId}/queues/{queue}/jobs/{jobId}","returns":"outcome","times":[]},
  "jobs.status": {"method":"GET","path":"/v1/orgs/{orgId}/queues/{queue}/jobs/{jobId}","times":["enqueuedAt","startedAt","endedAt"]},
  "deadLetters.drop": {"method":"POST","path":"/v1/orgs/{orgId}/dead-letters/drop","times":[]},
  "killSwitch.turnOn": {"method":"PUT","path":"/v1/orgs/{orgId}/kill-switch","times":["switches.*.at"]},
  "killSwitch.status": {"method":"GET","path":"/v1/orgs/{orgId}/kill-switch","times":["switches.*.at"]},
  "deadLetters.list": {"method":"GET","path":"/v1/orgs/{orgId}/dead-letters","returns":"deadLetters","isPaged":true,"times":["deadLetters.*.diedAt","deadLetters.*.resolvedAt"]},
  "deadLetters.replay": {"method":"POST","path":"/v1/orgs/{orgId}/dead-letters/replay","times":[]},
  "killSwitch.turnOff": {"method":"DELETE","path":"/v1/orgs/{orgId}/kill-switch","times":["switches.*.at"]},
  "deadLetters.show": {"method":"GET","path":"/v1/orgs/{orgId}/dead-letters/{id}","times":["diedAt","resolvedAt"]},
  "memory.erase": {"method":"POST","path":"/v1/orgs/{orgId}/erase","times":[]},
  "memory.export": {"method":"GET","path":"/v1/orgs/{orgId}/export","isStream":true,"times":[]},
  "memory.status": {"method":"GET","path":"/v1/orgs/{orgId}/status","times":["oldestPendingAt","reembeddingWait.since","reembeddingWait.until","deadLetters.*.diedAt","deadLetters.*.resolvedAt"]},
  "keys.create": {"method":"POST","path":"/v1/orgs/{orgId}/keys","times":[]},
  "keys.list": {"method":"GET","path":"/v1/orgs/{orgId}/keys","returns":"keys","isPaged":true,"times":["keys.*.createdAt","keys.*.expiresAt","keys.*.revokedAt"]},
  "keys.revoke": {"method":"DELETE","path":"/v1/orgs/{orgId}/keys/{keyId}","times":[]},
}
