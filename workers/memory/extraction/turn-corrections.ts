import type { NewMemory } from '../../../shared/store/memories/memories.ts'
import type { Wording } from '../../../shared/store/schema.ts'
import { DEFAULT_TIME_ZONE, wallClock } from '../../../shared/time-zone.ts'
import { besideProperty } from '../facts/beside-property.ts'
import type { ExtractedFact } from '../facts/facts.ts'
import { type JudgedTurn, judgeFacts } from '../facts/judge-facts.ts'
import { naturalLanguageOf } from '../facts/natural-language.ts'
import { readableText } from '../facts/readable-text.ts'
import { factsByRules } from '../local-rules/fact-rules.ts'
import { sentencesOf } from '../local-rules/fact-sentences.ts'
import { quoteFact, speakerName } from '../local-rules/fact-wording.ts'
import {
  type CorrectedStatement,
  correctedStatement,
  correctionAtStart,
  mayCorrect,
  type NextCorrection,
} from '../local-rules/next-corrections.ts'

/**
 * Owns what a message corrects in the speaker's message right before it, where the offline rules extract. Guarantees: nothing but an assistant's answer lies
 * between the two; the value is of the kind of the one it corrects, which is the only one of that kind since; both turns are sources, and each alone
 * gives only its own words.
 */

/** So many turns are searched for the message before: apps may record an answer as a turn of its own, and a correction may be corrected. */
export const MAX_TURNS_BETWEEN = 5

/** Of an answer, in which something else may be meant. */
const MAX_ANSWER_CHARS = 4_000

export type TurnCorrection = {
  /** Row id. */
  readonly turn: number
  /** The words that correct. */
  readonly sentence: string
  readonly memory: NewMemory
  /** The fact that the same turn states wrongly, which is no memory. */
  readonly wrong?: Buffer
}

/** With what it makes of the statement, which the next message may correct as well. */
type Found = TurnCorrection & { readonly now: Pick<CorrectedStatement, 'fact' | 'sentence'>; readonly statedIn: number }

type Message = JudgedTurn['messages'][number]
/** A message of a turn. */
type Said = { readonly of: JudgedTurn; readonly message: Message }

/** True if the first message of a turn reads like a correction. */
export function mayCorrectTurn({ messages: [first] }: JudgedTurn): boolean {
  return first?.role === 'user' && correctionAtStart(readableText(first.content)) !== undefined
}

/** True if a quote of a turn is one of its corrections, which states nothing else. */
export function isCorrection(quote: string, turn: number | undefined, corrections: readonly TurnCorrection[]): boolean {
  return corrections.some((one) => one.turn === turn && one.sentence.includes(quote))
}

/** The corrections by which the messages of a turn mend those before, also those of the turns before, which are given oldest first. */
export function correctionsIn(said: JudgedTurn, earlier: readonly JudgedTurn[]): TurnCorrection[] {
  const before = earlier.slice(-MAX_TURNS_BETWEEN)
  const found = said.messages.flatMap((message, at) => {
    const correction = message.role === 'user' ? correctionAtStart(readableText(message.content)) : undefined
    const ahead = { ...said, messages: said.messages.slice(0, at) }
    return (correction && correctedBy(correction, { of: said, message }, [...before, ahead])) ?? []
  })
  // What a later message of the turn corrects once more.
  return found
    .filter(({ memory }, at) => !found.slice(at + 1).some(({ wrong }) => wrong?.equals(memory.factHash)))
    .map(({ now: _now, statedIn: _statedIn, ...correction }) => correction)
}

function correctedBy(
  correction: NextCorrection,
  { of: said, message }: Said,
  earlier: readonly JudgedTurn[],
): Found | undefined {
  const { before, answer } = messageBefore({ of: said, message }, earlier)
  if (!before) return undefined
  const text = readableText(before.message.content)
  const again = correctionBefore(before, text, earlier)
  const facts = again ? [again.now.fact] : factsByRules({ turns: [lineOf(before, text)] }).facts
  const sentences = again ? [again.now.sentence] : sentencesOf(text, speakerOf(before.message)).map((one) => one.text)
  const found = correctedStatement(facts, sentences, correction, answer)
  // What stands beside a property is a memory of its own, in its own words.
  const beside = found && besideProperty(found.sentence, naturalLanguageOf(found.sentence) ?? 'en')
  if (!found || (beside !== undefined && mayCorrect(beside, correction))) return undefined
  const [wrong, right, alone] = [
    again ? again.memory : memoryOf(found.fact, before.of),
    inOwnWords(memoryOf({ ...found.fact, fact: found.corrected, when: null, quote: correction.text }, said)),
    wordingOf(memoryOf(bareFact(found.fact, correction.text, said, message), said)),
  ]
  if (wrong?.status !== 'active' || right?.status !== 'active' || !alone) return undefined
  const sentence = found.correctedSentence
  const now = { fact: { ...found.fact, fact: found.corrected, quote: sentence }, sentence }
  const statedIn = again?.statedIn ?? before.of.turn.id
  const told = { turn: said.turn.id, sentence: correction.text, now, statedIn }
  if (before.of.turn.id === told.turn) {
    const { corrects, sources } = again?.memory ?? right
    return { ...told, memory: { ...right, ...(corrects && { corrects }), sources }, wrong: wrong.factHash }
  }
  const memory: NewMemory = {
    ...right,
    corrects: { factHash: wrong.factHash, turn: before.of.turn.id },
    sources: [
      ...wrong.sources.map((source) => ({ wording: wordingOf(wrong) as Wording, ...source })),
      ...right.sources.map((source) => ({ ...source, wording: { ...alone, restsOn: statedIn } })),
    ],
  }
  return { ...told, memory }
}

/** The correction that the message before is itself, if it says nothing else. */
function correctionBefore(before: Said, text: string, earlier: readonly JudgedTurn[]): Found | undefined {
  const correction = correctionAtStart(text)
  if (!correction || correction.text.length < text.trim().length) return undefined
  const at = earlier.indexOf(before.of)
  const ahead = { ...before.of, messages: before.of.messages.slice(0, before.of.messages.indexOf(before.message)) }
  return correctedBy(correction, before, [...earlier.slice(0, at), ahead])
}

/** The last message of the same speaker, if no other user spoke since and it is not long ago, and what was answered. */
function messageBefore(said: Said, earlier: readonly JudgedTurn[]): { before?: Said; answer: string } {
  const all = earlier.flatMap((of) => of.messages.map((one) => ({ of, message: one })))
  const at = all.findLastIndex((one) => one.message.role === 'user')
  const before = all[at]
  const answer = all
    .slice(at + 1)
    .map((one) => one.message.content)
    .join('\n')
    .slice(0, MAX_ANSWER_CHARS)
  return before && isOfSameSpeaker(before, said) ? { before, answer } : { answer }
}

/** Two users without names have one role; and what is said in private corrects nothing that others read. */
function isOfSameSpeaker(before: Said, said: Said): boolean {
  const [a, b] = [before.of.turn, said.of.turn]
  const isOneOwner = a.userId === b.userId && a.agentId === b.agentId && a.scope === b.scope
  return isOneOwner && speakerOf(before.message) === speakerOf(said.message)
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

/** The correction alone, without the statement that it corrects. */
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
