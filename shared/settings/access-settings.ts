import { z } from 'zod'
import { MAX_SECRET_KEYS, MIN_SECRET_KEY_CHARS, secretKeyFault } from '../secret-keys.ts'
import { isAddressRange } from '../trusted-proxies.ts'
import { secret } from './value-checks.ts'

const SECRET_KEYS_EXPECTED = `1 to ${MAX_SECRET_KEYS} different keys of at least ${MIN_SECRET_KEY_CHARS} characters, separated by commas`

const PROXIES_EXPECTED = 'IP addresses or ranges such as 10.0.0.0/8, separated by commas'

/** Who may do what, and what that is signed and sealed with. */
export const accessSettings = {
  trustedProxies: z
    .string(PROXIES_EXPECTED)
    .refine((list) => list.split(',').every((range) => isAddressRange(range.trim())), PROXIES_EXPECTED)
    .optional()
    .describe(
      'Addresses of the reverse proxies in front, separated by commas: only their X-Forwarded-For and X-Forwarded-Proto are trusted. Unset: none, so behind a proxy all visitors appear to have its address',
    ),
  secretKeys: secret(
    z.string(SECRET_KEYS_EXPECTED).refine((keys) => secretKeyFault(keys) === undefined, SECRET_KEYS_EXPECTED),
  )
    .optional()
    .describe(
      'Keys that sign and seal, newest first, separated by commas; the first one writes, all of them read. Make one with `openssl rand -base64 32`. Unset: features that need a key are refused or keep their data in the memory of the process',
    ),
}
