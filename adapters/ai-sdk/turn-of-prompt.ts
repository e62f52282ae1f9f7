import type { LanguageModelMiddleware } from 'ai'
import { fromAiSdk } from '../../shared/formats/from-ai-sdk.ts'
import type { MessageInput } from '../../shared/memory/recording/turn-messages.ts'

/** Owns what a turn is in the calls of a model: from the last message of the user to the answer that calls no tool. */

type Wrap = NonNullable<LanguageModelMiddleware['wrapStream']>
type Call = Parameters<Wrap>[0]
export type Prompt = Call['params']['prompt']
type Result = Awaited<ReturnType<Call['doGenerate']>>
type Chunk = Awaited<ReturnType<Call['doStream']>>['stream'] extends ReadableStream<infer Part> ? Part : never

/** The parts of an answer that belong to a conversation: texts and calls. */
type StepContent = readonly object[]

/** The reason why a step ended; newer versions of the SDK add the provider's own word. */
const ENDS = new Set<unknown>(['stop', 'length', 'content-filter', 'other'])

/** Returns true for the last step of a turn; a failed step does not end it. */
export function isAnswered(reason: Result['finishReason'] | string): boolean {
  return ENDS.has(typeof reason === 'string' ? reason : reason.unified)
}

export function answerOf(content: Result['content']): StepContent {
  return content.flatMap((part) => {
    if (part.type === 'text') return [{ type: 'text', text: part.text }]
    return part.type === 'tool-call' ? [callOf(part)] : []
  })
}

/** Passes chunks as they are, and tells the answer once the stream has ended whole. */
export function collectAnswer(onAnswer: (answer: StepContent) => void): TransformStream<Chunk, Chunk> {
  const parts: object[] = []
  let text = ''
  let isWhole = false
  return new TransformStream({
    transform(chunk, controller) {
      controller.enqueue(chunk)
      if (chunk.type === 'text-delta') text += chunk.delta
      if (chunk.type === 'tool-call') parts.push(callOf(chunk))
      if (chunk.type === 'finish') isWhole = isAnswered(chunk.finishReason)
    },
    flush() {
      if (isWhole) onAnswer([...(text === '' ? [] : [{ type: 'text', text }]), ...parts])
    },
  })
}

/** The messages of a turn, without the system prompt and what came before. */
export function turnMessages(prompt: Prompt, answer: StepContent): MessageInput[] {
  const from = prompt.findLastIndex(({ role }) => role === 'user')
  const messages: object[] = prompt.slice(Math.max(0, from)).filter(({ role }) => role !== 'system')
  return fromAiSdk(answer.length === 0 ? messages : [...messages, { role: 'assistant', content: answer }])
}

/** In results the input is JSON as the model wrote it; in messages it is the value. */
function callOf({ toolCallId, toolName, input }: { toolCallId: string; toolName: string; input: string }): object {
  return { type: 'tool-call', toolCallId, toolName, input: readInput(input) }
}

function readInput(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
