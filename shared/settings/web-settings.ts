import { z } from 'zod'
import { count, flag, secret, text } from './value-checks.ts'

/** What processes show: metrics, spans, and the dashboard. */
export const webSettings = {
  metricsPort: count(0, 65_535)
    .optional()
    .describe(
      'Where each process serves `/metrics`, without a login; 0 takes a free port. `npm run dev` counts up from it, one a process. Without it none does',
    ),
  metricsHost: text.default('127.0.0.1').describe('The address on which `/metrics` listens'),
  tracing: flag
    .default(false)
    .describe('Whether spans are made; they go to the OpenTelemetry SDK that the process has loaded'),

  dashboardHost: text.default('127.0.0.1').describe('The address on which the dashboard listens'),
  dashboardPort: count(0, 65_535).default(3_000).describe('Its port; 0 takes a free one'),
  dashboardUser: text.default('admin').describe('The name of its login'),
  dashboardPassword: secret(z.string('at least 8 characters').min(8, 'at least 8 characters'))
    .optional()
    .describe('Its password; required in production, made up and printed elsewhere'),
}
