import { once } from 'node:events'
import { oneLine, printPlainTable } from '../output/plain-table.ts'
import { knownWidth } from '../output/terminal.ts'

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

/** A column of a table: a field with its value on one line for each item. */
type Column = { readonly title: string; readonly cells: readonly string[]; readonly isCut: boolean }

/** The fields that have one line and a value, in their order; texts are cut to the width of the terminal, columns that find no room are named below. */
function printItems(items: readonly Item[]): void {
  const isNested = (name: string) => items.some((item) => typeof item[name] === 'object' && item[name] !== null)
  // Not each item has every field.
  const names = [...new Set(items.flatMap(Object.keys))].filter((name) => !isNested(name))
  const filled = names
    .map((name): Column => {
      const isCut = items.some((item) => typeof item[name] === 'string')
      return { title: name.toUpperCase(), cells: items.map((item) => shown(rounded(item[name]))), isCut }
    })
    .filter(({ cells }) => cells.some((cell) => cell !== ''))
  const columns = columnsWithRoom(filled, knownWidth() ?? Number.POSITIVE_INFINITY)
  printPlainTable(
    columns,
    items.map((_, row) => columns.map(({ cells }) => cells[row] as string)),
  )
  const hidden = filled.filter((column) => !columns.includes(column)).map(({ title }) => title)
  if (hidden.length > 0) console.log(`Not shown: ${hidden.join(', ')}; --json has all.`)
}

/** Of the width, the text that is longest has at least so much. */
const TEXT_SHARE = 0.4
const MAX_OTHER_WIDTH = 24
const GAP_WIDTH = 2
/** Blanks, or letters of another script than that of ids. */
const WORDS = /[^!-~]/

/** Leaves out columns until the longest text has room: what is the same in all rows first, then the widest. The first column says which item it is. */
function columnsWithRoom(columns: readonly Column[], width: number): Column[] {
  const widthOf = ({ title, cells }: Column) => Math.max(title.length, ...cells.map(({ length }) => length))
  const byWidth = columns.toSorted((a, b) => widthOf(b) - widthOf(a))
  // Neither a time nor an id, which may be longer than a short fact.
  const text = byWidth.find(({ cells }) => cells.some((cell) => WORDS.test(cell))) ?? byWidth.find(({ isCut }) => isCut)
  const isSame = ({ cells }: Column) => cells.length > 1 && cells.every((cell) => cell === cells[0])
  const others = byWidth.filter((column) => column !== text && column !== columns[0])
  const leaving = [...others.filter(isSame), ...others.filter((column) => !isSame(column))]
  const kept = new Set(columns)
  const needed = () => {
    const widths = [...kept].map((column) => {
      return Math.min(widthOf(column), column === text ? Math.ceil(width * TEXT_SHARE) : MAX_OTHER_WIDTH)
    })
    return widths.reduce((sum, one) => sum + one + GAP_WIDTH, -GAP_WIDTH)
  }
  for (const column of leaving) if (needed() > width) kept.delete(column)
  return [...kept]
}

const DECIMALS = 3

/** A number with at most three decimals, or two digits where it is smaller than these; any other value as it is. */
function rounded(value: unknown): unknown {
  if (typeof value !== 'number' || Number.isInteger(value)) return value
  return Number(Math.abs(value) < 10 ** -DECIMALS ? value.toPrecision(2) : value.toFixed(DECIMALS))
}

function shown(value: unknown): string {
  return oneLine(typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? ''))
}
