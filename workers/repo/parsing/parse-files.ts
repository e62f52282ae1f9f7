import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { Language, Parser } from 'web-tree-sitter'
import { loadTokenCounter } from '../../../shared/ai/token-count.ts'
import { CUT_LIMITS, PROSE_LIMITS } from './cut-file.ts'
import type { Definition } from './definition.ts'
import { GRAMMARS } from './grammars.ts'
import { type ParsedParts, partsOf } from './parsed-parts.ts'
import { readDefinitions } from './read-definitions.ts'
import { readSections } from './read-sections.ts'

/**
 * A process of its own, started by `parse-process.ts`: a grammar may loop, leak or abort, and takes nothing else down with it.
 * It answers its parent's requests in order, holds no file after it has answered, and ends with its parent.
 */

export type ParseRequest = { readonly language: string | null; readonly text: string }
/** `ready` once, before the first answer. */
export type ParseAnswer = ParsedParts

const PARENT_CHECK_MS = 500
const PROSE = new Set(['markdown', 'text'])

const languages = new Map<string, Promise<Language>>()
let parser: Promise<Parser> | undefined
let lastAnswer: Promise<unknown> = Promise.resolve()

endWithParent()
// Loaded before the first file, whose deadline it is not to use up.
const countTokens = await loadTokenCounter('cl100k')
process.on('message', (request: ParseRequest) => {
  lastAnswer = lastAnswer.then(async () => process.send?.(await answer(request)))
})
process.send?.('ready')

async function answer({ language, text }: ParseRequest): Promise<ParseAnswer> {
  const lines = text.split('\n')
  const definitions = await readFile(language ?? '', text, lines)
  return partsOf(text, lines, definitions, countTokens, PROSE.has(language ?? '') ? PROSE_LIMITS : CUT_LIMITS)
}

async function readFile(name: string, text: string, lines: readonly string[]): Promise<Definition[]> {
  const grammar = GRAMMARS.get(name)
  if (grammar === undefined) return readSections(name, lines)
  parser ??= createParser()
  let loading = languages.get(name)
  if (loading === undefined) {
    loading = parser.then(() => Language.load(fileURLToPath(import.meta.resolve(grammar.wasm))))
    languages.set(name, loading)
  }
  const tree = (await parser).setLanguage(await loading).parse(text)
  if (tree === null) return []
  try {
    return readDefinitions(tree.rootNode, grammar)
  } finally {
    tree.delete()
  }
}

async function createParser(): Promise<Parser> {
  await Parser.init()
  return new Parser()
}

/** A parent that was killed cannot end this process, and a grammar that loops never sees the channel close: another thread looks. */
function endWithParent(): void {
  const watch = `setInterval(() => { if (process.ppid !== ${process.ppid}) process.kill(process.pid, 'SIGKILL') }, ${PARENT_CHECK_MS})`
  new Worker(watch, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 8 } }).unref()
}
