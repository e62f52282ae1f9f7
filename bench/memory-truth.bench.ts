import { DEFAULT_TIME_ZONE, wallClock } from '../shared/time-zone.ts'
import { factsByRules } from '../workers/memory/local-rules/fact-rules.ts'
import { type Benchmark, round } from './benchmark.ts'
import { type Expectation, readTruths, type Truth } from './inputs/truths.ts'
import { carelessAnswer } from './measures/careless-model.ts'
import { type DialogGrade, gradeDialogs } from './measures/grade-dialogs.ts'
import { type Remembered, remember } from './measures/remember-in-process.ts'

/**
 * How right memories are: of what a conversation must leave behind, the shares that are right, wrong (something false is held) and lost. For the
 * local provider and for a model that copies carelessly; rules are tuned on half of the conversations, and the other half is reported.
 */

type Verdict = 'right' | 'wrong' | 'lost'
type Judged = { readonly truth: Truth; readonly expectation: Expectation; readonly verdict: Verdict }

const benchmark: Benchmark = {
  usage: [],
  run: async (args) => {
    if (args[0] === 'dialogs') return { dialogs: await gradeDialogs(true) }
    const truths = readTruths()
    const local = judgeAll(truths, (turn) => factsByRules({ turns: [turn] }))
    const careless = judgeAll(truths, carelessAnswer)
    const reported = local.filter(({ truth }) => !truth.isTuning)
    const tuned = local.filter(({ truth }) => truth.isTuning)
    if (args[0] === 'faults') for (const one of tuned) if (one.verdict !== 'right') printFault(one)
    const byKind = sharesBy(reported, ({ kind }) => kind)
    const byLanguage = sharesBy(reported, ({ language }) => language)
    printTable({ ...byKind, ...byLanguage, 'tuned half': sharesOf(tuned), 'reported half': sharesOf(reported) })
    const model = careless.filter(({ truth }) => !truth.isTuning)
    printTable({ 'careless model': sharesOf(model) })
    const dialogs = await gradeDialogs(args[0] === 'faults')
    printGrades(dialogs)
    return {
      ...sharesOf(reported),
      byKind,
      byLanguage,
      careless: sharesOf(model),
      dialogs,
      conversations: truths.length,
    }
  },
}
export default benchmark

function judgeAll(truths: readonly Truth[], extract: Parameters<typeof remember>[1]): Judged[] {
  return truths.flatMap((truth) => {
    const memories = remember(truth, extract)
    return truth.expected.map((expectation) => ({
      truth,
      expectation,
      verdict: verdictOf(expectation, memories, zoneOf(truth)),
    }))
  })
}

function verdictOf(expectation: Expectation, memories: readonly Remembered[], timeZone: string): Verdict {
  const meant = memories.filter(({ fact }) => expectation.pieces.every((piece) => holds(fact, piece)))
  if (expectation.type === 'absent') return meant.length === 0 ? 'right' : 'wrong'
  if (meant.length === 0) return 'lost'
  if (expectation.type === 'day')
    return meant.every((one) => dayOf(one, timeZone) === expectation.value) ? 'right' : 'wrong'
  if (expectation.type === 'kind') return meant.some(({ kind }) => kind === expectation.value) ? 'right' : 'lost'
  return 'right'
}

function holds(fact: string, piece: string): boolean {
  return fact.toLowerCase().includes(piece.toLowerCase())
}

function zoneOf({ turns }: Truth): string {
  return turns[0]?.timeZone ?? DEFAULT_TIME_ZONE
}

function dayOf({ validFrom }: Remembered, timeZone: string): string {
  return wallClock(validFrom, timeZone).toISOString().slice(0, 10)
}

type Shares = Readonly<Record<Verdict, number>> & { readonly expectations: number }

function sharesOf(judged: readonly Judged[]): Shares {
  const share = (verdict: Verdict) =>
    round(judged.filter((one) => one.verdict === verdict).length / (judged.length || 1))
  return { right: share('right'), wrong: share('wrong'), lost: share('lost'), expectations: judged.length }
}

function sharesBy(judged: readonly Judged[], keyOf: (truth: Truth) => string): Record<string, Shares> {
  const groups = Map.groupBy(judged, ({ truth }) => keyOf(truth))
  return Object.fromEntries([...groups].map(([key, group]) => [key, sharesOf(group)]))
}

function printTable(rows: Readonly<Record<string, Shares>>): void {
  console.log('                     right   wrong    lost  expectations')
  for (const [name, { right, wrong, lost, expectations }] of Object.entries(rows)) {
    const cells = [right, wrong, lost].map((value) => value.toFixed(3).padStart(8)).join('')
    console.log(name.padEnd(18) + cells + String(expectations).padStart(14))
  }
}

function printGrades(grades: Readonly<Record<string, DialogGrade>>): void {
  console.log('dialog             precision   recall  right memory first')
  for (const [name, { precision, recall, answered, questions }] of Object.entries(grades))
    console.log(
      `${name.padEnd(18)}${precision.toFixed(3).padStart(10)}${recall.toFixed(3).padStart(9)}${`${answered} of ${questions}`.padStart(20)}`,
    )
}

function printFault({ truth, expectation, verdict }: Judged): void {
  const said = truth.turns.map(({ text }) => text.replaceAll('\n', '\\n')).join(' | ')
  console.log(`${verdict} ${truth.language} ${expectation.type} ${expectation.pieces.join(' & ')}: ${said}`)
}
