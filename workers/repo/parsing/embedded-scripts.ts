import type { Definition } from './definition.ts'

/**
 * Owns where the scripts lie in pages and in the files of components: HTML, Vue, Svelte and Astro. Pure and in linear time.
 */

export const COMPONENT_LANGUAGES: ReadonlySet<string> = new Set(['vue', 'svelte', 'astro', 'html'])

type EmbeddedScript = {
  readonly language: 'typescript' | 'tsx' | 'javascript'
  readonly text: string
  /** Its first in the file, from 0 on. */
  readonly line: number
}

/** Of a file; more are the work of a program. */
const MAX_SCRIPTS = 8
const MAX_TAG = 1_000
const FENCE = /^---[ \t]{0,20}\r?$/m

/** The scripts of a component, top to bottom. */
export function embeddedScripts(language: string, text: string): EmbeddedScript[] {
  const scripts: EmbeddedScript[] = []
  let at = 0
  const front = language === 'astro' ? frontMatter(text) : undefined
  if (front) {
    scripts.push({ language: 'typescript', text: text.slice(...front), line: lineAt(text, front[0]) })
    at = front[1]
  }
  const lower = text.toLowerCase()
  while (scripts.length < MAX_SCRIPTS) {
    const open = lower.indexOf('<script', at)
    if (open < 0) break
    const from = lower.indexOf('>', open) + 1
    if (from === 0) break
    const close = lower.indexOf('</script', from)
    const to = close < 0 ? text.length : close
    at = to
    const tag = lower.slice(open, Math.min(from, open + MAX_TAG))
    if (/\btype\s{0,4}=\s{0,4}["']?[^"'>]{0,80}(?:json|text\/(?!javascript|typescript|babel))/.test(tag)) continue
    scripts.push({ language: scriptLanguage(language, tag), text: text.slice(from, to), line: lineAt(text, from) })
  }
  return scripts
}

function scriptLanguage(component: string, tag: string): EmbeddedScript['language'] {
  const named = /\blang\s{0,4}=\s{0,4}["']?(\w{1,20})/.exec(tag)?.[1]
  if (named === 'tsx' || named === 'jsx') return 'tsx'
  return named?.startsWith('ts') || named === 'typescript' || component === 'astro' ? 'typescript' : 'javascript'
}

/** What lies between the fences at the top of an Astro component. */
function frontMatter(text: string): [from: number, to: number] | undefined {
  const open = FENCE.exec(text)
  if (open === null || text.slice(0, open.index).trim() !== '') return undefined
  const from = open.index + open[0].length
  const close = FENCE.exec(text.slice(from))
  return close === null ? undefined : [from, from + close.index]
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length - 1
}

/** A definition of a script where the script stands in its file. */
export function shiftLines(one: Definition, by: number): Definition {
  return {
    ...one,
    firstLine: one.firstLine + by,
    line: one.line + by,
    lastLine: one.lastLine + by,
    members: one.members.map((member) => shiftLines(member, by)),
  }
}

/** Definitions of scripts, with those of the elements around them, which end where a script defines something. */
export function mergeDefinitions(scripts: readonly Definition[], elements: readonly Definition[]): Definition[] {
  const ordered = [...scripts].sort((a, b) => a.firstLine - b.firstLine)
  // A script's definitions may share a line where everything stands on one.
  const apart = ordered.filter((one, at) => at === 0 || one.firstLine > (ordered[at - 1] as Definition).lastLine)
  if (apart.length === 0) return [...elements]
  let next = 0
  const around = elements.flatMap((one) => {
    while (next < apart.length && (apart[next] as Definition).lastLine < one.firstLine) next += 1
    const { firstLine = Number.POSITIVE_INFINITY } = apart[next] ?? {}
    if (one.name === 'script' || one.firstLine >= firstLine) return []
    return [{ ...one, lastLine: Math.min(one.lastLine, firstLine - 1) }]
  })
  return [...apart, ...around].sort((a, b) => a.firstLine - b.firstLine)
}
