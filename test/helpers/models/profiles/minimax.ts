import type { ServerProfile } from './server-profile.ts'

/** Errors have status 200, and nothing in place of an answer. */
const failed = (status_code: number, status_msg: string, nothing: object = { choices: null }) => ({
  status: 200,
  body: { ...nothing, base_resp: { status_code, status_msg } },
})

export const minimax: ServerProfile = {
  name: 'MiniMax',
  basePath: '/v1',
  model: 'MiniMax-M2.5',
  chat: {
    honours: 'nothing',
    ignores: ['response_format', 'reasoning_effort'],
    thought: 'think tags',
    hasUsage: true,
    tooLong: failed(1039, 'token limit'),
  },
  embeddings: failed(2013, 'invalid params, binding: expr_path=texts, cause=missing required parameter', {
    vectors: null,
  }),
  errors: {
    badKey: failed(
      1004,
      "login fail: Please carry the API secret key in the 'Authorization' field of the request header",
    ),
    limited: failed(1002, 'rate limit'),
    overloaded: failed(1024, 'internal error'),
  },
  quirks: [
    {
      says: 'Errors have status 200, with their code and words in `base_resp`',
      source: 'https://platform.minimax.io/docs/api-reference/errorcode.md',
    },
    {
      says: 'Thoughts are in the content, in `<think>`',
      source: 'https://github.com/MiniMax-AI/MiniMax-M2/issues/18',
    },
    { says: '`reasoning_effort` is ignored', source: 'https://github.com/HKUDS/nanobot/issues/3068' },
    {
      says: 'Its embeddings take `texts` in place of `input`: to OpenAI’s API it has none',
      source: 'https://github.com/garrytan/gbrain/issues/1977',
    },
  ],
}
