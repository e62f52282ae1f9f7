import { PROFILES } from '../../test/helpers/models/profiles/profiles.ts'
import type { ServerProfile } from '../../test/helpers/models/profiles/server-profile.ts'
import { code, markdownTable } from './markdown.ts'

/** `docs/providers.md`: the model servers that the tests imitate. */

export function providersPage(): string {
  return `# Model servers

<!-- Written by \`npm run docs\` from test/helpers/models/profiles. -->

Any server that speaks OpenAI's chat API works. What a server refuses, ignores or renames is found out by trying: first with a JSON schema, then
asking for any JSON object, then with the schema only in the prompt. A parameter that a server refuses by name is left out from then on. The tests
imitate the servers below, following their public documentation, and run the same contract against all of them: extracting, reconciling, summarising
and embedding, wrong keys, rate limits, overload, truncated answers, thoughts, and prompts and texts that are too long.

${markdownTable(
  ['server', 'base path', 'structured output', 'thoughts', 'prompt too long', 'embeddings'],
  PROFILES.map(({ name, basePath, chat, embeddings }) => [
    name,
    code(basePath),
    structuredOutput(chat),
    chat.thought,
    chat.tooLong === 'cut silently'
      ? 'cut silently, noticed by its usage'
      : `${chat.tooLong.status}, then sent in parts`,
    'dims' in embeddings ? 'yes' : 'none: search by words, or EMBEDDING_BASE_URL',
  ]),
)}

If a server has no embeddings, nothing waits for them: memories are extracted and found by their words. \`EMBEDDING_BASE_URL\` names
another server for embeddings; once it is set, \`memory-reembedding\` adds the vectors.

## How each server differs

${PROFILES.map(({ name, quirks }) => `### ${name}\n\n${quirks.map(({ says, source }) => `- ${says} ([source](${source}))`).join('\n')}`).join('\n\n')}
`
}

function structuredOutput({ honours, refuses = [] }: ServerProfile['chat']): string {
  const refused = refuses.flatMap(({ field, value }) => (field === 'response_format' && value ? [value] : []))
  const taken = honours === 'nothing' ? 'ignored: schema in the prompt' : code(honours)
  return refused.length > 0 ? `${taken}; ${refused.map(code).join(', ')} is refused` : taken
}
