/**
 * Owns answers that come as a stream of events, from servers that answer in no other way: their pieces put together are the answer. Pure and in
 * linear time.
 */

const DATA = 'data:'
const DONE = '[DONE]'
/** The fields of a message that come in pieces. */
const PIECES = ['content', 'refusal', 'reasoning_content', 'reasoning'] as const

type Fields = Readonly<Record<string, unknown>>

/** The chat completion that a stream tells, or the error that it ended with; of one that breaks off a completion that was cut. */
export function answerOfStream(stream: string): unknown {
  let answer: Fields = {}
  let finish: unknown
  let isOver = false
  let hasChoice = false
  const message: Record<string, string[]> = {}
  const called: string[] = []
  for (const line of stream.split('\n')) {
    const event = line.startsWith(DATA) ? line.slice(DATA.length).trim() : ''
    isOver ||= event === DONE
    const chunk = fieldsIn(event)
    if (!chunk) continue
    if (chunk.error) return chunk
    const { choices, usage, ...rest } = chunk
    answer = { ...answer, ...rest, ...(usage ? { usage } : {}) }
    const choice = Array.isArray(choices) ? (choices[0] as Fields | undefined) : undefined
    if (!choice) continue
    hasChoice = true
    finish = choice.finish_reason ?? finish
    const said = (choice.delta ?? choice.message ?? {}) as Fields
    for (const field of PIECES) {
      const piece = wordsOf(said[field])
      if (piece === undefined) continue
      message[field] ??= []
      message[field].push(piece)
    }
    called.push(argumentsOf(said))
  }
  const joined = Object.fromEntries(Object.entries(message).map(([field, pieces]) => [field, pieces.join('')]))
  const given = called.join('')
  const choice = {
    index: 0,
    finish_reason: finish ?? (isOver ? 'stop' : 'length'),
    message: { role: 'assistant', ...joined, ...(given !== '' && { function_call: { name: '', arguments: given } }) },
  }
  return { ...answer, object: 'chat.completion', ...(hasChoice ? { choices: [choice] } : {}) }
}

/** Mistral's models that reason stream parts, of which the thoughts are none of the text. */
function wordsOf(piece: unknown): string | undefined {
  if (typeof piece === 'string') return piece
  if (!Array.isArray(piece)) return undefined
  const parts = piece as readonly (Fields | null)[]
  return parts.map((part) => (part?.type === 'text' && typeof part.text === 'string' ? part.text : '')).join('')
}

/** Some gateways make a tool of a schema; the first call is the answer. */
function argumentsOf({ tool_calls: calls, function_call: old }: Fields): string {
  const call = (Array.isArray(calls) ? (calls as (Fields | null)[])[0] : undefined) ?? { function: old }
  const { arguments: given } = ((call.index ?? 0) === 0 ? (call.function as Fields | null) : null) ?? {}
  return typeof given === 'string' ? given : ''
}

function fieldsIn(event: string): Fields | undefined {
  if (!event.startsWith('{')) return undefined
  try {
    return JSON.parse(event) as Fields
  } catch {
    return undefined
  }
}
