/** Owns what to do about a service that cannot be reached or does not let us in, by what its client says. */

type Remedy = readonly [symptom: RegExp, remedy: (variable: string) => string]

const UNREACHABLE: readonly Remedy[] = [
  [
    /ECONNREFUSED|ENOENT/,
    (variable) =>
      `Nothing listens there: start it, or correct ${variable}. \`npm run dev\` starts services of its own.`,
  ],
  [/ENOTFOUND|EAI_AGAIN/, (variable) => `This host name is not known: correct it in ${variable}.`],
  [
    /EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|timeout|no answer/i,
    (variable) =>
      `Something does not answer: check the host and port in ${variable}, firewalls, and that the server is not stuck.`,
  ],
]

const REDIS: readonly Remedy[] = [
  [/NOAUTH/, (variable) => `It wants a password: put it into ${variable}.`],
  [
    /WRONGPASS|invalid (username|password)|no password is set/i,
    (variable) => `Correct the user and password in ${variable}; what is not a letter or digit is written %XX there.`,
  ],
  [/NOPERM/, () => 'Allow this user the commands and keys of the fleet (ACL SETUSER).'],
  [
    /WRONG_VERSION_NUMBER|packet length too long|EPROTO/,
    (variable) => `This server does not speak TLS: write redis:// instead of rediss:// in ${variable}.`,
  ],
  [/certificate|CERT_/i, () => 'Its certificate is not trusted: name its authority in NODE_EXTRA_CA_CERTS.'],
  [
    /ECONNRESET|Connection is closed/,
    (variable) => `It hangs up: if it speaks TLS only, write rediss:// instead of redis:// in ${variable}.`,
  ],
  // A server without TLS waits for the rest of a greeting that it does not understand.
  [
    /ETIMEDOUT|no answer/,
    (variable) =>
      `Nothing comes back: check host and port in ${variable}, firewalls, and whether it speaks TLS (rediss://) or not (redis://).`,
  ],
  ...UNREACHABLE,
]

const STORE: readonly Remedy[] = [
  [/28P01|28000|password/, (variable) => `Correct the user and password in ${variable}.`],
  [/3D000/, () => 'Create this database, then run `npm start -- migrate`.'],
  [/does not support SSL/, (variable) => `Remove sslmode from ${variable}: this server has no TLS.`],
  [/certificate|CERT_/i, () => 'Its certificate is not trusted: name its authority in NODE_EXTRA_CA_CERTS.'],
  ...UNREACHABLE,
]

/** What to do about a Redis whose client gave this error; `variable` names its address. */
export function remedyForRedis(error: Error, variable: string): string | undefined {
  return remedyIn(REDIS, error, variable)
}

/** What to do about a store whose client gave this error. */
export function remedyForStore(error: Error): string | undefined {
  return remedyIn(STORE, error, 'DATABASE_URL')
}

/** An error in words; for a host with two addresses Node gives both failures and no message of its own. */
export function messageOf(error: Error): string {
  const inner = error instanceof AggregateError ? (error.errors as Error[]).map((one) => one.message).join('; ') : ''
  return error.message || inner || error.name
}

function remedyIn(remedies: readonly Remedy[], error: Error, variable: string): string | undefined {
  const symptoms = `${(error as { code?: string }).code ?? ''} ${messageOf(error)}`
  return remedies.find(([symptom]) => symptom.test(symptoms))?.[1](variable)
}
