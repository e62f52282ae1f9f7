import { describe, expect, it } from 'vitest'
import { readErrorBody } from '../../../../../shared/ai/openai/error-bodies.ts'
import { meantStatus } from '../../../../../shared/ai/openai/meant-status.ts'

/** Answers of servers, from public reports and documentation, with the status that the API has for each. */

/** 402: the account, 401: the key, 403 and 404: the right to the model and its name, 413: too much at once, 429: later, 400: this input. */
const ANSWERS: readonly (readonly [what: string, status: number, body: string, meant: number])[] = [
  [
    'openai 429 rate',
    429,
    '{"error":{"message":"Rate limit reached for gpt-4o in organization org-x on tokens per min (TPM): Limit 30000, Used 29000, Requested 2000. Please try again in 2s.","type":"tokens","param":null,"code":"rate_limit_exceeded"}}',
    429,
  ],
  [
    'openai quota',
    429,
    '{"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}',
    402,
  ],
  [
    'openai ctx',
    400,
    '{"error":{"message":"This model\'s maximum context length is 128000 tokens. However, your messages resulted in 130000 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}',
    413,
  ],
  [
    'openai input too long new',
    400,
    '{"error":{"message":"Your input exceeds the context window of this model. Please adjust your input and try again.","type":"invalid_request_error","param":"input","code":"context_length_exceeded"}}',
    413,
  ],
  [
    'openai too large req',
    429,
    '{"error":{"message":"Request too large for gpt-4o in organization org on tokens per min (TPM): Limit 30000, Requested 40000.","type":"tokens","code":"rate_limit_exceeded"}}',
    413,
  ],
  [
    'openai model 404',
    404,
    '{"error":{"message":"The model `gpt-9` does not exist or you do not have access to it.","type":"invalid_request_error","code":"model_not_found"}}',
    404,
  ],
  [
    'openai billing inactive',
    429,
    '{"error":{"message":"Your account is not active, please check your billing details on our website.","type":"billing_not_active","param":null,"code":"billing_not_active"}}',
    402,
  ],
  [
    'openai unsupported country',
    403,
    '{"error":{"code":"unsupported_country_region_territory","message":"Country, region, or territory not supported"}}',
    403,
  ],
  [
    'azure content filter',
    400,
    '{"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI\'s content management policy.","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation"}}}',
    400,
  ],
  [
    'azure 429',
    429,
    '{"error":{"code":"429","message":"Requests to the ChatCompletions_Create Operation under Azure OpenAI API version have exceeded token rate limit. Please retry after 6 seconds."}}',
    429,
  ],
  ['anthropic 529', 529, '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}', 529],
  [
    'anthropic ctx',
    400,
    '{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 208310 tokens > 200000 maximum"}}',
    413,
  ],
  [
    'anthropic ctx2',
    400,
    '{"type":"error","error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000, decrease input length or `max_tokens` and try again"}}',
    413,
  ],
  [
    'anthropic credit',
    400,
    '{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API."}}',
    402,
  ],
  [
    'anthropic usage limits',
    400,
    '{"type":"error","error":{"type":"invalid_request_error","message":"You have reached your specified API usage limits. You will regain access on 2026-01-01 at 00:00 UTC."}}',
    402,
  ],
  [
    'gemini key',
    400,
    '[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}]',
    401,
  ],
  [
    'gemini 429',
    429,
    '[{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details. Please retry in 34.07s.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34s"}]}}]',
    429,
  ],
  [
    'gemini ctx',
    400,
    '[{"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}]',
    413,
  ],
  [
    'gemini region',
    400,
    '[{"error":{"code":400,"message":"User location is not supported for the API use.","status":"FAILED_PRECONDITION"}}]',
    403,
  ],
  [
    'gemini leaked key',
    403,
    '[{"error":{"code":403,"message":"Your API key was reported as leaked. Please use another API key.","status":"PERMISSION_DENIED"}}]',
    403,
  ],
  [
    'groq ctx',
    400,
    '{"error":{"message":"Please reduce the length of the messages or completion.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}',
    413,
  ],
  [
    'groq org restricted',
    400,
    '{"error":{"message":"Organization has been restricted. Please reach out to support if you believe this was in error.","type":"invalid_request_error","code":"organization_restricted"}}',
    403,
  ],
  [
    'groq decommissioned',
    400,
    '{"error":{"message":"The model `x` has been decommissioned and is no longer supported.","type":"invalid_request_error","code":"model_decommissioned"}}',
    404,
  ],
  [
    'deepseek ctx',
    400,
    '{"error":{"message":"This model\'s maximum context length is 65536 tokens. However, you requested 70000 tokens (66000 in the messages, 4000 in the completion). Please reduce the length of the messages or completion.","type":"invalid_request_error"}}',
    413,
  ],
  [
    'deepseek model',
    400,
    '{"error":{"message":"Model Not Exist","type":"invalid_request_error","param":null,"code":"invalid_request_error"}}',
    404,
  ],
  [
    'mistral ctx',
    400,
    '{"object":"error","message":"Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length","type":"invalid_request_invalid_args","param":null,"code":"3051"}',
    413,
  ],
  [
    'mistral model',
    400,
    '{"object":"error","message":"Invalid model: foo","type":"invalid_model","param":null,"code":"1500"}',
    404,
  ],
  [
    'cohere ctx',
    400,
    '{"message":"too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 5000. Try using a shorter prompt."}',
    413,
  ],
  [
    'vllm ctx',
    400,
    '{"object":"error","message":"This model\'s maximum context length is 4096 tokens. However, you requested 5000 tokens in the messages, Please reduce the length of the messages.","type":"BadRequestError","param":null,"code":400}',
    413,
  ],
  [
    'vllm 0.10 ctx',
    400,
    '{"error":{"message":"The decoder prompt (length 9000) is longer than the maximum model length of 8192. Make sure that `max_model_len` is no smaller than the number of text tokens.","type":"BadRequestError","param":null,"code":400}}',
    413,
  ],
  [
    'vllm max_tokens neg',
    400,
    '{"error":{"message":"max_tokens must be at least 1, got -100.","type":"BadRequestError"}}',
    413,
  ],
  [
    'llama.cpp ctx',
    400,
    '{"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"exceed_context_size_error","n_prompt_tokens":9000,"n_ctx":4096}}',
    413,
  ],
  [
    'llama.cpp embed large',
    500,
    '{"error":{"code":500,"message":"input is too large to process. increase the physical batch size","type":"server_error"}}',
    413,
  ],
  [
    'ollama embed ctx',
    400,
    '{"error":{"message":"the input length exceeds the context length","type":"api_error"}}',
    413,
  ],
  [
    'lmstudio ctx',
    400,
    '{"error":"Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough."}',
    413,
  ],
  [
    'openrouter 402',
    402,
    '{"error":{"message":"This request requires more credits, or fewer max_tokens. You requested up to 4000 tokens, but can only afford 100.","code":402}}',
    402,
  ],
  [
    'openrouter ctx',
    400,
    '{"error":{"message":"This endpoint\'s maximum context length is 32768 tokens. However, you requested about 40000 tokens (36000 of text input, 4000 in the output).","code":400}}',
    413,
  ],
  [
    'openrouter moderation',
    403,
    '{"error":{"message":"Input was flagged","code":403,"metadata":{"reasons":["violence"],"flagged_input":"x"}}}',
    400,
  ],
  [
    'together ctx',
    422,
    '{"id":"x","error":{"message":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4097. Given: 5000 `inputs` tokens and 512 `max_new_tokens`","type":"invalid_request_error","param":"max_tokens","code":null}}',
    413,
  ],
  [
    'fireworks ctx',
    400,
    '{"error":{"object":"error","type":"invalid_request_error","message":"The prompt is too long: 9000, model maximum context length: 8191"}}',
    413,
  ],
  [
    'fireworks 412 suspended',
    412,
    '{"error":{"message":"Account x is suspended, possibly due to reaching the monthly spending limit or failure to pay past invoices."}}',
    402,
  ],
  [
    'tgi ctx',
    422,
    '{"error":"Input validation error: `inputs` must have less than 4096 tokens. Given: 5000","error_type":"validation"}',
    413,
  ],
  [
    'xai ctx',
    400,
    '{"code":"Client specified an invalid argument","error":"This model\'s maximum prompt length is 131072 but the request contains 140000 tokens."}',
    413,
  ],
  [
    'xai key',
    400,
    '{"code":"Client specified an invalid argument","error":"Incorrect API key provided: xa***. You can obtain an API key from https://console.x.ai."}',
    401,
  ],
  [
    'xai no credits',
    403,
    '{"code":"The caller does not have permission","error":"Your newly created team doesn\'t have any credits or licenses yet."}',
    402,
  ],
  [
    'xai used credits',
    429,
    '{"code":"Some resource has been exhausted","error":"Your team has either used all available credits or reached its monthly spending limit."}',
    402,
  ],
  ['bedrock ctx', 400, '{"message":"Input is too long for requested model."}', 413],
  [
    'bedrock throttle2',
    400,
    '{"__type":"ThrottlingException","message":"Too many requests, please wait before trying again."}',
    429,
  ],
  [
    'dashscope ctx',
    400,
    '{"error":{"message":"Range of input length should be [1, 30720]","type":"invalid_request_error","code":"invalid_parameter_error"}}',
    413,
  ],
  [
    'dashscope inspect',
    400,
    '{"error":{"code":"data_inspection_failed","message":"Input data may contain inappropriate content."}}',
    400,
  ],
  [
    'dashscope arrears',
    400,
    '{"error":{"code":"Arrearage","message":"Access denied, please make sure your account is in good standing."}}',
    402,
  ],
  ['zhipu balance', 429, '{"error":{"code":"1113","message":"余额不足或无可用资源包,请充值。"}}', 402],
  [
    'moonshot ctx',
    400,
    '{"error":{"message":"Invalid request: Your request exceeded model token limit: 8192","type":"invalid_request_error"}}',
    413,
  ],
  [
    'moonshot quota',
    429,
    '{"error":{"message":"Your account org is suspended due to insufficient balance, please recharge your account","type":"exceeded_current_quota_error"}}',
    402,
  ],
  [
    'litellm ctx',
    400,
    '{"error":{"message":"litellm.ContextWindowExceededError: litellm.BadRequestError: OpenAIException - This model\'s maximum context length is 8192 tokens.","type":null,"param":null,"code":"400"}}',
    413,
  ],
  [
    'litellm budget',
    400,
    '{"error":{"message":"Budget has been exceeded! Current cost: 10.1, Max budget: 10.0","type":"budget_exceeded","param":null,"code":"400"}}',
    402,
  ],
  [
    'sglang ctx',
    400,
    '{"object":"error","message":"The input (5000 tokens) is longer than the model\'s context length (4096 tokens).","type":"BadRequestError","code":400}',
    413,
  ],
  [
    'openai 400 invalid prompt',
    400,
    '{"error":{"message":"Invalid prompt: your prompt was flagged as potentially violating our usage policy.","type":"invalid_request_error","code":"invalid_prompt"}}',
    400,
  ],
  [
    'openai string too long',
    400,
    '{"error":{"message":"Invalid \'messages[0].content\': string too long. Expected a string with maximum length 10485760, but got a string with length 11000000 instead.","code":"string_above_max_length"}}',
    413,
  ],
  [
    'openai embed batch',
    400,
    '{"error":{"message":"Invalid \'input\': maximum request size is 300000 tokens per request.","type":"max_tokens_per_request","code":"max_tokens_per_request"}}',
    413,
  ],
  [
    'voyage batch',
    400,
    '{"detail":"Request to model \'voyage-3\' failed. The max allowed tokens per submitted batch is 120000. Your batch has 150000 tokens after truncation."}',
    413,
  ],
  ['jina', 422, '{"detail":"Single text cannot exceed 8194 tokens. 9000 tokens given."}', 413],
]

describe('a failure', () => {
  it.each(ANSWERS)('of %s, %i', (_, status, body, meant) => {
    const { code, type, message } = readErrorBody(body)
    expect(meantStatus({ status, code, type, message: `${status} ${message}` })).toBe(meant)
  })
})
