import { oneLine, printPlainTable } from '../output/plain-table.ts'
import { bold, knownWidth } from '../output/terminal.ts'

/** Owns the table of a list that is part of an answer. */

export type Item = Readonly<Record<string, unknown>>

/** Fields that people look for first: they keep their columns longest, and are shown although they are objects or lists of objects. */
const FIRST = 'id repoId ref path name failure startLine reason kind status skipped refs skippedFiles'.split(' ')
/** Fields that are worth their columns also where they are the same in all rows. */
const ALSO_SAME = ['path', 'name']
/** Fields that programs look for. */
const LAST = ['commit', 'blobId', 'permalink']
/** Fields that say whose the lines beneath a table are. */
const OWNERS = ['id', 'repoId', 'ref']
/** Most lines beneath a table, for all of its rows together, except that each has one. */
const MAX_LINES_BENEATH = 20

/** A column of a table: a field with its value on one line for each item. */
type Column = {
  readonly name: string
  readonly title: string
  readonly cells: readonly string[]
  readonly isCut: boolean
  readonly isList: boolean
}

/** Prints the fields that fit on one line; texts are cut to the width of the terminal, and what finds no room is named below. */
export function printItems(items: readonly Item[]): void {
  // Not each item has every field.
  const names = [...new Set(items.flatMap(Object.keys))].filter((name) => items.some((item) => saysMore(item[name])))
  const isTable = (name: string) => items.some((item) => isListOfItems(item[name]))
  const isLine = (name: string) => !isTable(name) && (FIRST.includes(name) || !items.some((item) => isItem(item[name])))
  const filled = names.filter(isLine).map((name): Column => {
    const isCut = items.some(({ [name]: value }) => typeof value === 'string' || typeof value === 'object')
    const isList = items.some((item) => Array.isArray(item[name]))
    return { name, title: oneLine(name.toUpperCase()), cells: items.map((item) => cellOf(item[name])), isCut, isList }
  })
  const columns = columnsWithRoom(filled, knownWidth() ?? Number.POSITIVE_INFINITY)
  printPlainTable(
    columns,
    items.map((_, row) => columns.map(({ cells }) => cells[row] as string)),
  )
  const beneath = names.filter((name) => isTable(name) && FIRST.includes(name))
  const hidden = names.filter((name) => !beneath.includes(name) && !columns.some((column) => column.name === name))
  if (hidden.length > 0) console.log(`Not shown: ${oneLine(hidden.join(', ').toUpperCase())}; --json has all.`)
  for (const name of beneath) printBeneath(items, name)
}

/** Prints the lists that the items have under that name as one table. */
function printBeneath(items: readonly Item[], name: string): void {
  const owners = items.filter((item) => isListOfItems(item[name]))
  const share = Math.max(1, Math.floor(MAX_LINES_BENEATH / owners.length))
  const lines = owners.flatMap((owner) => {
    const known = Object.fromEntries(OWNERS.filter((id) => id in owner).map((id) => [id, owner[id]]))
    return (owner[name] as Item[]).map((line) => ({ ...known, ...line })).slice(0, share)
  })
  const left = owners.reduce((sum, owner) => sum + (owner[name] as Item[]).length, -lines.length)
  console.log(bold(name))
  printItems(lines)
  if (left > 0) console.log(`And ${left} more; --json has all.`)
}

/** Of the width, the text that is longest has at least so much. */
const TEXT_SHARE = 0.4
const MAX_OTHER_WIDTH = 24
const GAP_WIDTH = 2
/** Blanks, or letters of another script than that of ids. */
const WORDS = /[^!-~]/

/** Leaves out columns until the longest text has room: what programs look for, what is the same in all rows, lists, then the widest, at last what people look for first. */
function columnsWithRoom(columns: readonly Column[], width: number): Column[] {
  const widthOf = ({ title, cells }: Column) => Math.max(title.length, ...cells.map(({ length }) => length))
  const byWidth = columns.toSorted((a, b) => widthOf(b) - widthOf(a))
  const isNamed = ({ name }: Column) => FIRST.includes(name)
  // Neither a time nor an id, which may be longer than a short fact.
  const isText = ({ cells, isList }: Column) => !isList && cells.some((cell) => WORDS.test(cell))
  const ofLetters = byWidth.filter(({ isCut }) => isCut)
  const text = byWidth.find(isText) ?? ofLetters.find(isNamed) ?? ofLetters[0]
  const rank = (column: Column) => {
    const { name, cells } = column
    if (LAST.includes(name)) return 0
    // The first column says which item it is.
    const isFirst = column === columns[0]
    const isSame = cells.length > 1 && cells.every((cell) => cell === cells[0])
    if (isSame) return isFirst || ALSO_SAME.includes(name) ? 4 : 1
    if (isFirst) return Number.POSITIVE_INFINITY
    if (isNamed(column)) return 5 + FIRST.length - FIRST.indexOf(name)
    return column.isList ? 2 : 3
  }
  const leaving = byWidth.filter((column) => column !== text).toSorted((a, b) => rank(a) - rank(b))
  const kept = new Set(columns)
  const needed = (column: Column) => {
    return Math.min(widthOf(column), column === text ? Math.ceil(width * TEXT_SHARE) : MAX_OTHER_WIDTH)
  }
  const room = () => [...kept].reduce((left, column) => left - needed(column) - GAP_WIDTH, width + GAP_WIDTH)
  for (const column of leaving) if (room() < 0) kept.delete(column)
  // After a wide one, those that left before it may have room.
  const left = leaving.filter((column) => !kept.has(column))
  for (const column of left.reverse()) if (widthOf(column) + GAP_WIDTH <= room()) kept.add(column)
  return columns.filter((column) => kept.has(column))
}

const isItem = (value: unknown): value is Item => typeof value === 'object' && value !== null && !Array.isArray(value)

const isListOfItems = (value: unknown): value is Item[] => Array.isArray(value) && value.some(isItem)

/** An object without a value, as a scope of nobody, says no more than one that is absent. */
function saysMore(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return shown(value) !== ''
  return Object.values(value).some((one) => one !== null)
}

const DECIMALS = 3

/** A number with at most three decimals, or two digits where it is smaller than these; the values of an object or a list; any other value as it is. */
function cellOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(cellOf).join(', ')
  if (isItem(value)) return Object.values(value).map(shown).join(': ')
  if (typeof value !== 'number' || Number.isInteger(value)) return shown(value)
  return String(Number(Math.abs(value) < 10 ** -DECIMALS ? value.toPrecision(2) : value.toFixed(DECIMALS)))
}

/** A value on one line. */
export function shown(value: unknown): string {
  return oneLine(typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? ''))
}
