import { readdirSync } from 'node:fs'
import { printFailure } from '../shared/processes/lifecycle.ts'
import type { Benchmark } from './benchmark.ts'

/** A door: `npm run bench -- NAME [ARGS] [--json]` runs one benchmark; with --json the last line is one JSON object of its figures. */

const names = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.replace('.bench.ts', ''))
const args = process.argv.slice(2).filter((arg) => arg !== '--json')
const isJson = process.argv.includes('--json')
const [name = '', ...rest] = args

if (name === '--help' || name === '--list') {
  console.log(await list())
  process.exit(0)
}
if (!names.includes(name)) {
  console.error(name === '' ? await list() : `Unknown benchmark ${JSON.stringify(name)}.\n\n${await list()}`)
  process.exit(2)
}
try {
  const benchmark = await load(name)
  const wantsHelp = rest.includes('--help')
  if (wantsHelp || rest.length < benchmark.usage.length) {
    console.error(`Usage: npm run bench -- ${[name, ...benchmark.usage].join(' ')} [--json]`)
    process.exit(wantsHelp ? 0 : 2)
  }
  const figures = await benchmark.run(rest)
  if (isJson) console.log(JSON.stringify(figures))
  process.exit(0)
} catch (error) {
  printFailure(error)
  process.exit(1)
}

async function load(one: string): Promise<Benchmark> {
  return ((await import(`./${one}.bench.ts`)) as { default: Benchmark }).default
}

async function list(): Promise<string> {
  const lines = await Promise.all(names.map(async (one) => `  ${[one, ...(await load(one)).usage].join(' ')}`))
  return `Usage: npm run bench -- NAME [ARGS] [--json]\n\nBenchmarks:\n${lines.join('\n')}`
}
