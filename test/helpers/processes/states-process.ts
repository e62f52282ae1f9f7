import { openDatabase } from '../../../shared/store/database.ts'
import { bindTestStates } from '../states.ts'

/** A process with so many callers, each of whom updates one state so many times; it says so after each update. */

const [, , url, orgId, callers, times] = process.argv as unknown as [string, string, string, string, string, string]
const database = openDatabase({ url, poolSize: 8 })
const { states } = bindTestStates(database)
const versions: number[] = []
const failures: string[] = []
await Promise.all(
  Array.from({ length: Number(callers) }, async () => {
    for (let count = 0; count < Number(times); count++)
      await states
        .update({ orgId, stateId: 'counter', keepVersions: 5_000 }, (state) => ({
          count: ((state as { count: number } | undefined)?.count ?? 0) + 1,
        }))
        .then(
          ({ version }) => {
            versions.push(version)
            process.send?.({ version })
          },
          (error: { code?: string }) => {
            failures.push(error.code ?? String(error))
          },
        )
  }),
)
process.send?.({ versions, failures })
await database.destroy()
