import { QUEUE_NAMES } from '../../queues/catalog.ts'
import {
  CONNECTION_BUDGET,
  CONNECTIONS,
  countConnections,
  type ProcessKind,
} from '../../shared/redis/connection-catalogue.ts'
import { code, markdownTable } from './markdown.ts'

/** `docs/connections.md`: what each process opens at most. */

/** The processes beside the workers, of which the Procfile has one each. */
const ONCE = ['messages', 'dashboard', 'api'] as const

export function connectionsPage(): string {
  const kinds: readonly ProcessKind[] = ['app', 'worker', 'messages', 'dashboard', 'api']
  const fleet = (role: 'durable' | 'cache') =>
    QUEUE_NAMES.length * countConnections('worker', role) +
    ONCE.reduce((sum, kind) => sum + countConnections(kind, role), 0)
  const counts = (role: 'durable' | 'cache') => kinds.map((kind) => String(countConnections(kind, role)))
  return `# Connections to Redis

<!-- Written by \`npm run docs\` from shared/redis/connection-catalogue.ts. -->

The most connections that each process opens, whatever its concurrency. \`app\` is a process that embeds the runtime to record and search. A worker serves
one queue, as in the Procfile, and opens one more \`blocking\` connection for each further queue. \`web\` opens the same connections as \`api\`; \`store\` and
\`migrate\` open none.

${markdownTable(
  ['connection', 'role', ...kinds, 'for'],
  Object.entries(CONNECTIONS).map(([purpose, { role, openedBy, meaning }]) => [
    code(purpose),
    role,
    ...kinds.map((kind) => ((openedBy as readonly ProcessKind[]).includes(kind) ? '1' : '')),
    meaning,
  ]),
)}
| **total** | durable | ${counts('durable').join(' | ')} | |
| **total** | cache | ${counts('cache').join(' | ')} | |

One process of each queue, \`messages\`, the dashboard and the API have ${fleet('durable')} connections to the durable Redis and ${fleet('cache')} to the cache, of a budget of
${CONNECTION_BUDGET} on each; ${Math.floor((CONNECTION_BUDGET - ONCE.reduce((sum, kind) => sum + countConnections(kind, 'durable'), 0)) / countConnections('worker', 'durable'))} workers fit into it. A Redis lists them as \`afterturn:PROCESS:CONNECTION\`, \`blocking\` as
\`PREFIX:QUEUE:w:PROCESS\` with the queue in base64. \`runtime.redis.stats()\`, the metric \`afterturn_redis_clients\` and \`npm run doctor\`
count them by process; the option \`processName\` of \`createRuntime\` sets your own name.
`
}
