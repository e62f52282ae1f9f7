import { readdirSync } from 'node:fs'
import { printFailure } from '../shared/lifecycle.ts'
import type { Benchmark } from './benchmark.ts'

/** A door: `npm run bench -- NAME [ARGS] [--json]` runs one benchmark; with --json the last line is one JSON object of its figures. */

const names = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.replace('.bench.ts', ''))
const args = process.argv.slice(2).filter((arg) => arg !== '--json')
const isJson = process.argv.includes('--json')
const [name = '', ...rest] = args

const list = `Usage: npm run bench -- NAME [ARGS] [--json]\n\nBenchmarks:\n${names.map((one) => `  ${one}`).join('\n')}`
if (name === '--help' || name === '--list') {
  console.log(list)
  process.exit(0)
}
if (!names.includes(name)) {
  console.error(name === '' ? list : `Unknown benchmark ${JSON.stringify(name)}.\n\n${list}`)
  process.exit(2)
}
try {
  const { default: benchmark } = (await import(`./${name}.bench.ts`)) as { default: Benchmark }
  if (rest.length < benchmark.usage.length) {
    console.error(`Usage: npm run bench -- ${name} ${benchmark.usage.join(' ')} [--json]`)
    process.exit(2)
  }
  const figures = await benchmark.run(rest)
  if (isJson) console.log(JSON.stringify(figures))
  process.exit(0)
} catch (error) {
  printFailure(error)
  process.exit(1)
}
