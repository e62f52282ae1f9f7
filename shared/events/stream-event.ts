/** An event as it is read. */
export type StreamEvent = {
  readonly seq: number
  readonly cursor: string
  readonly eventId: string
  readonly type: string
  readonly at: Date
  readonly data: unknown
  /** The words of the memory of which it tells, where `texts` asked for them. */
  readonly text?: string
}
