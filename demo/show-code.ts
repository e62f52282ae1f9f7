import { fileURLToPath } from 'node:url'
import { printCodeHits, printIndexed } from '../cli/output/code-report.ts'
import { heading } from '../cli/output/terminal.ts'
import { watchIndexing } from '../cli/output/watch-indexing.ts'
import type { Runtime } from '../runtime.ts'
import { WORKING_TREE } from '../shared/repo/repo-source.ts'

/** Owns the part of the demo that is about code: this checkout is indexed, and questions about it are answered. */

const CHECKOUT = fileURLToPath(new URL('..', import.meta.url))
const ORG = 'demo-code'
/** Holds the questions word for word, and would be found first. */
const THIS_FILE = 'demo/show-code.ts'
const SHOWN_HITS = 2
const QUESTIONS = ['what becomes of a running job when its lock is lost?', 'where are secrets in a text found?']

const CODE = { orgId: ORG, repoId: 'afterturn', source: CHECKOUT, ref: WORKING_TREE }

/** Requests the index, so that a worker makes it while others digest. */
export function requestCode(runtime: Runtime): ReturnType<Runtime['repos']['index']> {
  return runtime.repos.index(CODE)
}

/** Shows the index that was requested, and what it finds. */
export async function showCode(
  runtime: Runtime,
  requested: Awaited<ReturnType<typeof requestCode>>,
  signal: AbortSignal,
): Promise<void> {
  heading('The code of this checkout')
  const indexed = await watchIndexing(runtime, CODE, signal, Promise.resolve(requested))
  printIndexed(indexed, indexed.seconds)
  for (const query of QUESTIONS) {
    signal.throwIfAborted()
    heading(`Search in the code: ${query}`)
    const { hits } = await runtime.repos.search({ orgId: ORG, query, limit: SHOWN_HITS + 1 })
    printCodeHits(hits.filter(({ path }) => path !== THIS_FILE).slice(0, SHOWN_HITS), true)
  }
}
