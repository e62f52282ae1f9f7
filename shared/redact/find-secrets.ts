import { cardNumbersIn, ibansIn } from './bank-numbers.ts'
import { assignedSecretsIn } from './find-assigned.ts'
import { keysIn } from './find-keys.ts'
import { entryWordsIn, lockCodesIn } from './find-lock-codes.ts'
import { shapedSecretsIn } from './find-shaped.ts'
import { statedSecretsIn } from './find-stated.ts'
import { plainTextOf } from './plain-text.ts'
import type { FoundSecret } from './secret-span.ts'

/**
 * Finds the secrets of a text, prose or code: keys by their formats, credentials in headers, addresses and commands, what is assigned to a name or
 * stated in a sentence, card, account and document numbers. Guarantees: pure; linear time on any text. Hashes, UUIDs and examples are none.
 */

/** The secrets of a text in their order, without overlaps. */
export function findSecrets(text: string): FoundSecret[] {
  const plain = plainTextOf(text)
  if (!plain) return withoutOverlaps(secretsIn(text))
  return withoutOverlaps(
    secretsIn(plain.text).map(({ kind, start, end }) => ({
      kind,
      start: plain.offsetOf(start),
      end: plain.offsetOf(end),
    })),
  )
}

function secretsIn(text: string): FoundSecret[] {
  const lower = inSmallLetters(text)
  return [
    ...keysIn(text),
    ...shapedSecretsIn(text, lower),
    ...assignedSecretsIn(text),
    ...statedSecretsIn(text, lower),
    ...lockCodesIn(text, lower),
    ...entryWordsIn(text, lower),
    ...[...cardNumbersIn(text)].map(([start, end]) => ({ kind: 'card-number', start, end })),
    ...[...ibansIn(text)].map(([start, end]) => ({ kind: 'iban', start, end })),
  ]
}

/** As long as the text: the one letter that grows is put into a shorter form first. */
function inSmallLetters(text: string): string {
  return text.replaceAll('\u0130', 'i').toLowerCase()
}

/** Of two that overlap the one that begins first, then the longer; of equals the one with the more telling name, which is given first. */
function withoutOverlaps(found: FoundSecret[]): FoundSecret[] {
  found.sort((a, b) => a.start - b.start || b.end - a.end)
  let free = 0
  return found.flatMap((secret) => {
    if (secret.end <= free) return []
    const start = Math.max(secret.start, free)
    free = secret.end
    return [{ ...secret, start }]
  })
}
