import type { NewMemory } from '../../../shared/store/memories/memories.ts'
import type { Wording } from '../../../shared/store/schema.ts'
import { DEFAULT_TIME_ZONE, wallClock } from '../../../shared/time-zone.ts'
import { correctedStatement, correctionAtStart, mayCorrect, type NextCorrection } from '../local-rules/corrections.ts'
import { factsByRules } from '../local-rules/fact-rules.ts'
import { sentencesOf } from '../local-rules/fact-sentences.ts'
import { quoteFact, speakerName } from '../local-rules/fact-wording.ts'
import { besideProperty } from './beside-property.ts'
import type { ExtractedFact } from './facts.ts'
import { type JudgedTurn, judgeFacts } from './judge-facts.ts'
import { naturalLanguageOf } from './natural-language.ts'
import { readableText } from './readable-text.ts'

/**
 * Owns what a message corrects in the speaker's message right before it, where the offline rules extract. Guarantees: nothing but an assistant's answer lies
 * between the two; the value is of the kind of the one it corrects, which is the only one of that kind since; both turns are sources, and each alone
 * gives only its own words.
 */

/** How many turns are looked at for the message before: apps may record an answer as a turn of its own. */
export const MAX_TURNS_BETWEEN = 3

/** Of an answer, in which something else may be meant. */
const MAX_ANSWER_CHARS = 4_000

export type TurnCorrection = {
  /** Row id. */
  readonly turn: number
  /** The words that correct. */
  readonly sentence: string
  readonly memory: NewMemory
  /** What the same turn states wrongly, which is no memory. */
  readonly wrong?: Buffer
}

type Message = JudgedTurn['messages'][number]
/** A message of a turn. */
type Said = { readonly of: JudgedTurn; readonly message: Message }

/** Whether the first message of a turn reads like a correction. */
export function mayCorrectTurn({ messages: [first] }: JudgedTurn): boolean {
  return first?.role === 'user' && correctionAtStart(readableText(first.content)) !== undefined
}

/** What the messages of a turn correct of those before, also of the turns before, which are given oldest first. */
export function correctionsIn(said: JudgedTurn, earlier: readonly JudgedTurn[]): TurnCorrection[] {
  const before = earlier.slice(-MAX_TURNS_BETWEEN)
  return said.messages.flatMap((message, at) => {
    const correction = message.role === 'user' ? correctionAtStart(readableText(message.content)) : undefined
    const ahead = { ...said, messages: said.messages.slice(0, at) }
    return (correction && correctedBy(correction, { of: said, message }, [...before, ahead])) ?? []
  })
}

function correctedBy(
  correction: NextCorrection,
  { of: said, message }: Said,
  earlier: readonly JudgedTurn[],
): TurnCorrection | undefined {
  const { before, answer } = messageBefore(message, earlier)
  if (!before) return undefined
  const text = readableText(before.message.content)
  const { facts } = factsByRules({ turns: [lineOf(before, text)] })
  const sentences = sentencesOf(text, speakerOf(before.message)).map((one) => one.text)
  const found = correctedStatement(facts, sentences, correction, answer)
  // What stands beside a property is a memory of its own, in its own words.
  const beside = found && besideProperty(found.sentence, naturalLanguageOf(found.sentence) ?? 'en')
  if (!found || (beside !== undefined && mayCorrect(beside, correction))) return undefined
  const [wrong, right, alone] = [
    memoryOf(found.fact, before.of),
    inOwnWords(memoryOf({ ...found.fact, fact: found.corrected, when: null, quote: correction.text }, said)),
    wordingOf(memoryOf(bareFact(found.fact, correction.text, said, message), said)),
  ]
  if (wrong?.status !== 'active' || right?.status !== 'active' || !alone) return undefined
  const told = { turn: said.turn.id, sentence: correction.text }
  if (before.of.turn.id === told.turn) return { ...told, memory: right, wrong: wrong.factHash }
  const memory: NewMemory = {
    ...right,
    corrects: { factHash: wrong.factHash, turn: before.of.turn.id },
    sources: [
      ...wrong.sources.map((source) => ({ ...source, wording: wordingOf(wrong) as Wording })),
      ...right.sources.map((source) => ({ ...source, wording: { ...alone, restsOn: before.of.turn.id } })),
    ],
  }
  return { ...told, memory }
}

/** The last message of the same speaker, if no other user spoke since, and what was answered. */
function messageBefore(message: Message, earlier: readonly JudgedTurn[]): { before?: Said; answer: string } {
  const all = earlier.flatMap((of) => of.messages.map((one) => ({ of, message: one })))
  const at = all.findLastIndex((one) => one.message.role === 'user')
  const before = all[at]
  const answer = all
    .slice(at + 1)
    .map((one) => one.message.content)
    .join('\n')
    .slice(0, MAX_ANSWER_CHARS)
  return before && speakerOf(before.message) === speakerOf(message) ? { before, answer } : { answer }
}

function speakerOf({ name, role }: Message): string {
  return name ?? role
}

function lineOf({ of: { turn }, message }: Said, text: string) {
  const { occurredAt: at, timeZone } = turn
  return { turn: 0, at, ...(timeZone && { timeZone }), speaker: speakerOf(message), role: message.role, text }
}

function memoryOf(fact: ExtractedFact, said: JudgedTurn): NewMemory | undefined {
  return judgeFacts([{ ...fact, turn: 0 }], [said]).memories[0]
}

/** "Correction: 15:00" reads like a line of somebody's chat; but what it opens with is no name. */
function inOwnWords(memory: NewMemory | undefined): NewMemory | undefined {
  return memory?.statusReason === 'not-own-words' ? { ...memory, status: 'active', statusReason: null } : memory
}

/** What the correction says without what it corrects. */
function bareFact(fact: ExtractedFact, sentence: string, { turn }: JudgedTurn, message: Message): ExtractedFact {
  const speaker = speakerName(speakerOf(message), message.role)
  const at = wallClock(turn.occurredAt, turn.timeZone ?? DEFAULT_TIME_ZONE)
  const said = quoteFact(sentence, speaker, at)
  return { ...fact, fact: said, subject: speaker, attribute: null, when: null, quote: sentence }
}

function wordingOf(memory: NewMemory | undefined): Wording | undefined {
  if (!memory) return undefined
  const { fact, subject, subjectKey, attribute, language } = memory
  return { fact, subject, subjectKey, attribute, language }
}
