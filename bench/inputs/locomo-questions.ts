import { readFile } from 'node:fs/promises'
import { z } from 'zod'

/** Owns the questions of a LoCoMo file and what counts as their evidence: ids that exist; a question without any is skipped. */

type LocomoQuestion = { readonly text: string; readonly category: number; readonly evidence: readonly string[] }
export type LocomoTurn = { readonly id: string; readonly session: string; readonly text: string }
type LocomoConversation = {
  readonly turns: readonly LocomoTurn[]
  readonly questions: readonly LocomoQuestion[]
}

const turnSchema = z.object({
  speaker: z.string(),
  text: z.string().default(''),
  blip_caption: z.string().default(''),
  dia_id: z.string(),
})
const fileSchema = z.array(
  z.object({
    conversation: z.record(z.string(), z.unknown()),
    qa: z.array(z.object({ question: z.string(), category: z.number(), evidence: z.array(z.string()).default([]) })),
  }),
)

/** Adversarial questions have no answer in the conversation. */
const ADVERSARIAL = 5

/** Reads the questions of categories 1 to 4, and the turns as the baseline sees them. */
export async function readLocomo(file: string): Promise<LocomoConversation[]> {
  const conversations = fileSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  return conversations.map(({ conversation, qa }) => {
    const sessions = Object.keys(conversation)
      .filter((key) => /^session_\d+$/.test(key))
      .sort((a, b) => Number(a.slice(8)) - Number(b.slice(8)))
    const turns = sessions.flatMap((session) =>
      z
        .array(turnSchema)
        .parse(conversation[session])
        .map((turn) => ({ id: turn.dia_id, session, text: `${turn.speaker}: ${turn.text} ${turn.blip_caption}` })),
    )
    const ids = new Set(turns.map((turn) => turn.id))
    const questions = qa
      .filter((question) => question.category !== ADVERSARIAL)
      .map(({ question, category, evidence }) => ({
        text: question,
        category,
        evidence: [...new Set(evidence.flatMap((entry) => entry.match(/D\d+:\d+/g) ?? []))].filter((id) => ids.has(id)),
      }))
      .filter((question) => question.evidence.length > 0)
    return { turns, questions }
  })
}

export type Recall = { readonly recallAt5: number; readonly recallAt10: number; readonly recallAt20: number }
export type ScoredQuestion = {
  readonly category: number
  readonly evidence: readonly string[]
  readonly ranked: readonly string[]
}

/** The mean over the questions of the share of their evidence among the first k. */
export function meanRecall(questions: readonly ScoredQuestion[]): Recall {
  const at = (k: number) => {
    const shares = questions.map(({ evidence, ranked }) => {
      const first = new Set(ranked.slice(0, k))
      return evidence.filter((id) => first.has(id)).length / evidence.length
    })
    return shares.reduce((sum, share) => sum + share, 0) / (shares.length || 1)
  }
  return { recallAt5: at(5), recallAt10: at(10), recallAt20: at(20) }
}

/** The mean over the questions of the share of their evidence that was found at all. */
export function meanShare(questions: readonly ScoredQuestion[]): number {
  const shares = questions.map(
    ({ evidence, ranked }) => evidence.filter((id) => ranked.includes(id)).length / evidence.length,
  )
  return shares.reduce((sum, share) => sum + share, 0) / (shares.length || 1)
}

/** The same by category. */
export function recallByCategory(questions: readonly ScoredQuestion[]): Record<string, Recall> {
  const groups = [...Map.groupBy(questions, (question) => question.category)].sort(([a], [b]) => a - b)
  return Object.fromEntries(groups.map(([category, group]) => [String(category), meanRecall(group)]))
}
