import { once } from 'node:events'
import { oneLine, printPlainTable } from '../output/plain-table.ts'

/** Owns how an answer is printed: for people as a table or as lines, on a terminal only; else as the JSON that the API answers. */

type Item = Readonly<Record<string, unknown>>

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

function printForPeople(answer: Item): void {
  for (const [name, value] of Object.entries(answer)) {
    if (Array.isArray(value) && value.length === 0) console.log(`${name.padEnd(16)} none`)
    else if (Array.isArray(value) && typeof value[0] === 'object') printItems(value as Item[])
    else if (value !== null) console.log(`${name.padEnd(16)} ${shown(value)}`)
  }
}

/** The fields that have one line, in their order; texts are cut to the width of the terminal. */
function printItems(items: readonly Item[]): void {
  const isNested = (name: string) => items.some((item) => typeof item[name] === 'object' && item[name] !== null)
  // Not each item has every field.
  const names = [...new Set(items.flatMap(Object.keys))].filter((name) => !isNested(name))
  const columns = names.map((name) => ({
    title: name.toUpperCase(),
    isCut: items.some((item) => typeof item[name] === 'string'),
  }))
  printPlainTable(
    columns,
    items.map((item) => names.map((name) => shown(item[name]))),
  )
}

function shown(value: unknown): string {
  return oneLine(typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? ''))
}
