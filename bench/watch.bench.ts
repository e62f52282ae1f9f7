import { execFileSync } from 'node:child_process'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createRuntime, type Runtime } from '../runtime.ts'
import { AfterturnError } from '../shared/errors.ts'
import { silentLog } from '../shared/observe/log.ts'
import { WORKING_TREE } from '../shared/repo/repo-source.ts'
import { type Benchmark, round, scratchDirectory, withServices } from './benchmark.ts'
import { createSyntheticRepo } from './inputs/synthetic-repo.ts'

/** How soon search finds what somebody saved, in a working tree that is watched: from the end of the save to the first search that has it. */

const KEY = { orgId: 'bench', repoId: 'edited' }
const FILES = 5_000
const SAVES = 20
const POLL_MS = 20
/** Pauses between saves differ, so that these meet the watcher in every state. */
const PAUSE_MS = 100
const PAUSES = 10
const MAX_WAIT_MS = 60_000
const PERCENTILE = 0.95

const benchmark: Benchmark = {
  usage: [],
  run: () =>
    withServices(async ({ addresses }, stack) => {
      const dir = await scratchDirectory(stack)
      const { path } = await createSyntheticRepo(join(dir, 'bare'), FILES)
      const source = join(dir, 'tree')
      execFileSync('git', ['clone', '--quiet', path, source])
      const paths = execFileSync('git', ['-C', source, 'ls-files'], { encoding: 'utf8' }).trim().split('\n')
      const runtime = createRuntime({ ...addresses, logLevel: 'warn' }, { log: silentLog })
      try {
        await runtime.connect()
        await runtime.startWorkers(['repo-indexing'])
        const watched = await runtime.repos.watch({ ...KEY, source })
        await runtime.repos.untilIndexed({ ...KEY, ref: WORKING_TREE })
        const times: number[] = []
        for (let nth = 0; nth < SAVES; nth++) {
          const file = paths[(nth * 997) % paths.length] as string
          const name = `savedJustNow${nth}x${process.pid}`
          await appendFile(join(source, file), `\nexport const ${name} = ${nth}\n`)
          times.push(await untilFound(runtime, name, file))
          await setTimeout((nth % PAUSES) * PAUSE_MS)
        }
        watched.close()
        const sorted = times.toSorted((a, b) => a - b)
        const figures = {
          files: paths.length,
          p50Ms: round(sorted[sorted.length >> 1] as number),
          p95Ms: round(sorted[Math.floor(sorted.length * PERCENTILE)] as number),
          longestMs: round(sorted.at(-1) as number),
        }
        console.log(
          `${SAVES} saves in a tree of ${figures.files} files are found after p50 ${figures.p50Ms} ms, p95 ${figures.p95Ms} ms, ${figures.longestMs} ms at most`,
        )
        return figures
      } finally {
        await runtime.disconnect()
      }
    }),
}
export default benchmark

/** @throws SETUP_FAILED when it is not found at all */
async function untilFound(runtime: Runtime, name: string, file: string): Promise<number> {
  const startedMs = performance.now()
  for (;;) {
    const found = await runtime.repos.symbols({ orgId: KEY.orgId, query: name, ref: WORKING_TREE })
    const waitedMs = performance.now() - startedMs
    if (found.some(({ path }) => path === file)) return waitedMs
    if (waitedMs > MAX_WAIT_MS) throw new AfterturnError('SETUP_FAILED', `${name} was not found in ${MAX_WAIT_MS} ms.`)
    await setTimeout(POLL_MS)
  }
}
