/** Owns how a turn reads as text: what is embedded, indexed and quoted. */

type Message = { readonly role: string; readonly name?: string | null | undefined; readonly content: string }

/** Roles whose words are somebody's; system prompts and tool output are not remembered. */
export const SPOKEN_ROLES: readonly string[] = ['user', 'assistant']

/** The spoken messages of a turn: those with words, so not an image alone, nor a call of a tool. */
export function spokenMessages<T extends Message>(messages: readonly T[]): T[] {
  return messages.filter((message) => SPOKEN_ROLES.includes(message.role) && message.content.trim() !== '')
}

/** A turn as one text, a line a message, each with its speaker. */
export function turnText(messages: readonly Message[]): string {
  return spokenMessages(messages)
    .map((message) => `${speakerOf(message)}: ${message.content}`)
    .join('\n')
}

/** Who speaks: the name if there is one, else the role. */
export function speakerOf(message: Message): string {
  return message.name ?? message.role
}
