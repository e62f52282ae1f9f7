import { cp, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Owns the release after this one, as a rolling deploy would meet it: this program with one more expand migration, and with wake-ups of the next
 * payload version, which this program cannot read.
 */

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const LEFT_OUT = new Set(['node_modules', 'test', 'docs', 'bench', 'demo', 'deploy', 'dist'])
const MIGRATIONS = 'shared/store/migrations'
const WAKE_UPS = 'queues/workstream-wake-up.ts'
const CHANGES: readonly [before: string, after: string][] = [
  ['v: z.literal([1, 2]),', "v: z.literal([1, 2, 3]),\n  since: z.literal('next release').optional(),"],
  ['payloadVersion: 2,', 'payloadVersion: 3,'],
  ['{ v: 1, orgId, workstreamId }', "{ v: 3, orgId, workstreamId, since: 'next release' } as never"],
]

/** Where the command of this release starts. */
export const THIS_RELEASE = join(ROOT, 'cli/afterturn.ts')

/** Writes the next release into a directory; returns where its command starts. */
export async function makeNextRelease(directory: string): Promise<string> {
  for (const entry of await readdir(ROOT, { withFileTypes: true }))
    if (!entry.name.startsWith('.') && !LEFT_OUT.has(entry.name))
      await cp(join(ROOT, entry.name), join(directory, entry.name), { recursive: true })
  await symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'))

  const newest = (await readdir(join(ROOT, MIGRATIONS))).sort().at(-1)?.slice(0, 4) as string
  const next = String(Number(newest) + 1).padStart(4, '0')
  await writeFile(
    join(directory, MIGRATIONS, `${next}_next_release.sql`),
    `-- oldest program: ${newest}\nalter table workstreams add column next_release boolean not null default true\n`,
  )

  let text = await readFile(join(ROOT, WAKE_UPS), 'utf8')
  for (const [before, after] of CHANGES) {
    if (!text.includes(before)) throw new Error(`Expected ${WAKE_UPS} to contain ${before}: keep the two in step.`)
    text = text.replace(before, after)
  }
  await writeFile(join(directory, WAKE_UPS), text)
  return join(directory, 'cli/afterturn.ts')
}
