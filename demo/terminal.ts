import { styleText } from 'node:util'
import Table from 'cli-table3'

/** Owns how the demo looks in a terminal: never wider than it is, colours only where they are wanted (NO_COLOR, not a terminal). */

const MAX_WIDTH = 120
const DEFAULT_WIDTH = 80
const BAR_WIDTH = 30

export function terminalWidth(): number {
  return Math.min(process.stdout.columns || Number(process.env.COLUMNS) || DEFAULT_WIDTH, MAX_WIDTH)
}

export const bold = (text: string) => styleText('bold', text)
export const dim = (text: string) => styleText('dim', text)

/** A heading with air above. */
export function heading(text: string): void {
  console.log(`\n${bold(text)}`)
}

/** A table as wide as the terminal; the column whose width is 0 takes what the others leave. */
export function printTable(
  columns: readonly { readonly title: string; readonly width: number }[],
  rows: readonly (readonly string[])[],
): void {
  const fixed = columns.reduce((sum, column) => sum + column.width, 0)
  const free = terminalWidth() - fixed - columns.length - 1
  const table = new Table({
    head: columns.map((column) => bold(column.title)),
    colWidths: columns.map((column) => column.width || free),
    wordWrap: true,
    style: { head: [], border: [], compact: true },
  })
  for (const row of rows) table.push([...row])
  console.log(table.toString())
}

export type ProgressBar = { update(done: number): void; end(): void }

/** A bar that redraws its line in a terminal; elsewhere it prints one line at the end. */
export function progressBar(label: string, total: number): ProgressBar {
  const startedMs = performance.now()
  let last = 0
  const line = () => {
    const filled = Math.round((BAR_WIDTH * last) / Math.max(1, total))
    const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1)
    const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled)
    return `${label.padEnd(10)} ${bar} ${`${last}/${total}`.padStart(11)} ${seconds.padStart(6)} s`
  }
  return {
    update(done) {
      last = done
      if (process.stdout.isTTY) process.stdout.write(`\r${line()}`)
    },
    end() {
      console.log(process.stdout.isTTY ? `\r${line()}` : line())
    },
  }
}
