import { z } from 'zod'
import { TRANSCRIPT_ROLES, type Transcript, TranscriptFaultError, type TranscriptTurn } from './transcript-format.ts'

/** Owns the format `{role, name?, content, at?, turnId?}`, one message a line: consecutive lines of one turnId are one turn. */

const lineSchema = z.object({
  role: z.enum(TRANSCRIPT_ROLES),
  name: z.string().min(1).optional(),
  content: z.string().min(1),
  at: z.union([z.iso.datetime({ offset: true, local: true }), z.iso.date()], 'an ISO 8601 time').optional(),
  turnId: z.string().min(1).optional(),
})
type Line = z.infer<typeof lineSchema>

/** One conversation, named after its file; a line without a turnId is a turn of its own, called `line-N`. @throws TranscriptFaultError */
export function parseJsonl(text: string, name: string): Transcript {
  const turns: TranscriptTurn[] = []
  const firstLineOf = new Map<string, number>()
  for (const [index, raw] of text.split('\n').entries()) {
    if (raw.trim() === '') continue
    const line = index + 1
    const message = parseLine(raw, line)
    const turnId = message.turnId ?? `line-${line}`
    const at = parseTime(message.at)
    let turn = turns.at(-1)
    if (turn?.turnId !== turnId) {
      const earlier = firstLineOf.get(turnId)
      if (earlier !== undefined) {
        throw new TranscriptFaultError({
          line,
          reason: `turnId ${JSON.stringify(turnId)} was used on line ${earlier} by another turn`,
          expected: 'lines of one turn to follow each other',
          got: 'the same turnId again after other turns',
        })
      }
      firstLineOf.set(turnId, line)
      turn = { turnId, at, messages: [] }
      turns.push(turn)
    }
    turn.at ??= at
    const { role, content } = message
    turn.messages.push(message.name === undefined ? { role, content } : { role, name: message.name, content })
  }
  if (turns.length === 0) {
    throw new TranscriptFaultError({
      line: 1,
      reason: 'there is no message in the file',
      expected: 'JSON lines {role, name?, content, at?, turnId?}, or LoCoMo JSON',
      got: 'an empty file',
    })
  }
  return { conversationId: name, title: name, turns }
}

function parseLine(raw: string, line: number): Line {
  let value: unknown
  try {
    value = JSON.parse(raw)
  } catch (error) {
    throw new TranscriptFaultError({
      line,
      reason: `the line is not JSON: ${(error as Error).message}`,
      expected: 'one JSON object a line',
      got: preview(raw),
    })
  }
  const parsed = lineSchema.safeParse(value)
  if (!parsed.success) throw fieldFault(line, value, parsed.error)
  for (const field of ['content', 'name', 'turnId'] as const) {
    const text = parsed.data[field]
    if (text !== undefined && (!text.isWellFormed() || text.includes('\0'))) {
      throw new TranscriptFaultError({
        line,
        reason: `${field} cannot be stored`,
        expected: 'Unicode text without NUL',
        got: text.includes('\0') ? 'a NUL character' : 'a lone surrogate',
      })
    }
  }
  return parsed.data
}

const EXPECTED: Record<string, string> = {
  role: TRANSCRIPT_ROLES.join(' | '),
  name: 'a text that is not empty',
  content: 'a text that is not empty',
  at: 'an ISO 8601 time such as 2026-03-02T18:00:00Z',
  turnId: 'a text that is not empty',
}

function fieldFault(line: number, value: unknown, error: z.ZodError): TranscriptFaultError {
  const field = error.issues[0]?.path[0]
  if (typeof field !== 'string') {
    return new TranscriptFaultError({
      line,
      reason: 'the line is not a message',
      expected: 'an object {role, name?, content, at?, turnId?}',
      got: preview(JSON.stringify(value)),
    })
  }
  const found = (value as Record<string, unknown>)[field]
  return new TranscriptFaultError({
    line,
    reason: `${field} is ${found === undefined ? 'missing' : 'wrong'}`,
    expected: EXPECTED[field] ?? 'another value',
    got: found === undefined ? 'nothing' : preview(JSON.stringify(found)),
  })
}

// A time without an offset is read as UTC: the machine's zone must not change what a file means.
function parseTime(at: string | undefined): Date | undefined {
  if (at === undefined) return undefined
  const hasZone = !at.includes('T') || /(?:Z|[+-]\d{2}:?\d{2})$/.test(at)
  return new Date(hasZone ? at : `${at}Z`)
}

function preview(text: string): string {
  const line = text.trim()
  return line.length <= 60 ? line : `${line.slice(0, 57)}...`
}
