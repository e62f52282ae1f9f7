import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { AfterturnError } from '../../shared/errors.ts'

/**
 * The single login: the source of its password, and how an attempt is compared with it.
 * Guarantees: there is no default password; a comparison takes the same time whether user or password is wrong.
 */

const MADE_UP_PASSWORD_BYTES = 15

export type Credentials = {
  /** The generated password; undefined if one is configured. */
  readonly madeUpPassword: string | undefined
  matches(user: string, password: string): boolean
}

/**
 * Takes the configured login, or generates a password (120 random bits) in development.
 * @throws CONFIG_INVALID if a production dashboard has no password.
 */
export function createCredentials(options: {
  user: string
  password: string | undefined
  environment: 'development' | 'production'
}): Credentials {
  const { user, environment } = options
  if (!options.password && environment === 'production') {
    throw new AfterturnError(
      'CONFIG_INVALID',
      'dashboardPassword: expected a password of at least 8 characters in production, got nothing; set DASHBOARD_PASSWORD',
    )
  }
  const madeUpPassword = options.password ? undefined : randomBytes(MADE_UP_PASSWORD_BYTES).toString('base64url')
  const expectedUser = digest(user)
  const expectedPassword = digest(options.password || madeUpPassword || '')
  return {
    madeUpPassword,
    matches(givenUser, givenPassword) {
      const isUser = timingSafeEqual(digest(givenUser), expectedUser)
      const isPassword = timingSafeEqual(digest(givenPassword), expectedPassword)
      return isUser && isPassword
    },
  }
}

/** Digests have the same length, which timingSafeEqual requires, and hide the length of the secret. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text.normalize('NFC')).digest()
}
