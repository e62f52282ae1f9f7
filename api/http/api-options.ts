import { sql } from 'kysely'
import type { Access } from '../../shared/access/access.ts'
import type { Ownership } from '../../shared/access/ownership.ts'
import type { Config } from '../../shared/config.ts'
import type { RequestLimiter } from '../../shared/limit/request-limiter.ts'
import type { Log } from '../../shared/observe/log.ts'
import type { Metrics } from '../../shared/observe/metrics.ts'
import { createReadiness } from '../../shared/processes/readiness.ts'
import type { Database } from '../../shared/store/database.ts'
import type { LiveOptions } from '../live/live.ts'
import type { ApiServices } from '../operations/api-services.ts'
import type { ApiOptions } from './api-app.ts'
import { authenticate } from './authenticate.ts'

/** The parts of a runtime that the API is made of. */
export type ApiRuntime = Omit<ApiServices, 'ownership'> & {
  readonly config: Pick<Config, 'apiAllowedOrigins' | 'apiPublicUrl' | 'environment' | 'jwtIssuer'>
  readonly database: Database
  readonly metrics: Metrics
  readonly access: Access & { readonly ownership: Ownership; readonly requests: RequestLimiter }
}

/** The parts of a runtime that operations call. */
export function apiServicesOf(runtime: ApiRuntime): ApiServices {
  return { ...runtime, ownership: runtime.access.ownership }
}

export function apiOptionsOf(runtime: ApiRuntime, log: Log): ApiOptions {
  const { access, config, database, metrics } = runtime
  return {
    log,
    access,
    requests: access.requests,
    metrics,
    services: apiServicesOf(runtime),
    allowedOrigins: originsOf(config),
    protectedResource: resourceOf(config),
    readiness: createReadiness({ store: () => sql`select 1`.execute(database) }),
  }
}

/** What live delivery is given of a runtime: the same check of who calls, and the same origins. */
export function liveOptionsOf({ access, config }: Pick<ApiRuntime, 'access' | 'config'>): LiveOptions {
  return {
    authenticate: (request) => authenticate(request, access),
    allowedOrigins: originsOf(config),
    hasPage: config.environment === 'development',
  }
}

function originsOf({ apiAllowedOrigins }: ApiRuntime['config']): string[] {
  return apiAllowedOrigins?.split(',').map((origin) => origin.trim()) ?? []
}

function resourceOf({
  apiPublicUrl: publicUrl,
  jwtIssuer: issuer,
}: ApiRuntime['config']): ApiOptions['protectedResource'] {
  return publicUrl === undefined || issuer === undefined ? undefined : { publicUrl, issuer }
}
