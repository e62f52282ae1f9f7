import { type Html, html } from '../html.ts'
import { shortened } from './texts.ts'

/** Owns the addresses of pages. Ids stand in the query, where dots and slashes mean nothing. */

type Fields = Readonly<Record<string, string | number | undefined>>

/** An address with what is set of the fields. */
export function address(path: string, fields: Fields = {}): string {
  const query = Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value).toWellFormed())}`)
    .join('&')
  return query === '' ? path : `${path}?${query}`
}

export const orgAddress = (orgId: string) => address('/org', { orgId })
export const workstreamAddress = (orgId: string, workstreamId: string) =>
  address('/workstream', { orgId, workstreamId })
export const contextAddress = (orgId: string, workstreamId: string) => address('/context', { orgId, workstreamId })
export const turnAddress = (orgId: string, workstreamId: string, turnId: string) =>
  address('/turn', { orgId, workstreamId, turnId })
export const memoryAddress = (orgId: string, memoryId: number) => address('/memory', { orgId, memoryId })
export const letterAddress = (id: number) => address('/dead-letter', { id })
export const jobAddress = (queue: string, jobId: string) => address('/job', { queue, jobId })
export const queueAddress = (queue: string) => address('/queue', { queue })
export const repoAddress = (orgId: string, repoId: string) => address('/repository', { orgId, repoId })

/** A link; a long text is shortened. */
export function link(to: string, text: string): Html {
  return html`<a href="${to}">${shortened(text)}</a>`
}

export function orgLink(orgId: string | null): Html {
  return orgId === null ? html`–` : link(orgAddress(orgId), orgId)
}
