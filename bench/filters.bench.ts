import { redactSecrets } from '../shared/redact/redact-secrets.ts'
import { isInstructionLike } from '../workers/memory/facts/injection/prompt-injection.ts'
import { type Benchmark, round } from './benchmark.ts'
import { type Half, type LabelledText, labelled, readLines, readUnseen } from './filters/labelled-texts.ts'
import { filled } from './filters/sample-values.ts'

/**
 * How well the filters tell orders to a model and secrets from all else, by language, on the half of the labelled texts that is kept for reporting.
 * `unseen` are texts that neither rules nor weights were made with. `npm run bench -- filters tune` shows the other half, with each text that is judged wrongly.
 */

/** A sentence about a secret is tried with this many values. */
const VALUES_PER_LINE = 4

type Count = { hits: number; falseAlarms: number; misses: number; texts: number }

export default {
  usage: [],
  async run([half = 'report']) {
    const isTuning = half === 'tune'
    const orders = readLines('orders', half as Half).map(({ language, line }) => labelled(language, line))
    const secrets = readLines('secrets', half as Half).flatMap(({ language, line }) => withValues(language, line))
    return {
      orders: report('orders', orders, isOrder, isTuning),
      secrets: report('secrets', secrets, isRedacted, isTuning),
      unseen: {
        orders: report(
          'unseen',
          readUnseen('orders').map((line) => labelled('orders', line)),
          isOrder,
          false,
        ),
        secrets: report(
          'unseen',
          readUnseen('secrets').flatMap((line) => withValues('secrets', line)),
          isRedacted,
          false,
        ),
      },
    }
  },
} satisfies Benchmark

function isOrder({ text }: LabelledText): boolean {
  return isInstructionLike(text)
}

function withValues(language: string, line: string): LabelledText[] {
  return Array.from({ length: line.includes('{') ? VALUES_PER_LINE : 1 }, (_, number) => filled(language, line, number))
}

/** Where secrets are known they must all be gone; elsewhere anything that was taken out counts. */
function isRedacted({ text, secrets }: LabelledText): boolean {
  const { text: left, found } = redactSecrets(text)
  return secrets.length > 0 ? !secrets.some((secret) => left.includes(secret)) : Object.keys(found).length > 0
}

function report(
  name: string,
  texts: readonly LabelledText[],
  isActing: (text: LabelledText) => boolean,
  isTuning: boolean,
): Shares & { readonly byLanguage: Record<string, Shares> } {
  const byLanguage = new Map<string, Count>()
  const all: Count = { hits: 0, falseAlarms: 0, misses: 0, texts: 0 }
  for (const text of texts) {
    const isHit = isActing(text)
    const count = byLanguage.get(text.language) ?? { hits: 0, falseAlarms: 0, misses: 0, texts: 0 }
    byLanguage.set(text.language, count)
    for (const one of [count, all]) {
      one.texts += 1
      if (isHit && text.isWanted) one.hits += 1
      if (isHit && !text.isWanted) one.falseAlarms += 1
      if (!isHit && text.isWanted) one.misses += 1
    }
    if (isTuning && isHit !== text.isWanted)
      console.log(`${name} ${text.language} ${isHit ? 'false alarm' : 'miss'}: ${text.text}`)
  }
  console.log(`\n${name.padEnd(14)} texts  precision  recall  false alarms`)
  for (const [language, count] of [...byLanguage, ['all', all] as const]) {
    const { precision, recall, falseAlarms, texts: number } = shares(count)
    const [ofActing, ofWanted] = [precision, recall].map((share) => share?.toFixed(3) ?? '-')
    console.log(
      `${language.padEnd(14)} ${String(number).padStart(5)}  ${ofActing?.padStart(9)}  ${ofWanted?.padStart(6)}  ${falseAlarms.toFixed(3).padStart(12)}`,
    )
  }
  return {
    ...shares(all),
    byLanguage: Object.fromEntries([...byLanguage].map(([language, count]) => [language, shares(count)])),
  }
}

/** Null where no text is there of which it is a share: texts that are all harmless have no precision, but false alarms. */
type Shares = {
  readonly precision: number | null
  readonly recall: number | null
  /** Of the texts in which the filter must not act. */
  readonly falseAlarms: number
  readonly texts: number
}

function shares({ hits, falseAlarms, misses, texts }: Count): Shares {
  const wanted = hits + misses
  return {
    precision: wanted === 0 ? null : round(hits / Math.max(1, hits + falseAlarms)),
    recall: wanted === 0 ? null : round(hits / wanted),
    falseAlarms: round(falseAlarms / Math.max(1, texts - wanted)),
    texts,
  }
}
