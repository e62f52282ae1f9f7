import { untilDigested } from '../../demo/play-transcript.ts'
import { createRuntime } from '../../runtime.ts'
import { round, withServices } from '../benchmark.ts'
import { type Dialog, type Pieces, readDialogs, says } from '../inputs/dialogs.ts'

/**
 * Grades what is remembered of whole dialogs, by the product with its local provider. A memory is right that says what is expected or allowed, says
 * it alone, and nothing that is forbidden; a question is answered where its memory is the first that search returns.
 */

export type DialogGrade = {
  readonly precision: number
  readonly recall: number
  readonly answered: number
  readonly questions: number
  readonly memories: number
}

export function gradeDialogs(isVerbose: boolean): Promise<Record<string, DialogGrade>> {
  return withServices(async ({ addresses }) => {
    const runtime = createRuntime({ ...addresses, digestWindowMs: 200, digestMaxWaitMs: 60_000, logLevel: 'error' })
    await runtime.connect()
    await runtime.startWorkers()
    try {
      const grades: Record<string, DialogGrade> = {}
      for (const dialog of readDialogs()) {
        const owner = { orgId: dialog.name, workstreamId: 'talk', userId: 'u1' }
        for (const [index, { role, text, at }] of dialog.turns.entries())
          await runtime.memory.recordTurn({
            ...owner,
            turnId: `t${index}`,
            at,
            messages: [{ role, content: text, ...(role === 'user' && { name: 'Robin' }) }],
          })
        await untilDigested(runtime.memory, [dialog.name], () => {}, 50)
        const viewer = { orgId: dialog.name, workstreamId: 'talk', userId: 'u1' }
        const memories = await runtime.memory.list({ ...viewer, limit: 200 })
        const firsts: string[] = []
        for (const { question } of dialog.questions) {
          const found = await runtime.memory.search({ ...viewer, query: question, limit: 5 })
          firsts.push(found.memories[0]?.fact ?? '')
        }
        const facts = memories.map(({ fact }) => fact)
        grades[dialog.name] = gradeOf(dialog, facts, firsts)
        if (isVerbose) printFaults(dialog, facts, firsts)
      }
      return grades
    } finally {
      await runtime.disconnect()
    }
  })
}

function gradeOf(dialog: Dialog, facts: readonly string[], firsts: readonly string[]): DialogGrade {
  const right = facts.filter((fact, index) => isRight(dialog, fact, facts.slice(0, index)))
  const recalled = dialog.expected.filter((pieces) => facts.some((fact) => says(fact, pieces)))
  const answered = dialog.questions.filter(({ pieces }, index) => says(firsts[index] ?? '', pieces))
  return {
    precision: round(right.length / (facts.length || 1)),
    recall: round(recalled.length / (dialog.expected.length || 1)),
    answered: answered.length,
    questions: dialog.questions.length,
    memories: facts.length,
  }
}

/** One that says only what an earlier one says is a double. */
function isRight({ expected, allowed, forbidden }: Dialog, fact: string, earlier: readonly string[]): boolean {
  if (forbidden.some((pieces) => says(fact, pieces))) return false
  const isNew = (pieces: Pieces) => says(fact, pieces) && !earlier.some((other) => says(other, pieces))
  return [...expected, ...allowed].some(isNew)
}

function printFaults(dialog: Dialog, facts: readonly string[], firsts: readonly string[]): void {
  for (const [index, fact] of facts.entries())
    console.log(`${dialog.name} ${isRight(dialog, fact, facts.slice(0, index)) ? 'right' : 'WRONG'} ${fact}`)
  for (const pieces of dialog.expected)
    if (!facts.some((fact) => says(fact, pieces))) console.log(`${dialog.name} LOST ${pieces.join(' & ')}`)
  for (const [index, { question, pieces }] of dialog.questions.entries())
    if (!says(firsts[index] ?? '', pieces)) console.log(`${dialog.name} FIRST ${question} -> ${firsts[index]}`)
}
