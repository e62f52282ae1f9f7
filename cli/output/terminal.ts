import { styleText } from 'node:util'
import Table from 'cli-table3'

/** Prints headings, tables and progress in a terminal: never wider than it, in colour only if wanted (NO_COLOR, not a terminal). */

const MAX_WIDTH = 120
const DEFAULT_WIDTH = 80
const MIN_TEXT_WIDTH = 16
const BAR_WIDTH = 30
/** Width of a bar's label, count and seconds. */
const BAR_COMPANY_WIDTH = 37

/** The width of the terminal, or the one that COLUMNS gives; undefined in a pipe, whose reader wants whole lines. */
export function knownWidth(): number | undefined {
  return process.stdout.columns || Number(process.env.COLUMNS) || undefined
}

function terminalWidth(): number {
  return Math.min(knownWidth() ?? DEFAULT_WIDTH, MAX_WIDTH)
}

export const bold = (text: string) => styleText('bold', text)
export const dim = (text: string) => styleText('dim', text)

/** Prints a heading, with a blank line above. */
export function heading(text: string): void {
  console.log()
  printHanging(0, '', bold(text))
}

const EDGES = ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
const LINES = ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle']
const NO_BORDER = Object.fromEntries([...EDGES, ...LINES].map((name) => [name, '']))

/** Prints a label and a text wrapped at the terminal's width, in a pipe on one line; all lines of the text are indented by `indent` columns. */
export function printHanging(indent: number, label: string, text: string): void {
  if (knownWidth() === undefined) {
    for (const [index, line] of text.split('\n').entries())
      console.log(`${(index === 0 ? label : '').padEnd(indent)}${line}`.trimEnd())
    return
  }
  const width = Math.max(MIN_TEXT_WIDTH, terminalWidth() - indent)
  const table = new Table({
    chars: NO_BORDER,
    colWidths: indent === 0 ? [width] : [indent, width],
    wordWrap: true,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  })
  const cell = breakable(text, width)
  table.push(indent === 0 ? [cell] : [label, cell])
  for (const line of table.toString().split('\n')) console.log(line.trimEnd())
}

/** Prints a table as wide as the terminal; the column with width 0 takes the remaining space. */
export function printTable(
  columns: readonly { readonly title: string; readonly width: number }[],
  rows: readonly (readonly string[])[],
): void {
  const fixed = columns.reduce((sum, column) => sum + column.width, 0)
  const free = Math.max(MIN_TEXT_WIDTH, terminalWidth() - fixed - columns.length - 1)
  const widths = columns.map((column) => column.width || free)
  const table = new Table({
    head: columns.map((column) => bold(column.title)),
    colWidths: widths,
    wordWrap: true,
    style: { head: [], border: [], compact: true },
  })
  const padding = 2
  for (const row of rows) table.push(row.map((cell, index) => breakable(cell, (widths[index] as number) - padding)))
  console.log(table.toString())
}

/** Breaks words that are longer than their column, such as URLs, which the table would otherwise cut off. */
function breakable(text: string, width: number): string {
  return text.replace(new RegExp(`(\\S{${width}})(?=\\S)`, 'gu'), '$1 ')
}

/** Shows a progress bar during the work, in a unit if one is given: redrawn in a terminal; elsewhere one line at the end. */
export async function withProgress(
  label: string,
  total: number,
  work: (update: (done: number) => void) => Promise<void>,
  out: NodeJS.WriteStream = process.stdout,
  unit = '',
): Promise<void> {
  const startedMs = performance.now()
  const barWidth = Math.min(BAR_WIDTH, Math.max(1, terminalWidth() - BAR_COMPANY_WIDTH))
  let last = 0
  const line = () => {
    const filled = Math.round((barWidth * last) / Math.max(1, total))
    const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1)
    const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled)
    return `${label.padEnd(10)} ${bar} ${`${last}/${total}${unit}`.padStart(11)} ${seconds.padStart(6)} s`
  }
  try {
    await work((done) => {
      last = done
      if (out.isTTY) out.write(`\r${line()}`)
    })
  } finally {
    // Also after a failure: its message must start on a new line.
    out.write(`${out.isTTY ? '\r' : ''}${line()}\n`)
  }
}
