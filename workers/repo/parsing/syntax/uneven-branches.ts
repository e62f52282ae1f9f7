/**
 * Owns conditions of C's preprocessor whose branches open or close braces, as two heads of one loop do: a grammar sees both, and takes the rest of
 * the file for the body. One branch stays, without its condition. Pure and in linear time. Guarantees: length, lines and offsets stay.
 */

const DIRECTIVE = /^[ \t]{0,100}#[ \t]{0,20}([a-z]{0,12})/
const BRACE = /["'{}]|\/[/*]/g

type Range = { readonly from: number; readonly to: number }
type Branch = { readonly from: number; to: number; depth: number }
type Condition = { readonly directives: Range[]; readonly branches: Branch[] }

/** The text with what an uneven condition does not keep as blanks. */
export function withoutUnevenBranches(text: string): string {
  const blank: Range[] = []
  const open: Condition[] = []
  let isInComment = false
  let isContinued = false
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from)
    const to = end < 0 ? text.length : end
    const line = text.slice(from, to)
    const word: string | undefined = isInComment || isContinued ? undefined : DIRECTIVE.exec(line)?.[1]
    const isDirective: boolean = word !== undefined || isContinued
    if (word === 'if' || word === 'ifdef' || word === 'ifndef')
      open.push({ directives: [{ from, to }], branches: [{ from: to, to, depth: 0 }] })
    else if (word === 'else' || word?.startsWith('elif') || word === 'endif') {
      const condition = open.at(-1)
      condition?.directives.push({ from, to })
      endBranch(condition, from)
      if (word !== 'endif') condition?.branches.push({ from: to, to, depth: 0 })
      else if (open.pop()) blank.push(...settle(condition as Condition, open.at(-1)))
    } else if (!isDirective) {
      const counted = countBraces(line, isInComment)
      isInComment = counted.isInComment
      const branch = open.at(-1)?.branches.at(-1)
      if (branch) branch.depth += counted.depth
    }
    isContinued = isDirective && /\\\r?$/.test(line.slice(-2))
    from = to + 1
  }
  return blankOut(text, blank)
}

function endBranch(condition: Condition | undefined, at: number): void {
  const branch = condition?.branches.at(-1)
  if (branch) branch.to = at
}

/** The lines to blank of a condition that ends; the condition around it hears how deep the kept branch leaves the braces. */
function settle({ directives, branches }: Condition, outer: Condition | undefined): Range[] {
  const kept = branches.find(({ depth }) => depth !== 0)
  if (kept === undefined) return []
  const around = outer?.branches.at(-1)
  if (around) around.depth += kept.depth
  return [...directives, ...branches.filter((branch) => branch !== kept)]
}

/** How many braces a line opens, less those it closes. A string ends with its line. */
function countBraces(line: string, startsInComment: boolean): { depth: number; isInComment: boolean } {
  let depth = 0
  let free = 0
  if (startsInComment) {
    const end = line.indexOf('*/')
    if (end < 0) return { depth, isInComment: true }
    free = end + 2
  }
  for (const { 0: mark, index } of line.matchAll(BRACE)) {
    if (index < free) continue
    if (mark === '{') depth += 1
    else if (mark === '}') depth -= 1
    else if (mark === '//') break
    else if (mark === '/*') {
      const end = line.indexOf('*/', index + 2)
      if (end < 0) return { depth, isInComment: true }
      free = end + 2
    } else free = endOfQuoted(line, index + 1, mark)
  }
  return { depth, isInComment: false }
}

function endOfQuoted(line: string, start: number, mark: string): number {
  for (let at = start; at < line.length; at++) {
    if (line[at] === '\\') at += 1
    else if (line[at] === mark) return at + 1
  }
  return line.length
}

function blankOut(text: string, ranges: readonly Range[]): string {
  let kept = ''
  let at = 0
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    if (to <= at) continue
    const start = Math.max(at, from)
    kept += text.slice(at, start) + text.slice(start, to).replace(/[^\r\n]/g, ' ')
    at = to
  }
  return kept + text.slice(at)
}
