import { readdirSync, readFileSync } from 'node:fs'
import { fnv1a } from '../../shared/text/fnv1a.ts'

/** Reads the labelled texts of the filters: one per line, `+` where the filter must act and `-` where it must not, one file per language. */

export type LabelledText = {
  readonly language: string
  readonly text: string
  /** Whether the filter must act. */
  readonly isWanted: boolean
  /** What must be gone afterwards; empty where the whole text counts. */
  readonly secrets: readonly string[]
}

/** One half is for tuning, the other is reported; a text is always in the same half. */
export type Half = 'tune' | 'report'

export function halfOf(line: string): Half {
  return fnv1a(line) % 2 === 0 ? 'tune' : 'report'
}

/** The lines of a folder's files in one half, with their file's name as the language. */
export function readLines(folder: string, half: Half): { language: string; line: string }[] {
  const directory = new URL(`./${folder}/`, import.meta.url)
  return readdirSync(directory)
    .sort()
    .flatMap((file) =>
      readFileSync(new URL(file, directory), 'utf8')
        .split('\n')
        .filter((line) => line !== '' && halfOf(line) === half)
        .map((line) => ({ language: file.replace('.txt', ''), line })),
    )
}

/** Texts of all languages that were written before the rules and weights that they measure, and are never used for tuning. */
export function readUnseen(name: string): string[] {
  return readFileSync(new URL(`./unseen/${name}.txt`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
}

export function labelled(language: string, line: string, secrets: readonly string[] = []): LabelledText {
  return { language, text: line.slice(2), isWanted: line.startsWith('+'), secrets }
}
