import { existsSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Option } from 'commander'
import type { Runtime } from '../runtime.ts'
import { AfterturnError, isAfterturnError } from '../shared/errors.ts'
import { parseSource, sourceText, WORKING_TREE } from '../shared/repo/repo-source.ts'
import type { IndexInput } from '../shared/repo/repos.ts'
import type { IndexOutcome } from '../shared/store/code/code-indexes.ts'
import { repoStream } from '../shared/store/events/product-events.ts'
import { printAnswer } from './operations/print-answer.ts'
import { currentUser, runOperatorCommand, someText } from './operator-command.ts'
import { printIndexed } from './output/code-report.ts'
import { oneLine, quantity } from './output/plain-table.ts'
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
      .addOption(
        new Option('--ref <name>', 'a branch, a tag or a commit; default: HEAD')
          .argParser(someText)
          .conflicts(['workingTree', 'watch']),
      )
      .option('--working-tree', 'index the files on disk, including uncommitted changes')
      .option('--watch', 'index the files on disk, and again whenever they are saved, until Ctrl-C')
      .option('--json', 'print what was indexed and skipped as JSON')
      .action((source: string, { org, repo, ref, workingTree, watch, json }: Options) => {
        const parsed = parseSource(source)
        const place = parsed.kind === 'path' ? resolve(callerDirectory(), source) : sourceText(parsed)
        if (parsed.kind === 'path') refuseNoDirectory(place)
        let isWatching = false
        return withServicesUp(async (runtime) => {
          const startedMs = performance.now()
          const input = {
            orgId: org,
            repoId: repo ?? nameOf(place),
            source: place,
            ref: workingTree || watch ? WORKING_TREE : (ref ?? 'HEAD'),
          }
          if (repo === undefined) await refuseOtherSource(runtime, input)
          await runtime.startWorkers(['repo-indexing'])
          const requested = runtime.repos.index(input)
          const out = json ? process.stderr : process.stdout
          const done = await watchIndexing(runtime, input, undefined, requested, out).catch(async (error) => {
            await dropLetter(runtime, org, (await requested).jobId)
            throw error
          })
          if (json) printAnswer(done, true)
          else printIndexed(done, (performance.now() - startedMs) / 1_000)
          if (watch) {
            isWatching = true
            await watchOn(runtime, input)
          }
        }).catch((error) => {
          // Of a watch it is the ordinary end.
          if (!(isWatching && isAfterturnError(error, 'SHUTTING_DOWN'))) throw error
        })
      })
  })
  process.exit()
}

/** npm runs a package's own script at the top of the package, wherever it was called. */
function callerDirectory(): string {
  const { npm_package_name: name, npm_package_json: manifest, INIT_CWD: caller = '' } = process.env
  return name === 'afterturn' && manifest === resolve('package.json') ? resolve(caller) : process.cwd()
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

/** Reports each run that changed something, until the command is interrupted. */
async function watchOn({ repos, events }: Runtime, { orgId, repoId, source }: IndexInput): Promise<void> {
  const onError = (error: unknown) => console.error(oneLine(String(error)))
  const startedMs = Date.now()
  await repos.watch({ orgId, repoId, source, onError })
  console.error(`Watching ${oneLine(source)}; Ctrl-C ends it.`)
  for await (const event of events.follow({ orgId, stream: repoStream(repoId) })) {
    if (event.kind !== 'event' || event.at.getTime() < startedMs) continue
    const { ref, changed = 0, chunks, ms, code } = event.data as Partial<IndexOutcome & { ref: string; code: string }>
    if (ref !== WORKING_TREE) continue
    if (event.type === 'repo.failed') {
      const failed = (await repos.status({ orgId, repoId })).find((one) => one.ref === ref)
      onError(`Indexing failed: ${code}: ${failed?.failure?.message ?? ''} The old index is still served.`)
    } else if (changed > 0)
      console.error(`Indexed ${quantity(changed, 'changed file')} in ${quantity(chunks ?? 0, 'chunk')}, ${ms} ms.`)
  }
}

/** Two sources of one name must not replace each other's index. @throws INPUT_INVALID */
async function refuseOtherSource({ repos }: Runtime, { orgId, repoId, source, ref }: Required<IndexInput>) {
  const refs = await repos.status({ orgId, repoId }).catch((error) => {
    if (isAfterturnError(error, 'REPO_UNKNOWN')) return []
    throw error
  })
  // What never was indexed, as by a typing error, holds no name.
  const indexed = refs.filter(({ indexedAt }) => indexedAt !== null)
  const own = indexed.filter((one) => one.ref === ref)
  const rivals = own.length > 0 ? own : indexed
  if (rivals.length === 0 || rivals.some((one) => realPathOf(one.source) === realPathOf(source))) return
  throw new AfterturnError(
    'INPUT_INVALID',
    `Expected another name than ${JSON.stringify(repoId)}, by which ${JSON.stringify(rivals[0]?.source)} is indexed; give one by --repo, or the same to replace it.`,
  )
}

/** A directory has several paths where links lead to it. */
function realPathOf(source: string): string {
  return isAbsolute(source) && existsSync(source) ? realpathSync(source) : source
}

function nameOf(place: string): string {
  const name = place.replace(/\/+$/, '').split(/[/:]/).at(-1) ?? ''
  return name.replace(/\.git$/, '') || 'repository'
}
