import { once } from 'node:events'
import { bold, knownWidth } from '../output/terminal.ts'
import { type Item, printItems, shown } from './answer-table.ts'

/** Owns how an answer is printed: for people as tables and lines, on a terminal only; else as the JSON that the API answers. */

/** Prints an answer that travelled, which is undefined for one without content. */
export function printAnswer(answer: unknown, isJson: boolean): void {
  if (isJson || !process.stdout.isTTY) {
    if (answer !== undefined) process.stdout.write(`${JSON.stringify(answer)}\n`)
  } else if (answer === undefined) console.log('Done.')
  else printForPeople(answer as Item)
}

/** Prints lines as they come, as fast as they are read. */
export async function printLines(lines: AsyncIterable<string>): Promise<void> {
  for await (const line of lines) if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain')
}

const LABEL_WIDTH = 16
/** JSON of apps, of which every part counts. */
const OF_APPS = ['state', 'data', 'result', 'payload', 'metadata', 'system']

/** An answer that begins with a list is that list: what stands beside it is said where it says something. */
function printForPeople(answer: Item, indent = ''): void {
  const fields = Object.entries(answer).filter(([, value]) => value !== null && value !== undefined)
  const isList = Array.isArray(fields[0]?.[1])
  const said = fields.filter(([, value], index) => index === 0 || !isList || !(value === false || isEmptyList(value)))
  if (said.length === 0) console.log('None.')
  for (const [index, [name, value]] of said.entries()) {
    const line = `${indent}${name.padEnd(LABEL_WIDTH)} ${isEmptyList(value) ? 'none' : shown(value)}`
    const isLong = line.length > (knownWidth() ?? line.length)
    if (OF_APPS.includes(name)) console.log(line)
    else if (isItems(value)) {
      if (index > 0) console.log(`${indent}${bold(name)}`)
      printItems(value)
    } else if (typeof value === 'object' && !Array.isArray(value) && isLong) {
      console.log(`${indent}${bold(name)}`)
      printForPeople(value as Item, `${indent}  `)
    } else console.log(line)
  }
}

const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0

function isItems(value: unknown): value is Item[] {
  return Array.isArray(value) && typeof value[0] === 'object' && value[0] !== null
}
