import { positiveInteger, runOperatorCommand, someText } from './operator-command.ts'
import { printCodeHits } from './output/code-report.ts'
import { withServicesUp } from './services/with-services.ts'

/** A door: `npm run search-code -- "question"` searches what `npm run index` has indexed. */

const INDEX_HINT = '`npm run index -- PATH` indexes a repository.'

type Options = {
  org: string
  repo?: string
  ref?: string
  glob?: string
  language?: string
  limit: number
  budget?: number
}

await runOperatorCommand('search-code', process.argv.slice(2), (command) => {
  command
    .description('Finds code by what it does and by its words, symbols and paths.')
    .argument('<question>', 'in words, or a name', someText)
    .option('--org <id>', 'whose code', someText, 'local')
    .option('--repo <id>', 'only this repository', someText)
    .option('--ref <name>', 'a ref that was indexed; by default HEAD', someText)
    .option('--glob <pattern>', 'only these paths, for example "src/**/*.ts"', someText)
    .option('--language <name>', 'only this language, for example typescript', someText)
    .option('--limit <count>', 'how many at most', positiveInteger, 5)
    .option('--budget <tokens>', 'how long all of them may be', positiveInteger)
    .action((query: string, { org, repo, ref, glob, language, limit, budget }: Options) =>
      withServicesUp(async ({ repos }) => {
        const { hits, notes } = await repos.search({
          orgId: org,
          query,
          limit,
          ...(repo !== undefined && { repoIds: [repo] }),
          ...(ref !== undefined && { ref }),
          ...(glob !== undefined && { pathGlob: glob }),
          ...(language !== undefined && { language }),
          ...(budget !== undefined && { budgetTokens: budget }),
        })
        printCodeHits(hits)
        if (hits.length === 0) {
          const isNarrowed = [ref, glob, language, budget].some((option) => option !== undefined)
          const hint = isNarrowed ? 'There may be something without these options.' : INDEX_HINT
          console.log(`Nothing was found. ${notes.length > 0 ? notes.join(' ') : hint}`)
          process.exitCode = 1
        }
      }),
    )
})
process.exit()
