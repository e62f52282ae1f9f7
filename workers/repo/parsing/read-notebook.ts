import { languagesNamed } from '../../../shared/repo/languages.ts'

/**
 * Owns the text of a Jupyter notebook: the sources of its cells and what they printed, prose and output as comments. Pure. Guarantees: where a
 * notebook is written as Jupyter writes it, each line of a cell stands on its own line of the file; pictures and other outputs are left out.
 */

type Notebook = {
  readonly text: string
  /** Of its code; undefined for one that has no name here. */
  readonly language: string | undefined
}

type Cell = { readonly cell_type?: unknown; readonly source?: unknown; readonly outputs?: unknown }

const DEFAULT_LANGUAGE = 'python'
const COMMENT = '# '

/** What a notebook says; undefined for a file that is none. */
export function readNotebook(json: string): Notebook | undefined {
  const parsed = parseJson(json)
  if (!isRecord(parsed) || !Array.isArray(parsed.cells)) return undefined
  const cells = parsed.cells.filter(isRecord) as Cell[]
  const metadata = isRecord(parsed.metadata) ? parsed.metadata : {}
  const info = isRecord(metadata.language_info) ? metadata.language_info.name : undefined
  const language = languagesNamed(typeof info === 'string' ? info : DEFAULT_LANGUAGE)?.[0]
  const expected = cells.reduce((lines, { source }) => lines + linesOf(source).length, 0)
  return { text: textInPlace(json, expected) ?? textOfCells(cells), language }
}

/** The lines of cells where they stand in the file; undefined where several share a line of it. */
function textInPlace(json: string, expected: number): string | undefined {
  let isProse = false
  let within: 'source' | 'output' | undefined
  let sources = 0
  const lines = json.split('\n').map((raw) => {
    const line = raw.trim()
    if (within === undefined) {
      if (line.startsWith('"cell_type":')) isProse = !line.includes('"code"')
      if (line === '"source": [') within = 'source'
      else if (line === '"text": [' || line === '"text/plain": [') within = 'output'
      return ''
    }
    if (line === ']' || line === '],') {
      within = undefined
      return ''
    }
    const piece = parseJson(line.endsWith(',') ? line.slice(0, -1) : line)
    if (typeof piece !== 'string') return ''
    if (within === 'source') sources += 1
    return within === 'output' || isProse ? COMMENT + withoutLineEnd(piece) : withoutLineEnd(piece)
  })
  return sources === expected && lines.every((line) => !line.includes('\n')) ? lines.join('\n') : undefined
}

function textOfCells(cells: readonly Cell[]): string {
  return cells
    .map(({ cell_type: type, source, outputs }) => {
      const code = linesOf(source).flatMap((line) => withoutLineEnd(line).split('\n'))
      const printed = Array.isArray(outputs) ? outputs.filter(isRecord).flatMap(printedLines) : []
      const shown = type === 'code' ? code : code.map((line) => COMMENT + line)
      return [...shown, ...printed.map((line) => COMMENT + line)].join('\n')
    })
    .join('\n\n')
}

function printedLines(output: Record<string, unknown>): string[] {
  const data = isRecord(output.data) ? output.data['text/plain'] : undefined
  return [...linesOf(output.text), ...linesOf(data)].flatMap((line) => withoutLineEnd(line).split('\n'))
}

function linesOf(source: unknown): string[] {
  if (typeof source === 'string') return source === '' ? [] : [source]
  return Array.isArray(source) ? source.filter((line) => typeof line === 'string') : []
}

function withoutLineEnd(line: string): string {
  return line.endsWith('\n') ? line.slice(0, -1) : line
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
