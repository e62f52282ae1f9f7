/**
 * Owns what a message of a conversation is: the form of OpenAI's chat API, with its field names, so that apps record what they send.
 * Guarantees: what is kept beside a message's text is enough to give the message back as it came.
 */

export type Role = 'user' | 'assistant' | 'system' | 'tool'
export type TextPart = { readonly type: 'text'; readonly text: string }
/** An image by reference: the address, never its bytes. */
export type ImagePart = {
  readonly type: 'image_url'
  readonly image_url: { readonly url: string; readonly detail?: 'auto' | 'low' | 'high' | undefined }
}
export type ContentPart = TextPart | ImagePart
export type ToolCall = {
  readonly id: string
  readonly type: 'function'
  /** `arguments` is JSON as the model wrote it, which may be none. */
  readonly function: { readonly name: string; readonly arguments: string }
}

/** One message. `tool_calls` is an assistant's, `tool_call_id` says which call a tool's message answers. */
export type ConversationMessage = {
  readonly role: Role
  readonly name?: string | undefined
  readonly content?: string | readonly ContentPart[] | null | undefined
  readonly tool_calls?: readonly ToolCall[] | undefined
  readonly tool_call_id?: string | undefined
}

/** What of a message its role, name and text do not say. `content` is there when it was not plain text. */
export type MessageParts = {
  readonly content?: readonly ContentPart[] | null | undefined
  readonly tool_calls?: readonly ToolCall[] | undefined
  readonly tool_call_id?: string | undefined
}

/** The words of a message: what extraction and search read. */
export function textOf({ content }: Pick<ConversationMessage, 'content'>): string {
  if (typeof content === 'string') return content
  return (content ?? []).flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')
}

/** What is kept beside the text; undefined when the text says it all. */
export function partsOf({ content, tool_calls, tool_call_id }: ConversationMessage): MessageParts | undefined {
  if (typeof content === 'string' && !tool_calls && tool_call_id === undefined) return undefined
  return {
    ...(typeof content !== 'string' && { content: content ?? null }),
    ...(tool_calls && { tool_calls }),
    ...(tool_call_id !== undefined && { tool_call_id }),
  }
}

/** The message as it came. */
export function messageOf(row: {
  readonly role: string
  readonly name: string | null
  readonly content: string
  readonly parts: MessageParts | null
}): ConversationMessage {
  return {
    role: row.role as Role,
    ...(row.name !== null && { name: row.name }),
    content: row.content,
    ...row.parts,
  }
}
