import { type AST, RegExpParser, visitRegExpAST } from '@eslint-community/regexpp'
import { type Expression, isDisjointWith, JS, NFA, type NoParent } from 'refa'
import { analyse } from 'scslre'

/**
 * Tells which regular expressions may take more than linear time: those that can split a text in several ways (by scslre), and those that begin
 * again at many places of a text, and run through the rest of it from each.
 */

const MAX_NODES = 20_000

/** What is wrong with a pattern, in a word; undefined for one that is linear. */
export function superLinearCause(source: string, flags: string): string | undefined {
  const { reports } = analyse({ source, flags }, { reportTypes: { Move: !flags.includes('y') } })
  const [report] = reports
  if (report) return report.exponential ? 'exponential' : `polynomial (${report.type})`
  const literal = new RegExpParser().parseLiteral(`/${source}/${flags}`)
  return hasRestart(literal) ? 'polynomial (Restart)' : undefined
}

function hasRestart(literal: AST.RegExpLiteral): boolean {
  if (literal.flags.sticky) return false
  let isFound = false
  visitRegExpAST(literal.pattern, {
    onQuantifierEnter(quantifier) {
      if (quantifier.max === Number.POSITIVE_INFINITY) isFound ||= restartsWithin(quantifier, literal)
    },
  })
  return isFound
}

/** Whether what stands before an endless repetition may begin many times inside it, while what stands after it may fail each time. */
function restartsWithin(repeated: AST.Quantifier, literal: AST.RegExpLiteral): boolean {
  const before: AST.Element[] = []
  let canFail = false
  for (let node: AST.Node = repeated; node.parent; node = node.parent) {
    if (node.parent.type !== 'Alternative') continue
    const at = node.parent.elements.indexOf(node as AST.Element)
    before.unshift(...node.parent.elements.slice(0, at))
    canFail ||= node.parent.elements.slice(at + 1).some((element) => !isOptional(element))
  }
  const isAnchored = before.some((one) => one.type === 'Assertion' && one.kind === 'start') && !literal.flags.multiline
  // Without anything before it, it is the other analysis' to judge.
  if (!canFail || isAnchored || before.every(isOptional)) return false
  const parser = JS.Parser.fromAst(literal)
  const expressionOf = (elements: readonly AST.Element[]): NoParent<Expression> => ({
    type: 'Expression',
    alternatives: [
      {
        type: 'Concatenation',
        elements: elements.map((one) => ({
          type: 'Alternation',
          alternatives: parser.parseElement(one, { assertions: 'ignore', backreferences: 'unknown' }).expression
            .alternatives,
        })),
      },
    ],
  })
  const options = { maxCharacter: literal.flags.unicode || literal.flags.unicodeSets ? 0x10ffff : 0xffff }
  const nfaOf = (elements: readonly AST.Element[]) =>
    NFA.fromRegex(expressionOf(elements), options, {}, new NFA.LimitedNodeFactory(MAX_NODES))
  const containing = nfaOf(before)
  containing.prepend(NFA.all(options))
  containing.append(NFA.all(options))
  return !isDisjointWith(containing, nfaOf([repeated]))
}

function isOptional(element: AST.Element): boolean {
  if (element.type === 'Quantifier') return element.min === 0
  return element.type === 'Assertion' && element.kind !== 'end' && element.kind !== 'start'
}
