/** Owns which answer counts where several servers are asked the same. */

/** The answer of one server, or the reason why there is none. */
export type NodeAnswer<T> = { readonly from: string; readonly said?: T | undefined; readonly error?: Error | undefined }

/**
 * Returns what most of those that answered say, as soon as more than half of all asked say so; else when all have settled.
 * @throws Error that names who said what, when none answers or no answer has more than half of the answers
 */
export async function agree<T>(
  asked: readonly Promise<NodeAnswer<T>>[],
  { textOf, what }: { textOf(said: T): string; readonly what: string },
): Promise<T> {
  const answers: NodeAnswer<T>[] = []
  const votes = new Map<string, number>()
  const early = Promise.withResolvers<T>()
  const all = asked.map(async (asking) => {
    const answer = await asking
    answers.push(answer)
    if (answer.said === undefined) return
    const text = textOf(answer.said)
    votes.set(text, (votes.get(text) ?? 0) + 1)
    if ((votes.get(text) ?? 0) > asked.length / 2) early.resolve(answer.said)
  })
  const late = Promise.all(all).then(() => {
    const said = answers.filter((answer) => answer.said !== undefined)
    const winner = said.find((answer) => (votes.get(textOf(answer.said as T)) ?? 0) > said.length / 2)
    if (winner) return winner.said as T
    const each = answers.map(({ from, said: one, error }) => `${from}: ${one ? textOf(one) : error?.message}`)
    throw new Error(`${said.length === 0 ? `${what} is not known` : `${what} is disputed`} (${each.join('; ')})`)
  })
  return Promise.race([early.promise, late])
}
