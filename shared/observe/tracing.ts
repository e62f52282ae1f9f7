import { createRequire } from 'node:module'
import type { Attributes } from '@opentelemetry/api'

/** Owns the spans of the product's own steps. They go to the OpenTelemetry SDK that the process has registered; off unless configured. */
export type Tracing = {
  /** Runs work inside a span, which ends with it and holds its error. */
  span<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T>
}

/** The name under which all spans appear, those of the queues too. */
export const TRACER_NAME = 'afterturn'

export function createTracing(isOn: boolean): Tracing {
  if (!isOn) return { span: (_name, _attributes, work) => work() }
  const { SpanStatusCode, trace } = createRequire(import.meta.url)(
    '@opentelemetry/api',
  ) as typeof import('@opentelemetry/api')
  const tracer = trace.getTracer(TRACER_NAME)
  return {
    span: (name, attributes, work) =>
      tracer.startActiveSpan(name, { attributes }, async (span) => {
        try {
          return await work()
        } catch (error) {
          // The message may quote a user; the code says what happened.
          const code = (error as { code?: unknown } | null)?.code
          span.setStatus({ code: SpanStatusCode.ERROR, ...(typeof code === 'string' && { message: code }) })
          throw error
        } finally {
          span.end()
        }
      }),
  }
}
