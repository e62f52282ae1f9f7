import type { ExtractedFact, ExtractFactsOutput, TurnText } from '../../workers/memory/facts/facts.ts'
import { factsByRules } from '../../workers/memory/local-rules/fact-rules.ts'

/**
 * Owns the answers of a model that reads carelessly: whatever stands in a turn is the speaker's, whoever said it; some quotes are a word or two,
 * some were never said; what is asked for is taken for a fact. What is right in them is what the rules find.
 */

const BASE = { subject: 'the user', attribute: null, importance: 0.5, when: null, kind: 'fact' as const }
const MAX_PIECES = 20

/** The facts of one turn. */
export function carelessAnswer(turn: TurnText): ExtractFactsOutput {
  const right = factsByRules({ turns: [turn] }).facts.map(shortlyQuoted)
  const swallowed = piecesOf(turn.text).map((piece): ExtractedFact => {
    const employer = /\b(?:work|arbeite|travaille|trabajo|trabalho|lavoro)\b/i.test(piece)
    const attribute = employer ? 'employer' : 'residence'
    return { ...BASE, fact: `${turn.speaker}: ${piece}`, attribute, quote: piece, turn: turn.turn }
  })
  const invented = { ...BASE, fact: `${turn.speaker} lives on the Moon.`, quote: 'I live on the Moon', turn: turn.turn }
  return { facts: [...right, ...swallowed, invented] }
}

/** What stands in quotation marks, after a colon or on a line of its own: what a careless reader takes for a statement. */
function piecesOf(text: string): string[] {
  const quoted = [...text.matchAll(/["“«「]([^"”»」]{8,200})["”»」]/gu)].map(([, inner = '']) => inner)
  const lines = text.split('\n').length > 1 ? text.split('\n') : []
  const afterColon = lines.flatMap((line) => line.match(/[:：] ?(\p{L}[^:"“]{8,200})$/u)?.[1] ?? [])
  return [...quoted, ...afterColon].map((piece) => piece.trim()).slice(0, MAX_PIECES)
}

function shortlyQuoted(fact: ExtractedFact): ExtractedFact {
  const [first = '', second = ''] = fact.quote.split(' ')
  const short = `${first} ${second}`.trim()
  return fact.turn % 2 === 0 && second !== '' ? { ...fact, quote: short } : fact
}
