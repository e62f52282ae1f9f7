import { oneOf } from './value-checks.ts'

/** How a process presents itself. */
export const processSettings = {
  environment: oneOf('development', 'production')
    .default('development')
    .describe(
      '`production` refuses default passwords. Another name in NODE_ENV counts as `production`, `test` as `development`',
    ),
  logLevel: oneOf('silent', 'error', 'warn', 'info', 'debug')
    .default('info')
    .describe('The least severe level that is logged'),
}
