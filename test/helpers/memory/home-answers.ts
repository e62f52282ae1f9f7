import { type ChatBody, factsOfTurns } from '../models/model-answers.ts'

/** Owns a model that knows where Maya lives: one fact for each turn, and another home replaces. */

/** How a turn begins that states a home. */
export const STATES_HOME = 'I live in '

/** Answers both questions of an extraction. */
export function answerAboutHomes(body: ChatBody): object {
  if (body.response_format?.json_schema?.name === 'reconcile-facts') return { decisions: decisionsOn(body) }
  const facts = factsOfTurns(body).facts as { fact: string }[]
  return {
    facts: facts.map((fact) => ({
      ...fact,
      ...(fact.fact.startsWith(STATES_HOME) ? { subject: 'Maya', attribute: 'residence' } : {}),
    })),
  }
}

/** A home replaces homes, and nothing that only shares words with it. */
function decisionsOn({ messages }: ChatBody) {
  const lines = messages.at(-1)?.content.split('\n') ?? []
  const statements = lines.flatMap((line) => (/^\{"(?:memory|fact)"/.test(line) ? (JSON.parse(line) as Statement) : []))
  const homes = new Set(statements.flatMap(({ memory, attribute }) => (attribute ? (memory ?? []) : [])))
  return statements.flatMap(({ fact, attribute, candidates = [] }) =>
    candidates.map((memory) => ({
      fact,
      memory,
      relation: attribute && homes.has(memory) ? 'replaces' : 'unrelated',
    })),
  )
}

type Statement = {
  readonly fact?: number
  readonly memory?: number
  readonly attribute?: string
  readonly candidates?: readonly number[]
}
