import type { ServerProfile } from './server-profile.ts'

export const vllm: ServerProfile = {
  name: 'vLLM',
  basePath: '/v1',
  model: 'Qwen/Qwen3-8B',
  chat: {
    honours: 'json_schema',
    refuses: [
      {
        field: 'max_tokens',
        status: 400,
        body: {
          object: 'error',
          message:
            "'max_tokens' or 'max_completion_tokens' is too large: 8096. This model's maximum context length is 8192 tokens and your request has 500 input tokens (8096 > 8192 - 500).",
          type: 'BadRequestError',
          param: null,
          code: 400,
        },
      },
    ],
    thought: 'think tags without a beginning',
    hasUsage: true,
    tooLong: {
      status: 400,
      body: {
        object: 'error',
        message:
          "This model's maximum context length is 8192 tokens. However, you requested 32813 tokens in the messages, Please reduce the length of the messages.",
        type: 'BadRequestError',
        param: null,
        code: 400,
      },
    },
  },
  embeddings: {
    dims: 384,
    dimensions: {
      status: 400,
      body: {
        object: 'error',
        message:
          'Model "intfloat/e5-small" does not support matryoshka representation, changing output dimensions will lead to poor results.',
        type: 'BadRequestError',
        param: null,
        code: 400,
      },
    },
    tooLong: {
      status: 400,
      body: {
        object: 'error',
        message:
          "This model's maximum context length is 512 tokens. However, you requested 700 tokens in the input for embedding generation. Please reduce the length of the input.",
        type: 'BadRequestError',
        param: null,
        code: 400,
      },
    },
  },
  errors: {
    badKey: { status: 401, body: { error: 'Unauthorized' } },
    limited: {
      status: 429,
      headers: { 'retry-after': '1', 'content-type': 'text/html' },
      body: page('429 Too Many Requests'),
      retryAfterMs: 1_000,
    },
    overloaded: { status: 502, headers: { 'content-type': 'text/html' }, body: page('502 Bad Gateway') },
  },
  quirks: [
    {
      says: 'Errors are at the top of the body, in no `error`, until 0.10',
      source: 'https://github.com/vllm-project/vllm/issues/4667',
    },
    {
      says: 'A limit of output that does not fit beside the prompt is a 400 that names it',
      source: 'https://github.com/vllm-project/vllm/issues/34340',
    },
    {
      says: 'Without a reasoning parser, thoughts end with `</think>` and have no beginning: the template opens them',
      source: 'https://docs.vllm.ai/en/latest/features/reasoning_outputs.html',
    },
    {
      says: '`dimensions` is refused by models without Matryoshka vectors',
      source: 'https://docs.vllm.ai/en/v0.9.0.1/examples/online_serving/openai_embedding_matryoshka_fy.html',
    },
    {
      says: 'It limits nothing itself; the proxy in front answers pages of HTML',
      source: 'https://docs.vllm.ai/en/latest/deployment/nginx.html',
    },
  ],
}

function page(title: string): string {
  return `<html><head><title>${title}</title></head><body><center><h1>${title}</h1></center><hr>nginx</body></html>`
}
