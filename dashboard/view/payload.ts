import { type Html, html } from '../html.ts'
import { maskSecrets } from '../mask-secrets.ts'
import { link, memoryAddress, orgAddress, repoAddress, turnAddress, workstreamAddress } from './links.ts'
import { facts } from './table.ts'
import { shortened } from './texts.ts'

/** The payload of a job: ids as links, the rest as JSON with secrets masked. */
export function payload(given: object): Html {
  const fields = maskSecrets(given) as Readonly<Record<string, unknown>>
  return facts(Object.entries(fields).map(([name, value]) => [name, fieldValue(name, value, fields)]))
}

function fieldValue(name: string, value: unknown, fields: Readonly<Record<string, unknown>>): Html {
  const [orgId, workstreamId] = [textOf(fields.orgId), textOf(fields.workstreamId)]
  if (orgId !== undefined) {
    if (name === 'orgId') return link(orgAddress(orgId), orgId)
    if (name === 'workstreamId' && workstreamId !== undefined)
      return link(workstreamAddress(orgId, workstreamId), workstreamId)
    if (name === 'turnId' && workstreamId !== undefined)
      return link(turnAddress(orgId, workstreamId, String(value)), String(value))
    if (name === 'repoId') return link(repoAddress(orgId, String(value)), String(value))
    if (name === 'memoryId') return link(memoryAddress(orgId, Number(value)), String(value))
  }
  return html`<code>${shortened(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))}</code>`
}

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
