import { sql } from 'kysely'
import type { Database } from './database.ts'

/** Owns the rows of answers and of what checking them has shown. Guarantees: nothing is kept that was asked before an invalidation or an erasure of its org; reads are of one org and one partition. */

type AnswerPlace = { readonly orgId: string; readonly partition: Buffer }

export type StoredAnswer = {
  readonly id: number
  readonly question: string
  readonly answer: string
  readonly similarity: number
  readonly agreements: number
}

type NewAnswer = AnswerPlace & {
  readonly userId: string | undefined
  readonly family: Buffer
  readonly dependsOn: readonly string[]
  readonly question: string
  readonly answer: string
  readonly embedding: Float32Array
  readonly ttlSeconds: number
  /** When it was asked for, by the store's clock. */
  readonly askedAt: Date
}

/** More answers of a partition are not compared: the newest count. */
const MAX_COMPARED = 2_000
const EXPIRED_AT_ONCE = 100

export async function readStoreTime(database: Database): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(database)
  return (rows[0] as { now: Date }).now
}

/** The answers to the closest questions, the closest first. */
export async function findSimilarAnswers(
  database: Database,
  { orgId, partition }: AnswerPlace,
  embedding: Float32Array,
  limit: number,
): Promise<StoredAnswer[]> {
  const { rows } = await sql<StoredAnswer>`
    select id, question, answer, agreements, 1 - (embedding <=> ${toVector(embedding)}::vector) as similarity from (
      select * from answers where org_id = ${orgId} and partition = ${partition} and expires_at > now()
      order by id desc limit ${MAX_COMPARED}) newest
    order by similarity desc limit ${limit}`.execute(database)
  return rows
}

export async function insertAnswer(database: Database, given: NewAnswer): Promise<void> {
  const { orgId, userId = null, partition, family, dependsOn, question, answer, embedding, ttlSeconds, askedAt } = given
  await sql`
    insert into answers (org_id, user_id, partition, family, depends_on, question, answer, embedding, expires_at)
    select ${orgId}, ${userId}, ${partition}, ${family}, ${[...dependsOn]}::text[], ${question}, ${answer}, ${toVector(embedding)}::vector,
      now() + ${ttlSeconds}::float8 * interval '1 s'
    where not exists (select 1 from answer_invalidations where org_id = ${orgId} and depends_on = any(${[...dependsOn]}::text[]) and at >= ${askedAt})
      and not exists (select 1 from erasures where org_id = ${orgId} and requested_at >= ${askedAt})`.execute(database)
  await sql`
    delete from answers where id in (select id from answers where expires_at <= now() order by expires_at limit ${EXPIRED_AT_ONCE})`.execute(
    database,
  )
}

/** One that is wrong is gone. */
export async function settleAnswer(database: Database, orgId: string, id: number, isRight: boolean): Promise<void> {
  if (isRight)
    await sql`update answers set agreements = agreements + 1 where org_id = ${orgId} and id = ${id}`.execute(database)
  else await sql`delete from answers where org_id = ${orgId} and id = ${id}`.execute(database)
}

export async function deleteAnswersThatDepend(database: Database, orgId: string, dependsOn: string): Promise<number> {
  await sql`
    insert into answer_invalidations (org_id, depends_on, at) values (${orgId}, ${dependsOn}, clock_timestamp())
    on conflict (org_id, depends_on) do update set at = clock_timestamp()`.execute(database)
  const { numAffectedRows = 0n } = await sql`
    delete from answers where org_id = ${orgId} and ${dependsOn} = any(depends_on)`.execute(database)
  return Number(numAffectedRows)
}

type BucketKey = { readonly orgId: string; readonly family: Buffer; readonly bucket: number }
type BucketRow = {
  readonly checks: number
  readonly errors: number
  readonly looks: number
  readonly bound: number
}

export async function readBucket(
  database: Database,
  { orgId, family, bucket }: BucketKey,
): Promise<BucketRow | undefined> {
  const { rows } = await sql<BucketRow>`
    select checks, errors, looks, bound from answer_buckets where org_id = ${orgId} and family = ${family} and bucket = ${bucket}`.execute(
    database,
  )
  return rows[0]
}

/** Changes what is known of a bucket, one process at a time. */
export async function updateBucket(
  database: Database,
  { orgId, family, bucket }: BucketKey,
  change: (row: BucketRow) => BucketRow,
): Promise<BucketRow> {
  return database.transaction().execute(async (transaction) => {
    const { rows } = await sql<BucketRow>`
      insert into answer_buckets (org_id, family, bucket) values (${orgId}, ${family}, ${bucket})
      on conflict (org_id, family, bucket) do update set checks = answer_buckets.checks returning checks, errors, looks, bound`.execute(
      transaction,
    )
    const next = change(rows[0] as BucketRow)
    await sql`
      update answer_buckets set checks = ${next.checks}, errors = ${next.errors}, looks = ${next.looks}, bound = ${next.bound}
      where org_id = ${orgId} and family = ${family} and bucket = ${bucket}`.execute(transaction)
    return next
  })
}

function toVector(embedding: Float32Array): string {
  return `[${embedding.join()}]`
}
