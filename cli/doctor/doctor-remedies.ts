import { commandText } from '../../shared/processes/command-text.ts'

/** Remedies for a service that cannot be reached or refuses the connection, by the error of its client. */

type Remedy = readonly [symptom: RegExp, remedy: (variable: string) => string]

const UNREACHABLE: readonly Remedy[] = [
  [
    /ECONNREFUSED|ENOENT/,
    (variable) =>
      `Nothing listens there: start it, or correct ${variable}. \`${commandText('dev')}\` starts services of its own.`,
  ],
  [/ENOTFOUND|EAI_AGAIN/, (variable) => `This host name is not known: correct it in ${variable}.`],
  [
    /EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|timeout|no answer/i,
    (variable) => `No response: check the host and port in ${variable}, firewalls, and that the server is not stuck.`,
  ],
]

const REDIS: readonly Remedy[] = [
  [/NOAUTH/, (variable) => `It requires a password: add it to ${variable}.`],
  [
    /WRONGPASS|invalid (username|password)|no password is set/i,
    (variable) =>
      `Correct the user and password in ${variable}; characters other than letters and digits must be written as %XX.`,
  ],
  [
    /READONLY/,
    (variable) => `This is a replica: name the primary in ${variable}, or its sentinels in REDIS_SENTINELS.`,
  ],
  [/NOPERM/, () => 'Grant this user the commands and keys of the fleet (ACL SETUSER).'],
  [
    /WRONG_VERSION_NUMBER|packet length too long|EPROTO/,
    (variable) => `This server does not speak TLS: write redis:// instead of rediss:// in ${variable}.`,
  ],
  [/certificate|CERT_/i, () => 'Its certificate is not trusted: name its authority in NODE_EXTRA_CA_CERTS.'],
  [
    /ECONNRESET|Connection is closed/,
    (variable) =>
      `It closes the connection: if it accepts TLS only, write rediss:// instead of redis:// in ${variable}.`,
  ],
  // A server without TLS waits for the rest of a TLS handshake, which it does not understand.
  [
    /ETIMEDOUT|no answer/,
    (variable) =>
      `No response: check host and port in ${variable}, firewalls, and whether it uses TLS (rediss://) or not (redis://).`,
  ],
  ...UNREACHABLE,
]

const STORE: readonly Remedy[] = [
  [/28P01|28000|password/, (variable) => `Correct the user and password in ${variable}.`],
  [/25006|read-only/, (variable) => `It only reads, as a replica does: name the primary in ${variable}.`],
  [/42501|permission denied/, () => 'Give the user of the fleet all rights on its tables (GRANT), or own them by it.'],
  [/3D000/, () => 'Create this database, then run `npm start -- migrate`.'],
  [/does not support SSL/, (variable) => `Remove sslmode from ${variable}: this server has no TLS.`],
  [/certificate|CERT_/i, () => 'Its certificate is not trusted: name its authority in NODE_EXTRA_CA_CERTS.'],
  ...UNREACHABLE,
]

/** Finds the remedy for an error of a Redis client; `variable` holds the address. */
export function remedyForRedis(error: Error, variable: string): string | undefined {
  return remedyIn(REDIS, error, variable)
}

/** Finds the remedy for an error of the store's client. */
export function remedyForStore(error: Error): string | undefined {
  return remedyIn(STORE, error, 'DATABASE_URL')
}

/** The message of an error. For a host with two addresses Node reports both failures without a message. */
export function describeError(error: Error): string {
  const inner = error instanceof AggregateError ? (error.errors as Error[]).map((one) => one.message).join('; ') : ''
  return error.message || inner || error.name
}

function remedyIn(remedies: readonly Remedy[], error: Error, variable: string): string | undefined {
  const symptoms = `${(error as { code?: string }).code ?? ''} ${describeError(error)}`
  return remedies.find(([symptom]) => symptom.test(symptoms))?.[1](variable)
}
