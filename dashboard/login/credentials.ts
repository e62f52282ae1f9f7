import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { AfterturnError } from '../../shared/errors.ts'

/**
 * The logins by password: their source, and how an attempt is compared with them.
 * Guarantees: there is no default password; a comparison takes the same time whether user or password is wrong.
 */

const MADE_UP_PASSWORD_BYTES = 15

export type Credentials = {
  /** The generated password; undefined if one is configured. */
  readonly madeUpPassword: string | undefined
  matches(user: string, password: string): boolean
}

/**
 * Takes the configured login, or generates a password (120 random bits) in development; `passwords` are those of others, by name.
 * @throws CONFIG_INVALID if a production dashboard has no password.
 */
export function createCredentials(options: {
  user: string
  password: string | undefined
  environment: 'development' | 'production'
  passwords?: ReadonlyMap<string, string> | undefined
}): Credentials {
  const { user, environment } = options
  if (!options.password && environment === 'production') {
    throw new AfterturnError(
      'CONFIG_INVALID',
      'dashboardPassword: expected a password of at least 8 characters in production, got nothing; set DASHBOARD_PASSWORD',
    )
  }
  const madeUpPassword = options.password ? undefined : randomBytes(MADE_UP_PASSWORD_BYTES).toString('base64url')
  const logins = [[user, options.password || madeUpPassword || ''] as const, ...(options.passwords ?? [])]
  const expected = logins.map(([name, password]) => [digest(name), digest(password)] as const)
  return {
    madeUpPassword,
    matches(givenUser, givenPassword) {
      const [userDigest, passwordDigest] = [digest(givenUser), digest(givenPassword)]
      // All of them, and both parts of each: the time must not say which fitted.
      const fits = expected.map(([name, password]) => {
        const isUser = timingSafeEqual(userDigest, name)
        const isPassword = timingSafeEqual(passwordDigest, password)
        return isUser && isPassword
      })
      return fits.includes(true)
    },
  }
}

/** Digests have the same length, which timingSafeEqual requires, and hide the length of the secret. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text.normalize('NFC')).digest()
}
