import { oneOf } from './value-checks.ts'

/** How a process presents itself. */
export const processSettings = {
  environment: oneOf('development', 'production')
    .default('development')
    .describe('`production` refuses default passwords'),
  logLevel: oneOf('silent', 'error', 'warn', 'info', 'debug')
    .default('info')
    .describe('The least severe level that is logged'),
}
