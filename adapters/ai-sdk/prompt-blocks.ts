import type { MemoryMiddlewareOptions, MemoryOf } from './middleware-options.ts'
import type { Prompt } from './turn-of-prompt.ts'

/**
 * Owns where remembered things stand in a prompt: right before the message that they were searched for, as data of a message of their own, and never in the
 * system prompt. Guarantees: the same bytes at each step of a turn; what stands before them is the same as in the call before, so that prompt caches hit.
 */
type PromptBlocks = {
  /** The prompt with what is remembered for its last message of the user; as it is when there is none, or the search fails. */
  insert(prompt: Prompt): Promise<Prompt>
  /** Ends the turn of a prompt that `insert` made: its id, once; undefined when it has ended already. */
  endTurn(prompt: Prompt): string | undefined
}

type Turn = {
  readonly turnId: string
  readonly found: Promise<string>
  /** The block as it stands in the prompt, from the first step on. */
  shown: string | undefined
  isEnded: boolean
}

const DEFAULT_TOKEN_BUDGET = 600
const DEFAULT_SEARCH_TIMEOUT_MS = 800
/** Turns that a process remembers; an older one is searched again, or has no block. */
const MAX_TURNS = 1_000
/** The most characters of a query; the search would cut a longer one itself. */
const MAX_QUERY_LENGTH = 4_000

export function createPromptBlocks(
  memory: MemoryOf['memory'],
  whose: { readonly orgId: string; readonly userId?: string; readonly workstreamId: string },
  {
    tokenBudget = DEFAULT_TOKEN_BUDGET,
    searchTimeoutMs = DEFAULT_SEARCH_TIMEOUT_MS,
    blocks = 'kept',
    onError,
  }: MemoryMiddlewareOptions,
): PromptBlocks {
  const turns = new Map<string, Turn>()
  const turnOfPrompt = new WeakMap<Prompt, Turn>()

  const search = async (query: string): Promise<string> => {
    if (query.trim() === '') return ''
    // The cut may fall inside a character.
    const cut = query.slice(0, MAX_QUERY_LENGTH).toWellFormed()
    const found = memory.promptBlock({ ...whose, query: cut, budgetTokens: tokenBudget })
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no memory was found within ${searchTimeoutMs} ms`)), searchTimeoutMs)
    })
    found.catch(() => {})
    try {
      return (await Promise.race([found, late])).text
    } catch (error) {
      onError?.(error)
      return ''
    } finally {
      clearTimeout(timer)
    }
  }

  const turnOf = (key: string, query: string): Turn => {
    const known = turns.get(key)
    if (known && !known.isEnded) return known
    // A regenerated answer asks again after the turn has ended: it is another turn, with the same block.
    const turn: Turn = {
      turnId: `ai-${crypto.randomUUID()}`,
      found: known?.found ?? search(query),
      shown: known?.shown,
      isEnded: false,
    }
    turns.delete(key)
    turns.set(key, turn)
    if (turns.size > MAX_TURNS) turns.delete(turns.keys().next().value as string)
    return turn
  }

  return {
    async insert(prompt) {
      const places = await userPlaces(prompt)
      const last = places.at(-1)
      if (!last) return prompt
      const newest = turnOf(last.key, textOf(prompt[last.index]))
      const texts = new Map<number, string>()
      if (blocks === 'kept')
        for (const { index, key } of places.slice(0, -1)) texts.set(index, turns.get(key)?.shown ?? '')
      newest.shown ??= withoutKnown(await newest.found, [...texts.values()])
      texts.set(last.index, newest.shown)
      const made: Prompt = prompt.flatMap((message, index) => {
        const text = texts.get(index)
        return text ? [{ role: 'user' as const, content: [{ type: 'text' as const, text }] }, message] : [message]
      })
      turnOfPrompt.set(made, newest)
      return made
    },
    endTurn(prompt) {
      const turn = turnOfPrompt.get(prompt)
      if (!turn || turn.isEnded) return undefined
      turn.isEnded = true
      return turn.turnId
    },
  }
}

/** A block without the lines that stand in earlier ones: what is remembered is said once in a conversation. */
function withoutKnown(block: string, earlier: readonly string[]): string {
  const known = new Set(earlier.flatMap((text) => text.split('\n').filter(isItem)))
  const lines = block.split('\n')
  const left = lines.filter((line) => !isItem(line) || !known.has(line))
  if (left.length === lines.length) return block
  if (!left.some(isItem)) return ''
  // A heading goes with its last line.
  return left.filter((line, index) => !line.endsWith(':') || isItem(left[index + 1] ?? '')).join('\n')
}

function isItem(line: string): boolean {
  return line.startsWith('- ')
}

/** The messages of the user, each with a key of all that the user has said up to there. */
async function userPlaces(prompt: Prompt): Promise<{ index: number; key: string }[]> {
  const places: { index: number; key: string }[] = []
  let before = ''
  for (const [index, message] of prompt.entries()) {
    if (message.role !== 'user') continue
    before = await digest(`${before}\n${JSON.stringify(message.content, bytesAsText)}`)
    places.push({ index, key: before })
  }
  return places
}

/** An image has millions of bytes, each of which would be a field of an object, and of a Buffer an item of a list before it comes here. */
function bytesAsText(this: Readonly<Record<string, unknown>>, name: string, written: unknown): unknown {
  const given = this[name]
  return given instanceof Uint8Array ? new TextDecoder('latin1').decode(given) : written
}

function textOf(message: Prompt[number] | undefined): string {
  if (message?.role !== 'user') return ''
  return message.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')
}

async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
