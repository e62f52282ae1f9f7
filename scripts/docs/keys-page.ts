import { KEY_CATALOGUE } from '../../shared/redis/key-catalogue.ts'
import { code, markdownTable } from './markdown.ts'

/** `docs/keys.md`: every kind of key in Redis. */

export function keysPage(): string {
  return `# Keys in Redis

<!-- Written by \`npm run docs\` from shared/redis/key-catalogue.ts. -->

Every key of the fleet. A word in capitals stands for one part: \`PREFIX\` is \`REDIS_KEY_PREFIX\`, an id is percent-encoded (a long one
is cut and hashed), a hash reveals nothing about its content. No key or value on the durable role holds the text of a turn. Keys that
never expire are bounded in size.

${markdownTable(
  ['key', 'role', 'type', 'expires', 'written by', 'meaning'],
  KEY_CATALOGUE.map((entry) => [
    code(entry.pattern),
    entry.role,
    entry.type,
    entry.expires,
    ownerCell(entry.owner),
    entry.meaning,
  ]),
)}
`
}

/** A file of the project is linked. */
function ownerCell(owner: string): string {
  if (owner === 'bullmq') return 'BullMQ'
  return owner.includes('/') ? `[${owner}](../${owner})` : owner
}
