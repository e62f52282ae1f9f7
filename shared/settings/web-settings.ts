import { z } from 'zod'
import { splitPasswords, splitRoles } from '../dashboard-logins.ts'
import { count, flag, perMinute, secret, text } from './value-checks.ts'

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
  dashboardRoles: text
    .refine(
      (given) => splitRoles(given) !== undefined,
      'NAME=ROLE, separated by commas, with viewer, operator or admin',
    )
    .optional()
    .describe(
      'Further users of the dashboard and their roles: `NAME=ROLE` separated by commas, with the role viewer, operator or admin. `*` stands for everybody whom the proxy of DASHBOARD_USER_HEADER lets through. DASHBOARD_USER is an admin',
    ),
  dashboardPasswords: secret(
    z.string().refine((given) => splitPasswords(given) !== undefined, 'NAME=PASSWORD of at least 8 characters each'),
  )
    .optional()
    .describe('Passwords of the users in DASHBOARD_ROLES: `NAME=PASSWORD` separated by white space'),
  dashboardUserHeader: text
    .optional()
    .describe(
      'Header in which a proxy of TRUSTED_PROXIES names the logged-in user, such as `X-Forwarded-User`; it is ignored from other addresses. Unset: passwords only',
    ),

  apiHost: text.default('127.0.0.1').describe('The address on which the API listens'),
  apiPort: count(0, 65_535).default(3_001).describe('Port of the API; 0 picks a free one'),
  port: count(0, 65_535)
    .optional()
    .describe('Port of the process `web`, which serves the dashboard and the API together. Unset: DASHBOARD_PORT'),
  maxApiRequestsPerMinute: perMinute.default(600).describe('Requests per minute to the API for each key or token'),
  apiAllowedOrigins: text
    .optional()
    .describe('Origins whose pages may call the API with a key, separated by commas. Unset: none'),
  apiPublicUrl: z
    .url({ protocol: /^https?$/, error: 'an http or https address' })
    .optional()
    .describe('Public address of the API, where MCP clients learn how to get a token if JWT_ISSUER is set'),
  jwtIssuer: text
    .optional()
    .describe(
      'Issuer of tokens that the API accepts in addition to keys; needs JWT_AUDIENCE and JWT_JWKS_URL. Unset: keys only',
    ),
  jwtAudience: text.optional().describe('The audience that tokens must name'),
  jwtJwksUrl: z
    .url({ protocol: /^https?$/, error: 'an http or https address' })
    .optional()
    .describe("Address of the issuer's public keys"),
  jwtOrgClaim: text.default('org_id').describe('The claim of a token that names its org; `sub` names its user'),
}
