/**
 * Owns the types of what `load` gives: they fit `messages` of `openai.chat.completions.create` without a cast, and name no type of a client, so that
 * any version of one will do.
 */

type Text = { type: 'text'; text: string }
type Refusal = { type: 'refusal'; refusal: string }
type Image = { type: 'image_url'; image_url: { url: string; detail?: 'auto' | 'low' | 'high' | 'original' } }
type Audio = { type: 'input_audio'; input_audio: { data: string; format: 'wav' | 'mp3' } }
type File = { type: 'file'; file: { file_data?: string; file_id?: string; filename?: string } }
type Call =
  | { id: string; type: 'function'; function: { name: string; arguments: string } }
  | { id: string; type: 'custom'; custom: { name: string; input: string } }

/** One message of a request to a chat API. */
export type RequestMessage =
  | { role: 'system'; content: string | Text[]; name?: string }
  | { role: 'developer'; content: string | Text[]; name?: string }
  | { role: 'user'; content: string | (Text | Image | Audio | File)[]; name?: string }
  | { role: 'assistant'; content?: string | (Text | Refusal)[] | null; name?: string; tool_calls?: Call[] }
  | { role: 'tool'; content: string | Text[]; tool_call_id: string }
