import { redactSecrets } from '../../../shared/redact/redact-secrets.ts'
import { programmingLanguageOf } from '../../../shared/repo/languages.ts'
import type { SkipReason } from '../../../shared/repo/skip-reason.ts'
import { isTooLarge, readableTextOf } from '../git/skip-rules.ts'
import { languageOfContent } from './content-language.ts'
import { readNotebook } from './read-notebook.ts'

/** Owns what the bytes of a file become before they are parsed: a text without its secrets, and its language. Pure. */

/** Of its first and its last line, which may tell the language. */
const MAX_LINE = 200

type ReadFile = {
  readonly text: string
  /** Of a notebook, that of its code. */
  readonly language: string | null
  readonly redacted: number
}

type NamedFile = {
  readonly path: string
  /** The language by its name, or by the attributes of its repository; null where they do not tell it. */
  readonly named: string | null
  /** Said by the repository: no look of it makes it a program's. */
  readonly isHandWritten: boolean
}

export function readFile(
  content: Buffer,
  { path, named, isHandWritten }: NamedFile,
): ReadFile | { readonly skipReason: SkipReason } {
  const found = readableTextOf(content, named, isHandWritten)
  if ('reason' in found) return { skipReason: found.reason }
  const firstLine = found.text.slice(0, MAX_LINE).split('\n', 1)[0] as string
  const lastLine = found.text.slice(-MAX_LINE).trimEnd().split('\n').at(-1) as string
  // What the repository says of a header decides over what the header looks like.
  const isSaid = named !== null && named !== programmingLanguageOf(path)
  const own = isSaid
    ? named
    : languageOfContent(path, named ?? programmingLanguageOf(path, firstLine, lastLine), found.text)
  const notebook = own === 'notebook' ? readNotebook(found.text) : undefined
  const written = notebook?.text ?? found.text
  if (isTooLarge(written)) return { skipReason: 'too_large' }
  const { text, found: secrets } = redactSecrets(written)
  const language = notebook?.language ?? own
  return { text, language, redacted: Object.values(secrets).reduce((sum, count) => sum + count, 0) }
}
