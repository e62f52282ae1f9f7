import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Runtime } from '../runtime.ts'
import { AfterturnError } from '../shared/errors.ts'
import { parseSource, WORKING_TREE } from '../shared/repo/repo-source.ts'
import { printAnswer } from './operations/print-answer.ts'
import { currentUser, runOperatorCommand, someText } from './operator-command.ts'
import { printIndexed } from './output/code-report.ts'
import { oneLine } from './output/plain-table.ts'
import { watchIndexing } from './output/watch-indexing.ts'
import { withServicesUp } from './services/with-services.ts'

/** A door: `index PATH|URL` indexes a repository and reports what was indexed and what was skipped. */

const LETTER_WAIT_MS = 3_000
const LETTER_POLL_MS = 50

type Options = { org: string; repo?: string; ref?: string; workingTree?: boolean; watch?: boolean; json?: boolean }

export async function runIndex(args: readonly string[]): Promise<void> {
  await runOperatorCommand('index', args, (command) => {
    command
      .description('Indexes a repository for `search-code`. A second run indexes only what has changed.')
      .argument('<source>', 'a directory, or an https, ssh or file URL', someText)
      .option('--org <id>', 'the org that may search it', someText, 'local')
      .option('--repo <id>', 'its name; default: the last part of the source', someText)
      .option('--ref <name>', 'a branch, a tag or a commit; default: HEAD', someText)
      .option('--working-tree', 'index the files on disk, including uncommitted changes')
      .option('--watch', 'index the files on disk, and again whenever they are saved, until Ctrl-C')
      .option('--json', 'print what was indexed and skipped as JSON')
      .action((source: string, { org, repo, ref, workingTree, watch, json }: Options) => {
        const isPath = parseSource(source).kind === 'path'
        const place = isPath ? resolve(source) : source
        if (isPath) refuseNoDirectory(place)
        return withServicesUp(async (runtime) => {
          const startedMs = performance.now()
          if (repo === undefined) await refuseOtherSource(runtime, org, nameOf(place), place)
          await runtime.startWorkers(['repo-indexing'])
          const input = {
            orgId: org,
            repoId: repo ?? nameOf(place),
            source: place,
            ...(workingTree || watch ? { ref: WORKING_TREE } : ref !== undefined && { ref }),
          }
          const requested = runtime.repos.index(input)
          const out = json ? process.stderr : process.stdout
          const done = await watchIndexing(runtime, input, undefined, requested, out).catch(async (error) => {
            await dropLetter(runtime, org, (await requested).jobId)
            throw error
          })
          if (json) printAnswer(done, true)
          else printIndexed(done, (performance.now() - startedMs) / 1_000)
          if (watch) await watchUntilStopped(runtime, { orgId: org, repoId: repo ?? nameOf(place), source: place })
        })
      })
  })
  process.exit()
}

/** A typo must not start services, nor be tried four times. @throws REPO_NOT_FOUND */
function refuseNoDirectory(place: string): void {
  if (statSync(place, { throwIfNoEntry: false })?.isDirectory()) return
  throw new AfterturnError('REPO_NOT_FOUND', `Expected a directory, found none at ${JSON.stringify(place)}.`, {
    remedy: 'Correct the path; nothing was indexed, and what was indexed before is still served.',
  })
}

/** Whoever waits for the run sees why it failed: the letter of its job, which comes a moment later, would tell the operators once more. */
async function dropLetter({ deadLetters }: Runtime, orgId: string, jobId: string): Promise<void> {
  const deadline = performance.now() + LETTER_WAIT_MS
  while (performance.now() < deadline) {
    const letters = await deadLetters.list({ orgId, queue: 'repo-indexing' }).catch(() => [])
    const letter = letters.find((one) => one.jobId === jobId)
    if (letter) {
      await deadLetters.drop({ ids: [letter.id], by: `${currentUser()}, who saw it fail` }).catch(() => {})
      return
    }
    await setTimeout(LETTER_POLL_MS)
  }
}

/** Resolves when the terminal or whoever started it says so. */
async function watchUntilStopped(runtime: Runtime, input: { orgId: string; repoId: string; source: string }) {
  const watched = await runtime.repos.watch({ ...input, onError: (error) => console.error(oneLine(String(error))) })
  console.error(`Watching ${oneLine(input.source)}; Ctrl-C ends it.`)
  const alive = setInterval(() => {}, 1 << 30)
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  clearInterval(alive)
  watched.close()
}

/** Two directories of one name must not replace each other's index. @throws INPUT_INVALID */
async function refuseOtherSource(runtime: Runtime, orgId: string, repoId: string, place: string): Promise<void> {
  const known = (await runtime.repos.list({ orgId })).find((listed) => listed.repoId === repoId)
  if (known === undefined || known.source === place) return
  throw new AfterturnError(
    'INPUT_INVALID',
    `Expected another name than ${JSON.stringify(repoId)}, by which ${JSON.stringify(known.source)} is indexed; give one by --repo, or the same to replace it.`,
  )
}

function nameOf(place: string): string {
  const name = place.replace(/\/+$/, '').split(/[/:]/).at(-1) ?? ''
  return name.replace(/\.git$/, '') || 'repository'
}
