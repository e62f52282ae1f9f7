import type { CodeParser, ParsedFile } from '../../../workers/repo/parsing/code-parser.ts'

/** A text of a language, as what has no name. */
export type NamedText = { readonly language: string | null; readonly text: string; readonly signal?: AbortSignal }

/** Cuts a text that somebody wrote; throws where it is left out. */
export async function parseText(parser: CodeParser, { text, ...file }: NamedText): Promise<ParsedFile> {
  const read = await parser.read({ ...file, path: '', content: Buffer.from(text), isHandWritten: true })
  if ('skipReason' in read) throw new Error(read.skipReason)
  return read.parsed
}
