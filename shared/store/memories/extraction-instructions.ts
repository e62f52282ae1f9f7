import { sql } from 'kysely'
import type { Database } from '../database.ts'

/** Owns the rows of what an org adds to the question for facts. */

export type OrgInstructions = { readonly text: string; readonly setBy: string; readonly setAt: Date }

export async function readExtractionInstructions(
  database: Database,
  orgId: string,
): Promise<OrgInstructions | undefined> {
  const { rows } = await sql<OrgInstructions>`
    select text, set_by as "setBy", set_at as "setAt" from extraction_instructions where org_id = ${orgId}`.execute(
    database,
  )
  return rows[0]
}

/** Writes an org's instructions in place of those before; undefined takes them away. */
export async function writeExtractionInstructions(
  database: Database,
  orgId: string,
  given: OrgInstructions | undefined,
): Promise<void> {
  if (given === undefined) {
    await sql`delete from extraction_instructions where org_id = ${orgId}`.execute(database)
    return
  }
  const { text, setBy, setAt } = given
  await sql`
    insert into extraction_instructions (org_id, text, set_by, set_at) values (${orgId}, ${text}, ${setBy}, ${setAt})
    on conflict (org_id) do update set text = excluded.text, set_by = excluded.set_by, set_at = excluded.set_at`.execute(
    database,
  )
}
