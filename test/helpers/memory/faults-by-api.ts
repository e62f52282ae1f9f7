/** Owns what Anthropic's API and Gemini's refuse of a request, by their documentation; nothing for a request that they take. */

type Block = {
  readonly type?: string
  readonly text?: string
  readonly cache_control?: object
  readonly source?: { readonly type: string; readonly media_type: string }
  readonly content?: unknown
  readonly tool_use_id?: string
  readonly id?: string
  readonly name?: string
  readonly input?: unknown
  readonly inlineData?: { readonly mimeType: string }
  readonly thoughtSignature?: string
}
type Message = { readonly role?: string; readonly content?: unknown; readonly parts?: readonly Block[] }
/** The request that a context gives. */
export type GivenRequest = { readonly system?: unknown; readonly messages: readonly unknown[] }

const PICTURES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp']
const MAX_CACHE_MARKS = 4

/** The faults of a request of Anthropic's Messages API. */
export function faultsForAnthropic({ system, messages }: GivenRequest): string[] {
  const faults: string[] = []
  const add = (place: number | string, fault: string) => faults.push(`${place}: ${fault}`)
  const blocksOf = (content: unknown): Block[] =>
    Array.isArray(content) ? content : [{ type: 'text', text: String(content) }]
  let marks = 0
  let open: string[] = []
  const look = (place: number | string, block: Block) => {
    if (block.cache_control) marks += 1
    if (block.type === 'text' && block.text?.trim() === '') add(place, 'blank text')
    if (block.type === 'image' && block.source?.type === 'base64' && !PICTURES.includes(block.source.media_type))
      add(place, `picture of ${block.source.media_type}`)
    if (Array.isArray(block.content)) for (const inner of block.content) look(place, inner)
  }
  if (system !== undefined) for (const block of blocksOf(system)) look('system', block)
  for (const [index, { role, content }] of (messages as readonly Message[]).entries()) {
    const blocks = blocksOf(content)
    const results = blocks.filter(({ type }) => type === 'tool_result')
    if (index === 0 && role !== 'user') add(index, 'not a user first')
    if (blocks.length === 0) add(index, 'nothing')
    if (results.length !== open.length || results.some(({ tool_use_id: id }) => !open.includes(id ?? '')))
      add(index, `${results.length} results for ${open.length} calls`)
    if (blocks.slice(0, results.length).some(({ type }) => results.length > 0 && type !== 'tool_result'))
      add(index, 'words before results')
    for (const block of blocks) look(index, block)
    const calls = blocks.filter(({ type }) => type === 'tool_use')
    for (const { id, name, input } of calls)
      if (!/^[\w-]{1,64}$/.test(id ?? '') || !/^[\w-]{1,128}$/.test(name ?? '') || typeof input !== 'object')
        add(index, 'a bad call')
    open = calls.map(({ id = '' }) => id)
    const last = blocks.at(-1)
    if (role === 'assistant' && index === messages.length - 1 && last?.type === 'text' && /\s$/.test(last.text ?? ''))
      add(index, 'space at the end')
  }
  if (open.length > 0) add('end', 'open calls')
  if (marks > MAX_CACHE_MARKS) add('all', `${marks} marks of the cache`)
  return faults
}

/** The faults of a request of Gemini's API. */
export function faultsForGemini({ messages }: GivenRequest): string[] {
  const faults: string[] = []
  let open = 0
  for (const [index, { role, parts = [] }] of (messages as readonly Message[]).entries()) {
    const count = (field: string) => parts.filter((part: Block) => Object.hasOwn(part, field)).length
    const [calls, results] = [count('functionCall'), count('functionResponse')]
    if (parts.length === 0) faults.push(`${index}: no parts`)
    if (results !== open) faults.push(`${index}: ${results} results for ${open} calls`)
    if (calls > 0 && (role !== 'model' || (messages[index - 1] as Message | undefined)?.role === 'model'))
      faults.push(`${index}: a call in a row`)
    for (const part of parts) {
      const type = part.inlineData?.mimeType ?? 'x/y'
      if (!/^[a-z]+\/[\w.+-]+$/.test(type)) faults.push(`${index}: data of ${type}`)
      if (part.text === '' && part.thoughtSignature === undefined) faults.push(`${index}: empty text`)
      if (Object.keys(part).some((key) => key.includes('_'))) faults.push(`${index}: unknown fields`)
    }
    open = calls
  }
  if (open > 0) faults.push('end: open calls')
  return faults
}
