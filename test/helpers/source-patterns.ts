import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Language, type Node, Parser } from 'web-tree-sitter'

/** Finds every regular expression of the source, and every place where one is made at run time. */

export type SourcePattern = { readonly place: string; readonly source: string; readonly flags: string }
/** `new RegExp(...)`, by its own text without blanks. */
export type MadePattern = { readonly place: string; readonly expression: string }

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** What is no part of the product. */
const OUTSIDE = /^(test|bench|docs|demo)\//
const GRAMMAR = '@vscode/tree-sitter-wasm/wasm/tree-sitter-typescript.wasm'

export async function readSourcePatterns(): Promise<{ literals: SourcePattern[]; made: MadePattern[] }> {
  await Parser.init()
  const parser = new Parser().setLanguage(await Language.load(fileURLToPath(import.meta.resolve(GRAMMAR))))
  const literals: SourcePattern[] = []
  const made: MadePattern[] = []
  const listed = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '-z', '*.ts', '*.mjs', '*.js'],
    {
      cwd: ROOT,
      encoding: 'utf8',
    },
  )
  for (const file of listed.split('\0')) {
    if (file === '' || OUTSIDE.test(file)) continue
    const tree = parser.parse(readFileSync(join(ROOT, file), 'utf8'))
    if (!tree) throw new Error(`${file} cannot be parsed.`)
    const placeOf = (node: Node) => `${file}:${node.startPosition.row + 1}`
    for (const node of tree.rootNode.descendantsOfType('regex'))
      literals.push({
        place: placeOf(node),
        source: node.childForFieldName('pattern')?.text ?? '',
        flags: node.childForFieldName('flags')?.text ?? '',
      })
    for (const node of tree.rootNode.descendantsOfType(['new_expression', 'call_expression']))
      if ((node.childForFieldName('constructor') ?? node.childForFieldName('function'))?.text === 'RegExp')
        made.push({ place: placeOf(node), expression: node.text.replace(/\s/g, '') })
    tree.delete()
  }
  parser.delete()
  return { literals, made }
}
