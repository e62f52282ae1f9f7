/** A door: `afterturn/client`. The runtime's functions over HTTP, for programs without Redis and PostgreSQL, and for browsers. */
export { AfterturnError, type ErrorCode, type Fault, isAfterturnError, type Recorded } from '../shared/errors.ts'
export { type Client, createClient } from './client.ts'
export type { ClientOptions } from './send-request.ts'
