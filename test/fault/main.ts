import { fileURLToPath } from 'node:url'
import { parseCLI, startVitest } from 'vitest/node'

/**
 * A door: `npm run test:fault -- [--minutes N] [--seed S]` and whatever else vitest takes; without the two, the short form. The lines that say
 * what was done come last, after vitest's own.
 */

const VARIABLES: Record<string, string> = { '--minutes': 'FAULT_MINUTES', '--seed': 'FAULT_SEED' }
const USAGE = `Usage: npm run test:fault -- [options] [files of test/fault]

Real processes under random faults; the lines that say what was done come last.

Options:
  --minutes <n>  how long; without it, the short form
  --seed <n>     repeats the faults of an earlier run
  --help         display help for command`
const CONFIG = fileURLToPath(new URL('./vitest.config.ts', import.meta.url))

if (process.argv.includes('--help')) {
  console.log(USAGE)
  process.exit(0)
}
const words = process.argv.slice(2).flatMap((word) => (/^--(minutes|seed)=/.test(word) ? word.split('=') : [word]))
const rest: string[] = []
for (let word = words.shift(); word !== undefined; word = words.shift()) {
  const variable = VARIABLES[word]
  if (variable !== undefined) process.env[variable] = positive(word, words.shift())
  else if (word !== '--') rest.push(word)
}
const { filter, options } = parseCLI(['vitest', 'run', ...rest])
const vitest = await startVitest('test', filter, { ...options, config: CONFIG })
const reports = vitest.state
  .getTestModules()
  .flatMap((module) => [...module.children.allTests()])
  .flatMap((test) => test.meta().report ?? [])
await vitest.close()
console.log(reports.length > 0 ? reports.join('\n') : 'fault: no random run came to its end')

function positive(option: string, text: string | undefined): string {
  if (Number(text) > 0) return String(text)
  console.error(`Expected ${option} to be followed by a number above 0, got ${text ?? 'nothing'}.`)
  process.exit(2)
}
