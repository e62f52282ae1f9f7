import { readdirSync, readFileSync } from 'node:fs'

/** Owns the dialogs of `bench/truth/dialogs`, with what must be remembered of each and what is asked of it. Their form is described in the README above. */

export type Dialog = {
  readonly name: string
  readonly turns: readonly { readonly role: 'user' | 'assistant'; readonly text: string; readonly at: Date }[]
  /** What a memory must say, each by the pieces that are in it. */
  readonly expected: readonly Pieces[]
  /** What a memory may say as well. */
  readonly allowed: readonly Pieces[]
  /** What no memory may say. */
  readonly forbidden: readonly Pieces[]
  readonly questions: readonly { readonly question: string; readonly pieces: Pieces }[]
}
export type Pieces = readonly string[]

const FOLDER = new URL('../truth/dialogs/', import.meta.url)
const FIRST_DAY_MS = Date.UTC(2026, 1, 9, 9)
const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

export function readDialogs(): Dialog[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .map((file) => dialogOf(file.replace('.txt', ''), readFileSync(new URL(file, FOLDER), 'utf8')))
}

function dialogOf(name: string, text: string): Dialog {
  const turns: Dialog['turns'][number][] = []
  let day = 0
  for (const line of text.split('\n')) {
    if (line === '') day += 1
    const [, role, words] = /^(user|assistant)> (.*)$/.exec(line) ?? []
    if (!role || words === undefined) continue
    const at = new Date(FIRST_DAY_MS + day * DAY_MS + turns.length * MINUTE_MS)
    turns.push({ role: role as 'user' | 'assistant', text: words.replaceAll('\\n', '\n'), at })
  }
  const lines = (mark: string) =>
    text.split('\n').flatMap((line) => (line.startsWith(`${mark} `) ? [line.slice(2)] : []))
  const questions = lines('?').map((line) => {
    const [question = '', pieces = ''] = line.split(' = ')
    return { question, pieces: piecesOf(pieces) }
  })
  return {
    name,
    turns,
    expected: lines('+').map(piecesOf),
    allowed: lines('~').map(piecesOf),
    forbidden: lines('-').map(piecesOf),
    questions,
  }
}

function piecesOf(line: string): Pieces {
  return line.toLowerCase().split(' & ')
}

/** Whether a memory says what the pieces are of. */
export function says(fact: string, pieces: Pieces): boolean {
  const lower = fact.toLowerCase()
  return pieces.every((piece) => lower.includes(piece))
}
