import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

/** Owns the conversations of `bench/truth`, with what must be remembered of each. The form is told in the README beside them. */

export type Truth = {
  readonly kind: string
  readonly language: string
  /** The half by which rules are tuned; the other one is reported. */
  readonly isTuning: boolean
  readonly turns: readonly {
    readonly role: 'user' | 'assistant'
    readonly text: string
    /** A user who speaks instead of the usual one. */
    readonly speaker?: string
    readonly at: Date
    readonly timeZone: string
  }[]
  readonly expected: readonly Expectation[]
}

export type Expectation =
  | { readonly type: 'held' | 'absent'; readonly pieces: readonly string[] }
  | { readonly type: 'day' | 'kind'; readonly pieces: readonly string[]; readonly value: string }

const FOLDER = new URL('../truth/', import.meta.url)
const WEEK_MS = 7 * 86_400_000
const FIRST_DAY = Date.UTC(2026, 2, 4)
const DEFAULT_HOUR = 10
const HOUR_MS = 3_600_000

/** All conversations, by language and in the order of their files. */
export function readTruths(): Truth[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.txt'))
  return files.sort().flatMap((file) =>
    readFileSync(new URL(file, FOLDER), 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => truthOf(line, file.replace('.txt', ''))),
  )
}

function truthOf(line: string, language: string): Truth {
  const [kind = '', ...fields] = line.split(' | ')
  const isExpectation = (field: string) => /^(?:[+!-]|@.* = )/.test(field)
  const said = fields.filter((field) => !isExpectation(field))
  return {
    kind,
    language,
    isTuning: (createHash('sha256').update(line).digest()[0] as number) % 2 === 0,
    turns: said.map((field, week) => {
      const [, zone, hour, words = ''] = /^(?:\{([^}]*)\}\{(\d+)\})?(.*)$/s.exec(field) ?? []
      const [, speaker, text = ''] = /^(?:(assistant|\p{Lu}\p{L}{1,20})>)?(.*)$/su.exec(words) ?? []
      const isAssistant = speaker === 'assistant'
      return {
        role: isAssistant ? ('assistant' as const) : ('user' as const),
        text: text.replaceAll('\\n', '\n'),
        ...(speaker !== undefined && !isAssistant && { speaker }),
        at: new Date(FIRST_DAY + week * WEEK_MS + Number(hour ?? DEFAULT_HOUR) * HOUR_MS),
        timeZone: zone ?? 'UTC',
      }
    }),
    expected: fields.filter(isExpectation).map(expectationOf),
  }
}

function expectationOf(field: string): Expectation {
  const [words = '', value = ''] = field.slice(1).split(' = ')
  const pieces = words.split(' & ')
  if (field.startsWith('@')) return { type: 'day', pieces, value }
  if (field.startsWith('!')) return { type: 'kind', pieces, value }
  return { type: field.startsWith('+') ? 'held' : 'absent', pieces: field.startsWith('+') ? pieces : [field.slice(1)] }
}
