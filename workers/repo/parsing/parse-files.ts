import { flushCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { Language, Parser } from 'web-tree-sitter'
import { loadTokenCounter } from '../../../shared/ai/tokens/token-count.ts'
import { PROSE_LANGUAGES } from '../../../shared/repo/languages.ts'
import type { SkipReason } from '../../../shared/repo/skip-reason.ts'
import { CUT_LIMITS, PROSE_LIMITS } from './cut-file.ts'
import type { Definition } from './definition.ts'
import { COMPONENT_LANGUAGES, embeddedScripts, mergeDefinitions, shiftLines } from './embedded-scripts.ts'
import { OUTLINES } from './outlines.ts'
import { listParts, type ParsedParts } from './parsed-parts.ts'
import { readFile } from './read-file.ts'
import { readOutline } from './read-outline.ts'
import { readSections } from './read-sections.ts'
import { GRAMMARS } from './syntax/grammars.ts'
import { withoutMacros } from './syntax/mask-macros.ts'
import { readDefinitions } from './syntax/read-definitions.ts'

/**
 * A process of its own, started by `parse-process.ts`: what a file does to its decoder, its redactor or its grammar takes nothing else down.
 * It answers its parent's requests in order, holds no file after it has answered, and ends with its parent.
 */

export type ParseRequest = {
  /** Null where the name of the file does not tell it. */
  readonly language: string | null
  readonly content: Uint8Array
  readonly path: string
  readonly isHandWritten: boolean
  /** Its grammar did not come back. */
  readonly isByLines: boolean
}

/** `ready` comes once, before the first. The text is what the parts are of. */
export type ParseAnswer =
  | { readonly skipReason: SkipReason }
  | (ParsedParts & {
      readonly language: string | null
      readonly text: string
      readonly redacted: number
    })

const PARENT_CHECK_MS = 500
/** Of V8; all are on by default. What is compiled on its first call would be compiled by the flags of then. */
const OPTIMISING_FLAGS = ['wasm-dynamic-tiering', 'wasm-tier-up', 'wasm-lazy-compilation']

const grammars = new Map<string, Promise<Language>>()
let parser: Promise<Parser> | undefined
let lastAnswer: Promise<unknown> = Promise.resolve()

endWithParent()
// Loaded before the first file, whose deadline it is not to use up.
const countTokens = await loadTokenCounter('cl100k')
process.on('message', (request: ParseRequest) => {
  lastAnswer = lastAnswer.then(async () => process.send?.(await answer(request)))
})
process.send?.('ready')
// Node keeps what it compiled when a process ends by itself, and this one is killed.
flushCompileCache()

async function answer({
  content,
  path,
  language: named,
  isHandWritten,
  isByLines,
}: ParseRequest): Promise<ParseAnswer> {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  const read = readFile(bytes, { path, named, isHandWritten })
  if ('skipReason' in read) return read
  const { text, language, redacted } = read
  const lines = text.split('\n')
  const definitions = isByLines || language === null ? [] : await definitionsOf(language, text, lines)
  const limits = PROSE_LANGUAGES.has(language ?? '') ? PROSE_LIMITS : CUT_LIMITS
  const parts = listParts(text, lines, definitions, countTokens, limits)
  return { ...parts, language, text, redacted }
}

async function definitionsOf(name: string, text: string, lines: readonly string[]): Promise<Definition[]> {
  if (COMPONENT_LANGUAGES.has(name)) return readComponent(name, text, lines)
  const grammar = GRAMMARS.get(name)
  if (grammar === undefined) return OUTLINES.has(name) ? readOutline(name, lines) : readSections(name, lines)
  parser ??= createParser()
  let loading = grammars.get(name)
  if (loading === undefined) {
    loading = parser.then(() => loadGrammar(grammar.wasm))
    grammars.set(name, loading)
  }
  const tree = (await parser).setLanguage(await loading).parse(withoutMacros(name, text))
  if (tree === null) return []
  try {
    return readDefinitions(tree.rootNode, grammar)
  } finally {
    tree.delete()
  }
}

/** What its scripts define, and the parts of its template that no script is in. */
async function readComponent(name: string, text: string, lines: readonly string[]): Promise<Definition[]> {
  const scripts: Definition[] = []
  for (const script of embeddedScripts(name, text)) {
    const found = await definitionsOf(script.language, script.text, [])
    scripts.push(...found.map((one) => shiftLines(one, script.line)))
  }
  return mergeDefinitions(scripts, readSections('html', lines))
}

async function createParser(): Promise<Parser> {
  await Parser.init()
  return new Parser()
}

/**
 * Without optimised code: V8 decides that of each module as it loads. Optimising a grammar's lexer takes 0.1 to 3 GB (Swift, PowerShell, Bash and Kotlin
 * the most) and more time than it saves in some megabytes of source. The parser's own module stays optimised, and most of the time is spent there.
 */
async function loadGrammar(wasm: string): Promise<Language> {
  for (const flag of OPTIMISING_FLAGS) setFlagsFromString(`--no-${flag}`)
  try {
    return await Language.load(fileURLToPath(import.meta.resolve(wasm)))
  } finally {
    for (const flag of OPTIMISING_FLAGS) setFlagsFromString(`--${flag}`)
  }
}

/** A parent that was killed cannot end this process, and a grammar that loops never sees the channel close: another thread looks. */
function endWithParent(): void {
  const watch = `setInterval(() => { if (process.ppid !== ${process.ppid}) process.kill(process.pid, 'SIGKILL') }, ${PARENT_CHECK_MS})`
  new Worker(watch, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 8 } }).unref()
}
