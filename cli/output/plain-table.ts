import { styleText } from 'node:util'
import { knownWidth } from './terminal.ts'

/**
 * Prints rows as aligned columns without borders, which `grep` and `awk` can read. Guarantees: never wider than the terminal, nothing is cut where
 * there is none, and no control sequence of a text reaches it.
 */

const MIN_COLUMN_WIDTH = 6
const GAP = '  '

/** One column. If rows are too wide, the columns with `isCut` are shortened, widest first: texts, never numbers or times. */
type PlainColumn = { readonly title: string; readonly isCut?: boolean }

/** Prints rows under titles. */
export function printPlainTable(columns: readonly PlainColumn[], rows: readonly (readonly string[])[]): void {
  const titles = columns.map(({ title }) => title)
  const cells = rows.map((row) => row.map(oneLine))
  const widths = titles.map((title, index) => Math.max(title.length, ...cells.map((row) => lengthOf(row[index] ?? ''))))
  const width = knownWidth() ?? Number.POSITIVE_INFINITY
  const excess = () => widths.reduce((sum, one) => sum + one, 0) + GAP.length * (titles.length - 1) - width
  const widestCut = () =>
    columns.reduce((widest, { isCut }, index) => {
      const isWider = (widths[index] as number) > (widths[widest] ?? MIN_COLUMN_WIDTH)
      return isCut && isWider ? index : widest
    }, -1)
  for (let index = widestCut(); excess() > 0 && index >= 0; index = widestCut())
    widths[index] = (widths[index] as number) - 1
  const line = (row: readonly string[]) => row.map((cell, index) => fitted(cell, widths[index] as number)).join(GAP)
  console.log(styleText('bold', line(titles).trimEnd()))
  for (const row of cells) console.log(line(row).trimEnd())
}

/** Puts a text on one line, without control characters: an escape sequence in it must not reach the terminal. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ')
}

/** A number with its noun, whose plural is regular. */
export function quantity(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

const lengthOf = (text: string) => [...text].length

/** Of a path the end says most. */
const isPath = (cell: string) => cell.includes('/') && !/\s/.test(cell)

function fitted(cell: string, width: number): string {
  const characters = [...cell]
  if (characters.length > width)
    return isPath(cell) ? `…${characters.slice(1 - width).join('')}` : `${characters.slice(0, width - 1).join('')}…`
  return cell + ' '.repeat(width - characters.length)
}
