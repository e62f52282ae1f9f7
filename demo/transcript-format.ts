/** Owns what every transcript format is read into, and how a parser reports a fault. */

export const TRANSCRIPT_ROLES = ['user', 'assistant', 'system', 'tool'] as const

export type TranscriptMessage = { role: (typeof TRANSCRIPT_ROLES)[number]; name?: string; content: string }
export type TranscriptTurn = {
  turnId: string
  /** When it was said; undefined if the file does not tell. */
  at: Date | undefined
  sessionId?: string
  messages: TranscriptMessage[]
}
export type Transcript = { conversationId: string; title: string; turns: TranscriptTurn[] }

/** A fault of the input: where it is, and what was expected. Without a line it is the whole file's. */
type TranscriptFault = { line?: number; reason: string; expected: string; got: string }

/** What the parsers throw for a fault; `readTranscript` adds the file's name. */
export class TranscriptFaultError extends Error {
  readonly fault: TranscriptFault
  constructor(fault: TranscriptFault) {
    super(fault.reason)
    this.fault = fault
  }
}
