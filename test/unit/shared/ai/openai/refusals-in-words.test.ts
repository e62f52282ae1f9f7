import { expect, it } from 'vitest'
import { readErrorBody } from '../../../../../shared/ai/openai/error-bodies.ts'
import { meantStatus } from '../../../../../shared/ai/openai/meant-status.ts'

/** Refusals of hosts and gateways whose status says less than their words, from public reports, with the status that the API has for each. */
const REFUSALS: readonly (readonly [what: string, status: number, body: string, meant: number])[] = [
  [
    'siliconflow ctx',
    400,
    '{"code":20015,"message":"length of prompt_tokens (34089) must be less than max_seq_len (32768).","data":null}',
    413,
  ],
  [
    'siliconflow model',
    400,
    '{"code":20012,"message":"Model does not exist. Please check it carefully.","data":null}',
    404,
  ],
  [
    'siliconflow balance',
    403,
    '{"code":30001,"message":"Sorry, your account balance is insufficient","data":null}',
    402,
  ],
  ['tabbyAPI ctx', 400, '{"detail":"Prompt length 9000 is greater than max_seq_len 8192"}', 413],
  ['zhipu ctx', 400, '{"error":{"code":"1261","message":"Prompt 超长"}}', 413],
  ['zhipu model', 400, '{"error":{"code":"1211","message":"模型不存在，请检查模型代码。"}}', 404],
  [
    'gemini embed size',
    400,
    '[{"error":{"code":400,"message":"Request payload size exceeds the limit: 36000 bytes.","status":"INVALID_ARGUMENT"}}]',
    413,
  ],
  [
    'novita balance',
    403,
    '{"code":403,"reason":"NOT_ENOUGH_BALANCE","message":"not enough balance","metadata":{}}',
    402,
  ],
  [
    'ark overdue',
    403,
    '{"error":{"code":"AccountOverdueError","message":"The request failed because your account has an overdue balance."}}',
    402,
  ],
  ['databricks token', 403, '{"error_code":"PERMISSION_DENIED","message":"Invalid access token."}', 401],
  [
    'litellm expired key',
    400,
    '{"error":{"message":"Authentication Error - Expired Key. Key Expiry time x","type":"expired_key","code":"400"}}',
    401,
  ],
  [
    'litellm model',
    400,
    '{"error":{"message":"/chat/completions: Invalid model name passed in model=x.","type":"None","code":"400"}}',
    404,
  ],
  [
    'bedrock model',
    400,
    '{"error":{"message":"The provided model identifier is invalid.","type":"invalid_request_error"}}',
    404,
  ],
  [
    'hugging face model',
    400,
    '{"error":{"message":"The requested model \'x\' is not supported by any provider you have enabled.","param":"model"}}',
    404,
  ],
  [
    'anthropic disabled',
    400,
    '{"type":"error","error":{"type":"invalid_request_error","message":"This organization has been disabled."}}',
    403,
  ],
  [
    'new-api quota',
    403,
    '{"error":{"message":"用户额度不足","type":"new_api_error","code":"insufficient_user_quota"}}',
    402,
  ],
  [
    'minimax balance',
    500,
    '{"type":"error","error":{"type":"api_error","message":"insufficient balance (1008)"}}',
    402,
  ],
]

it.each(REFUSALS)('%s, %i', (_, status, body, meant) => {
  const { code, type, message } = readErrorBody(body)
  expect(meantStatus({ status, code, type, message: `${status} ${message}` })).toBe(meant)
})
