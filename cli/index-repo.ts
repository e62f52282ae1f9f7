import { resolve } from 'node:path'
import { parseSource, WORKING_TREE } from '../shared/repo/repo-source.ts'
import { runOperatorCommand, someText } from './operator-command.ts'
import { printIndexed } from './output/code-report.ts'
import { watchIndexing } from './output/watch-indexing.ts'
import { withServicesUp } from './services/with-services.ts'

/** A door: `npm run index -- PATH|URL` indexes a repository and says what it did and what it left out. */

type Options = { org: string; repo?: string; ref?: string; workingTree?: boolean }

await runOperatorCommand('index', process.argv.slice(2), (command) => {
  command
    .description('Indexes a repository, so that `npm run search-code` finds its code. Again: only what has changed.')
    .argument('<source>', 'a directory, or an address of https, ssh or file', someText)
    .option('--org <id>', 'for whom', someText, 'local')
    .option('--repo <id>', 'its name; by default the last part of the source', someText)
    .option('--ref <name>', 'a branch, a tag or a commit; by default HEAD', someText)
    .option('--working-tree', 'the files as they lie there, uncommitted changes included')
    .action((source: string, { org, repo, ref, workingTree }: Options) =>
      withServicesUp(async (runtime) => {
        const parsed = parseSource(source)
        const place = parsed.kind === 'path' ? resolve(source) : source
        const startedMs = performance.now()
        await runtime.startWorkers(['repo-indexing'])
        const done = await watchIndexing(runtime, {
          orgId: org,
          repoId: repo ?? nameOf(place),
          source: place,
          ...(workingTree ? { ref: WORKING_TREE } : ref !== undefined && { ref }),
        })
        printIndexed(done, (performance.now() - startedMs) / 1_000)
      }),
    )
})
process.exit()

function nameOf(place: string): string {
  const name = place.replace(/\/+$/, '').split(/[/:]/).at(-1) ?? ''
  return name.replace(/\.git$/, '') || 'repository'
}
