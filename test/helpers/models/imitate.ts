import { answerCompletion, answerEmbeddings, type ChatBody, type ModelBehaviour } from './model-answers.ts'
import type { Refusal, Reply, ServerProfile } from './profiles/server-profile.ts'

/** Owns how the model server answers in the way of another: by that server's profile alone. */

/** The key that a profile's server takes. */
export const PROFILE_KEY = 'sk-the-right-key-0123456789'
/** Of one text that is embedded. */
export const EMBEDDING_TOKENS = 512
const CHARS_PER_TOKEN = 4

export type Asked = {
  readonly path: string
  readonly authorization: string | undefined
  readonly body: Record<string, unknown>
}
export type Makes = {
  readonly behaviour: ModelBehaviour
  completion(body: ChatBody): unknown
  vector?(text: string): Float32Array
}

/** What the profile's server answers to a request. */
export function imitate(profile: ServerProfile, { path, authorization, body }: Asked, makes: Makes): Reply {
  if (profile.errors.badKey && authorization !== `Bearer ${PROFILE_KEY}`) return profile.errors.badKey
  return path === '/embeddings' ? embeddings(profile, body, makes) : completion(profile, body as ChatBody, makes)
}

function completion({ chat }: ServerProfile, body: ChatBody, { behaviour, completion: make }: Makes): Reply {
  const refusal = chat.refuses?.find((refused) => meets(refused, body))
  if (refusal) return refusal
  const prompt = body.messages.map(({ content }) => content).join('')
  const isTooLong = prompt.length > behaviour.contextTokens * CHARS_PER_TOKEN
  if (isTooLong && chat.tooLong !== 'cut silently') return chat.tooLong
  const answer = { ...answerCompletion(body, behaviour, (given) => written(chat, given, make(given))) }
  const { choices, usage } = answer.body as Completion
  if (isTooLong) usage.prompt_tokens = behaviour.contextTokens
  const [choice] = choices
  const field = chat.thought === 'reasoning' || chat.thought === 'reasoning_content' ? chat.thought : undefined
  if (choice && field) choice.message[field] = THOUGHT
  if (!chat.hasUsage) Object.assign(answer.body, { usage: null })
  return answer
}

type Completion = {
  readonly choices: { readonly message: Record<string, unknown> }[]
  readonly usage: { prompt_tokens: number }
}

/** A draft among the thoughts that must not be read. */
const THOUGHT = 'Maybe {"facts": [], "decisions": [], "words": ["draft"]}? No.'

/** The words of the answer: JSON only where the server or the prompt binds the model to it. */
function written(chat: ServerProfile['chat'], body: ChatBody, answer: unknown): string {
  const whole = typeof answer === 'string' ? answer : JSON.stringify(answer)
  const isBound = body.response_format?.type === 'json_schema' && chat.honours === 'json_schema'
  const isTold = body.messages.some(({ content }) => content.includes('JSON schema'))
  const said = isBound
    ? whole
    : isTold
      ? chat.isFenced
        ? `Here it is:\n\`\`\`json\n${whole}\n\`\`\``
        : whole
      : 'I found a few things.'
  if (chat.thought === 'think tags') return `<think>${THOUGHT}</think>\n${said}`
  if (chat.thought === 'think tags without a beginning') return `${THOUGHT}</think>\n\n${said}`
  return said
}

function embeddings({ embeddings: has }: ServerProfile, body: Record<string, unknown>, makes: Makes): Reply {
  if (!('dims' in has)) return has
  const texts = [body.input].flat() as string[]
  if (texts.some((text) => text.length > EMBEDDING_TOKENS * CHARS_PER_TOKEN)) return has.tooLong
  if (typeof has.dimensions === 'object' && body.dimensions !== undefined) return has.dimensions
  const dims = has.dimensions === 'honoured' ? undefined : has.dims
  return answerEmbeddings(
    { ...body, dimensions: body.dimensions ?? has.dims },
    { ...makes.behaviour, dims },
    makes.vector,
  )
}

function meets({ field, value }: Refusal, body: Record<string, unknown>): boolean {
  const given = body[field]
  return value === undefined ? given !== undefined : (given as { type?: string } | undefined)?.type === value
}
