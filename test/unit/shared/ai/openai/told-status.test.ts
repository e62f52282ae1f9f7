import { describe, expect, it } from 'vitest'
import { errorInAnswer } from '../../../../../shared/ai/openai/error-bodies.ts'
import { toldStatus } from '../../../../../shared/ai/openai/told-status.ts'
import { PROFILES } from '../../../../helpers/models/profiles/profiles.ts'

/** Bodies that servers send with status 200, from public reports and documentation, with the status that the API has for each. */
const BODIES: readonly (readonly [meant: number, body: object])[] = [
  [402, { choices: null, base_resp: { status_code: 1008, status_msg: 'insufficient balance' } }],
  [401, { base_resp: { status_code: 1004, status_msg: 'login fail: Please carry the API secret key' } }],
  [401, { base_resp: { status_code: 2049, status_msg: 'invalid api key' } }],
  [429, { choices: [], base_resp: { status_code: 1002, status_msg: 'rate limit' } }],
  [503, { choices: [], base_resp: { status_code: 1001, status_msg: 'request timeout' } }],
  [503, { choices: [], base_resp: { status_code: 1033, status_msg: 'system error' } }],
  [413, { choices: [], base_resp: { status_code: 1039, status_msg: 'token limit' } }],
  [400, { choices: null, base_resp: { status_code: 1026, status_msg: 'input new_sensitive' } }],
  [
    402,
    { choices: [{ message: { role: '', content: '' } }], base_resp: { status_code: 1008, status_msg: 'no balance' } },
  ],
  [401, { error_code: 110, error_msg: 'Access token invalid or no longer valid' }],
  [429, { error_code: 18, error_msg: 'Open api qps request limit reached' }],
  [403, { error_code: 6, error_msg: 'No permission to access data' }],
  [404, { error_code: 3, error_msg: 'Unsupported openapi method' }],
  [503, { error_code: 336100, error_msg: 'try again later' }],
  [413, { error_code: 336103, error_msg: 'the max input characters is 24000' }],
  [400, { error_code: 336003, error_msg: 'the role of first message must be user' }],
  [503, { result: null, success: false, errors: [{ code: 7009, message: 'Upstream service unavailable' }] }],
  [401, { success: false, errors: [{ code: 10000, message: 'Authentication error' }] }],
  [404, { success: false, errors: [{ code: 7003, message: 'Could not route to /client/v4/accounts/x' }] }],
  [401, { Response: { Error: { Code: 'AuthFailure.SecretIdNotFound', Message: 'The SecretId is not found' } } }],
  [429, { Response: { Error: { Code: 'RequestLimitExceeded', Message: 'exceeds the frequency limit' } } }],
  [401, { ResponseMetadata: { Error: { Code: 'InvalidAccessKey', Message: 'The security token is invalid' } } }],
  [401, { error: { code: '11200', message: 'AppIdNoAuthError', type: 'api_error' } }],
  [401, { code: 401, msg: '令牌已过期或验证不正确！', success: false }],
  [402, { error: { code: '1113', message: '余额不足或无可用资源包,请充值。' } }],
  [429, { error: { code: '1302', message: '您的账户已达到速率限制，请您控制请求频率' } }],
  [404, { error: { code: '1211', message: '模型不存在，请检查模型代码。' } }],
  [413, { error: { code: '1261', message: 'Prompt 超长' } }],
  [404, { code: 20012, message: 'Model does not exist. Please check it carefully.', data: null }],
  [402, { code: 30001, message: 'Sorry, your account balance is insufficient', data: null }],
  [503, { code: 50505, message: 'Model service overloaded. Please try again later.', data: null }],
  [429, { code: 'Throttling.RateQuota', message: 'Requests rate limit exceeded, please try again later.' }],
  [404, { error: 'Unexpected endpoint or method. (POST /chat/completions). Returning 200 anyway' }],
  [400, { error: "'response_format.type' must be 'json_schema' or 'text'" }],
  [503, { error: 'Failed to load model "x". Error: loading aborted due to insufficient system resources' }],
  [400, { status: 'FAILED', error: 'err.supplier_error' }],
  [401, { status: 401, error: 'Unauthorized', message: 'Full authentication is required', path: '/v1' }],
  [429, { fault: { faultstring: 'Rate limit quota violation.', detail: { errorcode: 'policies.ratelimit' } } }],
  [503, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }],
  [401, { type: 'error', error: { type: 'authentication_error', message: 'invalid x-api-key' } }],
  [404, { detail: 'Not Found' }],
  [503, { errors: ['context deadline exceeded'] }],
  [400, { error: 'Your input contains an invalid token at position 3' }],
  [400, { error: 'stop token not found' }],
  [400, { error: 'key "facts" not found in schema' }],
  [400, { error: 'invalid schema: too many properties' }],
  [400, { error: 'Too many images in the request' }],
  [400, { error: 'Schema property "payment" invalid' }],
  [400, { error: 'field messages not found' }],
  [400, { error: 'Property facts does not exist' }],
  [400, { error: 'frequency_penalty must be at most 2' }],
  [400, { error: 'The model output schema: property facts not found' }],
  [400, { error: 'length of stop sequences must be less than 5' }],
  [400, { error: 'stop sequence length must be at least 1' }],
  [401, { error: 'Invalid token' }],
  [401, { error: { code: 'invalid_token', message: 'no' } }],
  [401, { error: 'Your token is expired' }],
  [401, { error: 'The token is invalid.' }],
  [401, { error: 'Missing bearer token in the header' }],
  [402, { error: { code: 'payment_required', message: 'no' } }],
  [404, { error: '404 Not Found' }],
  [404, { error: { type: 'not_found_error', message: 'no' } }],
  [404, { error: 'The page was not found' }],
  [404, { error: { code: 'InvalidEndpoint.NotFound', message: 'no' } }],
  [404, { error: 'model "a/b" not found, try pulling it first' }],
  [413, { error: 'Prompt length 9000 is greater than 8192' }],
  [429, { error: 'Too many concurrent requests' }],
  [401, { success: false, message: 'Invalid token' }],
  [503, { object: 'error', message: 'model not loaded', code: null }],
  [400, { type: 'error', message: 'no' }],
  [400, { error: { code: 0, message: 'no' } }],
  [400, { code: -1, message: 'no' }],
  [404, { error: 'not_found', detail: { message: 'The route was not found' } }],
  [429, { errors: ['Rate limited'], code: 'rate_limit', message: 'no' }],
  [400, { error: { type: 'invalid_request_error', message: 'The image is broken, please try again' } }],
  [400, { error: 'Invalid image, please try again with another' }],
  [400, { error: 'timeout must be at most 600' }],
  [400, { error: 'deadline is not supported' }],
  [400, { error: { code: 'content_filter', message: 'The prompt was blocked. Rephrase it and try again.' } }],
  [503, { error: 'Something went wrong, please try again' }],
  [503, { error: { type: 'invalid_request_error', message: 'The model is overloaded. Try again in 5 s.' } }],
  [503, { error: 'Model is unavailable. It should be back soon.' }],
  [503, { error: 'Upstream unavailable: at least one replica is down' }],
  [503, { error: 'Service unavailable: unable to read from upstream' }],
  [503, { error: 'upstream connect error: timeout, could not read response' }],
  [503, { error: 'unavailable: backend returned malformed response' }],
  [503, { error: 'Request timeout: the backend must be restarted' }],
  [503, { error: 'Gateway timeout while the request was being validated (validation service down)' }],
  [400, { error: 'request timeout must be at most 600' }],
  [400, { error: 'Invalid value for timeout' }],
  [503, { status: 'error', message: 'Server is busy, please try again later' }],
]

