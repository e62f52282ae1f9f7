import { type RawBuilder, sql } from 'kysely'

/**
 * Owns arrays whose length the planner does not see. A plan for one element then looks no cheaper than the plan for any number of them, and PostgreSQL keeps
 * that one; else it plans a prepared statement anew each time, which takes it longer than to run it. For statements whose way is the same for few and many.
 */

function arrayOf(type: string) {
  const array = sql.raw(`${type}[]`)
  return <T>(values: readonly T[]): RawBuilder<T[]> => sql<T[]>`(select ${values}::${array})::${array}`
}

/** Arrays by the type of their elements. */
export const plannedOnce = {
  bigint: arrayOf('bigint'),
  bytea: arrayOf('bytea'),
  real: arrayOf('real'),
  text: arrayOf('text'),
  timestamptz: arrayOf('timestamptz'),
} as const

/** The mark of such a statement, in its text. */
export const ONE_PLAN_MARK = '/* one plan */'

/** At the start of a statement that reads, whose plan is the best for all parameters, also without statistics: an embedded store then keeps it, too. */
export const onePlan = sql.raw(ONE_PLAN_MARK)
