import { z } from 'zod'
import { lineOfJsonPath, lineOfOffset } from './json-position.ts'
import { type Transcript, TranscriptFaultError, type TranscriptTurn } from './transcript-format.ts'

/**
 * Owns the LoCoMo format (Maharana et al., ACL 2024): an array of conversations with `session_N` and `session_N_date_time`.
 * Both speakers are people, so every message has the role `user` and the speaker's name. Questions and annotations are not read.
 */

/** The file dates sessions, not turns: turns are set this far apart so that their order can be read from their times. */
const SECONDS_BETWEEN_TURNS = 10

const text = z.string().refine((value) => value.isWellFormed() && !value.includes('\0'), 'Unicode text without NUL')
const conversationsSchema = z.array(
  z.object({
    sample_id: text.min(1).optional(),
    conversation: z.looseObject({ speaker_a: text.optional(), speaker_b: text.optional() }),
  }),
)
const sessionSchema = z.array(
  z.object({
    speaker: text.min(1),
    dia_id: text.min(1),
    text: text.default(''),
    blip_caption: text.nullish(),
  }),
)

/** One transcript a conversation; turn ids are LoCoMo's (`D1:3`). @throws TranscriptFaultError */
export function parseLocomo(source: string): Transcript[] {
  const document = parseJson(source)
  const conversations = check(conversationsSchema, document, [], source)
  if (conversations.length === 0) {
    throw fault(source, [], 'there is no conversation in the file', 'at least one', 'an empty array')
  }
  const seen = new Set<string>()
  return conversations.map(({ sample_id, conversation }, index) => {
    const conversationId = sample_id ?? `conversation-${index + 1}`
    if (seen.has(conversationId)) {
      throw fault(
        source,
        [index, 'sample_id'],
        'the conversation has an earlier one’s id',
        'unique ids',
        conversationId,
      )
    }
    seen.add(conversationId)
    const path = [index, 'conversation']
    const turns = sessionNumbers(conversation).flatMap((number) => readSession(conversation, number, path, source))
    if (turns.length === 0)
      throw fault(source, path, 'the conversation has no turns', 'session_1, session_2, ...', 'none')
    refuseRepeatedTurns(turns, path, source)
    const speakers = [conversation.speaker_a, conversation.speaker_b].filter((name) => name !== undefined)
    return { conversationId, title: speakers.length > 0 ? speakers.join(' and ') : conversationId, turns }
  })
}

function sessionNumbers(conversation: Record<string, unknown>): number[] {
  return Object.keys(conversation)
    .flatMap((key) => /^session_(\d+)$/.exec(key)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
}

function readSession(
  conversation: Record<string, unknown>,
  number: number,
  path: Path,
  source: string,
): TranscriptTurn[] {
  const sessionId = `session_${number}`
  const session = check(sessionSchema, conversation[sessionId], [...path, sessionId], source)
  const dateKey = `${sessionId}_date_time`
  const startMs = conversation[dateKey] === undefined ? undefined : parseSessionDate(conversation[dateKey])
  if (Number.isNaN(startMs)) {
    const got = JSON.stringify(conversation[dateKey])
    throw fault(source, [...path, dateKey], 'the session’s date cannot be read', '"1:56 pm on 8 May, 2023"', got)
  }
  return session.map((turn, index) => {
    // Parentheses and a line of its own keep the caption from running into the speaker's sentence; no word is added.
    const parts = [turn.text, turn.blip_caption ? `(${turn.blip_caption})` : ''].filter((part) => part !== '')
    if (parts.length === 0) {
      throw fault(source, [...path, sessionId, index], 'the turn says nothing', 'text or blip_caption', 'neither')
    }
    return {
      turnId: turn.dia_id,
      at: startMs === undefined ? undefined : new Date(startMs + index * SECONDS_BETWEEN_TURNS * 1_000),
      sessionId,
      messages: [{ role: 'user', name: turn.speaker, content: parts.join('\n') }],
    }
  })
}

const MONTHS = 'january february march april may june july august september october november december'.split(' ')

/** Milliseconds since 1970 of `1:56 pm on 8 May, 2023`, read as UTC; NaN if it is something else. */
function parseSessionDate(value: unknown): number {
  const match = /^(\d{1,2}):(\d{2}) (am|pm) on (\d{1,2}) (\w+), (\d{4})$/i.exec(String(value).trim())
  if (!match) return Number.NaN
  const [, hour = '', minute = '', half = '', day = '', month = '', year = ''] = match
  const monthIndex = MONTHS.indexOf(month.toLowerCase())
  const hour24 = (Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)
  const time = new Date(Date.UTC(Number(year), monthIndex, Number(day), hour24, Number(minute)))
  // Date.UTC turns 31 June into 1 July and 13:75 into another hour; such a date is a fault of the file.
  const isReal = monthIndex >= 0 && time.getUTCDate() === Number(day) && time.getUTCMinutes() === Number(minute)
  return isReal && Number(hour) >= 1 && Number(hour) <= 12 ? time.getTime() : Number.NaN
}

function refuseRepeatedTurns(turns: TranscriptTurn[], path: Path, source: string): void {
  const seen = new Set<string>()
  for (const { turnId, sessionId = '' } of turns) {
    if (seen.has(turnId)) throw fault(source, [...path, sessionId], 'a dia_id is used twice', 'unique dia_ids', turnId)
    seen.add(turnId)
  }
}

type Path = readonly (string | number)[]

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch (error) {
    const { message } = error as Error
    const offset = /at position (\d+)/.exec(message)?.[1]
    const line = offset === undefined ? lineOfOffset(source, source.length) : lineOfOffset(source, Number(offset))
    throw new TranscriptFaultError({
      line,
      reason: 'the file is not JSON',
      expected: 'a JSON array of LoCoMo',
      got: message,
    })
  }
}

function check<T>(schema: z.ZodType<T>, value: unknown, path: Path, source: string): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const inner = (issue?.path ?? []).filter((step) => typeof step !== 'symbol')
  const found = inner.reduce<unknown>((at, step) => (at as Record<string | number, unknown> | undefined)?.[step], value)
  const expected = issue?.code === 'invalid_type' ? issue.expected : (issue?.message ?? 'the LoCoMo format')
  const got = found === undefined ? 'nothing' : JSON.stringify(found).slice(0, 60)
  return raise(fault(source, [...path, ...inner], 'the file is not in the LoCoMo format', expected, got))
}

function fault(source: string, path: Path, reason: string, expected: string, got: string): TranscriptFaultError {
  const where = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
  const full = where === '' ? reason : `${reason}: ${where.replace(/^\./, '')}`
  return new TranscriptFaultError({ line: lineOfJsonPath(source, path), reason: full, expected, got })
}

function raise(error: Error): never {
  throw error
}
