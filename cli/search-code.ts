import { commandText } from '../shared/processes/command-text.ts'
import { printAnswer } from './operations/print-answer.ts'
import { positiveInteger, runOperatorCommand, someText } from './operator-command.ts'
import { printCodeHits } from './output/code-report.ts'
import { withServicesUp } from './services/with-services.ts'

/** A door: `search-code "question"` searches repositories indexed with `index`. */

const INDEX_HINT = `\`${commandText('index', 'PATH')}\` indexes a repository.`

type Options = {
  org: string
  repo?: string
  ref?: string
  glob?: string
  language?: string
  limit: number
  budget?: number
  regex?: boolean
  json?: boolean
}

export async function runSearchCode(args: readonly string[]): Promise<void> {
  await runOperatorCommand('search-code', args, (command) => {
    command
      .description('Finds code by meaning, words, symbols and paths.')
      .argument('<question>', 'a question in words, or the name of a symbol', someText)
      .option('--org <id>', 'the org whose code is searched', someText, 'local')
      .option('--repo <id>', 'only this repository', someText)
      .option('--ref <name>', 'an indexed ref, or ":worktree" for the files on disk; default: HEAD', someText)
      .option('--glob <pattern>', 'only these paths, for example "src/**/*.ts"', someText)
      .option('--language <name>', 'only this language, for example typescript', someText)
      .option('--regex', 'the question is a regular expression in the syntax of RE2')
      .option('--limit <count>', 'most results', positiveInteger, 5)
      .option('--budget <tokens>', 'most tokens of all results together', positiveInteger)
      .option('--json', 'print the answer of the API as it is')
      .action((query: string, { org, repo, ref, glob, language, limit, budget, regex, json }: Options) =>
        withServicesUp(async ({ repos }) => {
          const found = await repos.search({
            orgId: org,
            query,
            limit,
            ...(regex && { mode: 'regex' as const }),
            ...(repo !== undefined && { repoIds: [repo] }),
            ...(ref !== undefined && { ref }),
            ...(glob !== undefined && { pathGlob: glob }),
            ...(language !== undefined && { language }),
            ...(budget !== undefined && { budgetTokens: budget }),
          })
          const { hits, notes } = found
          if (json) printAnswer(found, true)
          else printCodeHits(hits, repo !== undefined || (await repos.list({ orgId: org })).length === 1)
          if (!json && hits.length > 0) for (const note of notes) console.error(note)
          if (hits.length === 0) {
            const isNarrowed = [ref, glob, language, budget].some((option) => option !== undefined)
            const hint = isNarrowed ? 'Try again without these options.' : INDEX_HINT
            if (!json) console.log(`Nothing was found. ${notes.length > 0 ? notes.join(' ') : hint}`)
            process.exitCode = 1
          }
        }),
      )
  })
  process.exit()
}
