import { z } from 'zod'
import { parseNodeList } from '../processes/node-list.ts'
import { isDatabaseUrl, isRedisUrl } from '../processes/service-urls.ts'

/** Schemas for the values of settings. Each check's message says what was expected; the reporter adds what was found. */

export const MINUTE_MS = 60_000
export const DAY_SECONDS = 86_400

export const text = z.string('some text').trim().min(1, 'some text')
/** Bounded, since it is part of an indexed key together with an org's id. */
export const modelNameSetting = text.max(200, 'at most 200 characters')
export const oneOf = <const Values extends readonly [string, ...string[]]>(...values: Values) =>
  z.enum(values, `one of ${values.join(', ')}`)
export const secret = (schema: z.ZodString) => schema.meta({ secret: true })
export const redisUrl = addressOf(isRedisUrl, 'redis://[[USER]:PASSWORD@]HOST[:PORT][/DB], or rediss://… for TLS')
export const databaseUrl = addressOf(
  isDatabaseUrl,
  'postgresql://[USER[:PASSWORD]@]HOST[:PORT]/DATABASE, or pglite://DIRECTORY',
)
export const nodeList = addressOf(
  (list) => parseNodeList(list, 1) !== undefined,
  'HOST:PORT,HOST:PORT, each also as redis://[[USER]:PASSWORD@]HOST:PORT, or rediss://… for TLS',
)
// Made once: each step of a schema is a schema, and a few dozen settings are numbers.
const digits = z.string().trim().regex(/^\d+$/).transform(Number)
const decimal = z
  .string()
  .trim()
  .regex(/^\d+(\.\d+)?$/)
  .transform(Number)

export const flag = z.union([z.boolean(), z.stringbool()], 'true or false')

function addressOf(isRight: (url: string) => boolean, expected: string) {
  return z.string(expected).trim().regex(/^\S+$/, expected).refine(isRight, expected)
}

export function count(minimum: number, maximum: number) {
  const expected = `a whole number from ${minimum} to ${maximum}`
  return z
    .union([z.number(), digits], expected)
    .pipe(z.number().int(expected).min(minimum, expected).max(maximum, expected))
}

export function usdPerMillionTokens() {
  return usd(100_000)
}

/** An amount of US dollars. */
export function usd(max: number) {
  const expected = `a number from 0 to ${max.toLocaleString('en')}`
  return z.union([z.number(), decimal], expected).pipe(z.number(expected).min(0, expected).max(max, expected))
}

export const perMinute = count(1, 1_000_000_000)
