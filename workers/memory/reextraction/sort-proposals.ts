import type { Database } from '../../../shared/store/database.ts'
import { type DerivedFact, readDerivedFacts, readForgottenFacts } from '../../../shared/store/memories/derived-facts.ts'
import type { ExtractedBatch, FactToStore } from '../extraction/extract-batch.ts'
import { saidIn } from '../local-rules/fact-attributes.ts'
import { namedBy } from '../reconciliation/end-named.ts'

/**
 * Owns what a second extraction changes. Guarantees: what a turn says again stays as it is; what somebody decided about (a review, a wish to forget, a
 * correction) stays, and the same words of its turn give no other memory; what was forgotten does not come back in other words.
 */

export type SortedProposals = {
  /** Facts that the turns did not give before. */
  readonly facts: readonly FactToStore[]
  /** What the turns gave before, and do not give now. */
  readonly stale: readonly DerivedFact[]
}

export async function sortProposals(
  database: Database,
  orgId: string,
  turns: readonly number[],
  proposals: ExtractedBatch['memories'],
): Promise<SortedProposals> {
  const derived = await readDerivedFacts(database, orgId, turns)
  const known = new Set<DerivedFact>()
  const candidates = proposals.filter((proposal) => {
    const same = derived.filter((one) => isOfTurn(proposal, one) && saysTheSame(proposal, one))
    for (const one of same) known.add(one)
    // What is held only because nothing proved it may be proved now.
    return same.length === 0 || (proposal.status === 'active' && same.every(({ status }) => status === 'quarantined'))
  })
  const decided = derived.filter(({ isDecided }) => isDecided)
  const undecided = candidates.filter((proposal) =>
    decided.every((one) => !isOfTurn(proposal, one) || saysTheSame(proposal, one) || !isAboutDecided(proposal, one)),
  )
  const facts: FactToStore[] = []
  for (const ofOwner of Map.groupBy(undecided, ({ owner }) => JSON.stringify(owner)).values()) {
    const forgotten = await readForgottenFacts(database, orgId, (ofOwner[0] as FactToStore).owner)
    facts.push(
      ...ofOwner.filter(({ fact, observedAt }) =>
        forgotten.every((one) => one.endedAt < observedAt || !isSaidBy(one.fact, fact)),
      ),
    )
  }
  // In the order of the proposals, which a plan numbers.
  return {
    facts: proposals.filter((proposal) => facts.includes(proposal)),
    stale: derived.filter((one) => !one.isDecided && !known.has(one)),
  }
}

function isOfTurn({ sources }: FactToStore, { turn }: DerivedFact): boolean {
  return sources.some((source) => source.turn === turn)
}

function saysTheSame({ fact, factHash }: FactToStore, one: DerivedFact): boolean {
  return factHash.equals(one.factHash) || fact === one.wording
}

function isAboutDecided({ fact, sources }: FactToStore, { quote, turn, fact: decided }: DerivedFact): boolean {
  const own = sources.find((source) => source.turn === turn)?.quote ?? ''
  const isSameQuote = own !== '' && quote !== '' && (own.includes(quote) || quote.includes(own))
  return isSameQuote || isSaidBy(decided, fact)
}

/** Whether a fact has nearly all the words of another. */
function isSaidBy(words: string, fact: string): boolean {
  return namedBy({ what: saidIn(words), isAll: true }, [{ fact }]).length > 0
}
