import { z } from 'zod'
import { count, flag, secret, text } from './value-checks.ts'

/** What processes expose: metrics, spans, and the dashboard. */
export const webSettings = {
  metricsPort: count(0, 65_535)
    .optional()
    .describe(
      'Port of `/metrics`, served without a login by each process; 0 picks a free port. `npm run dev` increments it per process. Unset: no metrics endpoint',
    ),
  metricsHost: text.default('127.0.0.1').describe('The address on which `/metrics` listens'),
  tracing: flag.default(false).describe('Whether to create spans, for the OpenTelemetry SDK loaded in the process'),

  dashboardHost: text.default('127.0.0.1').describe('The address on which the dashboard listens'),
  dashboardPort: count(0, 65_535).default(3_000).describe('Port of the dashboard; 0 picks a free one'),
  dashboardUser: text.default('admin').describe('User name of the dashboard login'),
  dashboardPassword: secret(z.string('at least 8 characters').min(8, 'at least 8 characters'))
    .optional()
    .describe('Password of the dashboard; required in production, generated and printed elsewhere'),
}
