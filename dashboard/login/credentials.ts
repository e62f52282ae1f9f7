import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { AfterturnError } from '../../shared/errors.ts'

/**
 * Owns the one login: where its password comes from and how a try is compared with it.
 * Guarantees: never a default password; a comparison takes the same time whatever is wrong.
 */

const MADE_UP_PASSWORD_BYTES = 15

export type Credentials = {
  /** The password that was made up because none was given; undefined when the configuration holds one. */
  readonly madeUpPassword: string | undefined
  matches(user: string, password: string): boolean
}

/**
 * Takes the configured login, or makes up a password (120 random bits) in development.
 * @throws CONFIG_INVALID when a production dashboard has no password.
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

/** Digests are equally long, which timingSafeEqual demands, and hide the length of the secret. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text.normalize('NFC')).digest()
}
