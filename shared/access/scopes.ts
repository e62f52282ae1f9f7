/** What a key may be allowed to do. Each operation names one; a key without it is refused. */
export const SCOPES = [
  'turns:write',
  'memory:read',
  'memory:write',
  'memory:review',
  'memory:erase',
  'contexts:read',
  'contexts:write',
  'code:read',
  'code:write',
  'jobs:read',
  'jobs:write',
  'events:read',
  'events:write',
  'messages:read',
  'messages:write',
  'operate:read',
  'operate:write',
  'org:export',
  'org:erase',
  'keys:manage',
] as const
export type Scope = (typeof SCOPES)[number]
