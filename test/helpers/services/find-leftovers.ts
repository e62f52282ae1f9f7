import { Redis } from 'ioredis'
import { sql } from 'kysely'
import type { Database } from '../../../shared/store/database.ts'

/** Where a text is: every table, and every key of these Redis, of whatever type. Bytes are looked at as bytes. */
export async function findEverywhere(
  database: Database,
  redisUrls: readonly string[],
  text: string,
): Promise<string[]> {
  const [rows, keys] = await Promise.all([
    findInTables(database, text),
    Promise.all(redisUrls.map((url) => findInRedis(url, text))),
  ])
  return [...rows, ...keys.flat()]
}

async function findInTables(database: Database, text: string): Promise<string[]> {
  const { rows: tables } = await sql<{ schema: string; name: string }>`
    select table_schema as schema, table_name as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`.execute(database)
  const found: string[] = []
  // Bytes are shown in hexadecimal digits.
  const patterns = [
    text.toLowerCase(),
    Buffer.from(text).toString('hex'),
    Buffer.from(text.toLowerCase()).toString('hex'),
  ]
  for (const { schema, name } of tables) {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from ${sql.table(`${schema}.${name}`)} as t
      where exists (select 1 from unnest(${patterns}::text[]) as pattern where position(pattern in lower(t::text)) > 0)`.execute(
      database,
    )
    if (rows[0]?.count) found.push(`${rows[0].count} rows of ${name}`)
  }
  return found
}

async function findInRedis(url: string, text: string): Promise<string[]> {
  const redis = new Redis(url)
  const found: string[] = []
  const readers: Record<string, (key: string) => Promise<unknown>> = {
    string: (key) => redis.getBuffer(key),
    hash: (key) => redis.callBuffer('HGETALL', key),
    list: (key) => redis.lrangeBuffer(key, 0, -1),
    set: (key) => redis.smembersBuffer(key),
    zset: (key) => redis.zrangeBuffer(key, '0', '-1'),
    stream: (key) => redis.callBuffer('XRANGE', key, '-', '+'),
  }
  for await (const keys of redis.scanStream({ count: 1_000 }))
    for (const key of keys as string[]) {
      const read = readers[await redis.type(key)]
      if (holds([key, await read?.(key)], text)) found.push(`key ${key}`)
    }
  redis.disconnect()
  return found
}

function holds(value: unknown, text: string): boolean {
  if (Array.isArray(value)) return value.some((one) => holds(one, text))
  if (Buffer.isBuffer(value)) return holds(value.toString('latin1'), text)
  return typeof value === 'string' && value.toLowerCase().includes(text.toLowerCase())
}