/** What the bodies of a kind may mean: an input that is too long is refused as well, and a key that is wrong is refused by Gemini. */
const MEANT = { refused: [400, 413], badKey: [400, 401], limited: [429], overloaded: [404, 429, 502, 503] }

describe('an error with status 200', () => {
  it.each(BODIES)('is %i: %j', (meant, body) => {
    const told = errorInAnswer(body)
    expect(told && (told.status ?? toldStatus(told))).toBe(meant)
  })

  it.each(
    PROFILES.flatMap(({ name, chat: { refuses = [] }, errors: { badKey, limited, overloaded } }) => [
      ...refuses.map(({ body }) => ['refused', name, body] as const),
      ['badKey', name, badKey?.body] as const,
      ['limited', name, limited.body] as const,
      ['overloaded', name, overloaded.body] as const,
    ]).filter(([, , body]) => typeof body === 'object'),
  )('is the same as with a status of its own: %s by %s', (kind, _, body) => {
    const told = errorInAnswer([body].flat()[0])
    expect(MEANT[kind]).toContain(told && (told.status ?? toldStatus(told)))
  })

  it.each([
    { choices: [{ message: { role: 'assistant', content: 'x' } }], base_resp: { status_code: 0, status_msg: '' } },
    { choices: [{ message: { content: '' } }], base_resp: { status_code: 0, status_msg: 'success' } },
    { choices: [{ message: { content: 'x' } }], error: 'x', code: 5, message: 'x' },
    { choices: [], code: 0, message: 'success' },
    { choices: [], error: null, code: 200, msg: 'ok' },
    { model: 'x', message: { role: 'assistant', content: 'x' }, done: true },
    { model: 'x', response: 'x', done: true },
    { choices: [{ message: { content: '' } }], status: 'completed', message: 'done' },
    { choices: [{ text: 'hello world' }], error: 'x' },
    { error: { code: 0, message: 'ok' } },
    { code: 1, message: 'Welcome' },
    { status: 'online', message: 'Welcome' },
    { message: 'Welcome' },
    { status: 'ok' },
  ])('is none of %j', (answer) => {
    expect(errorInAnswer(answer)).toBeUndefined()
  })
})
