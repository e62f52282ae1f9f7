import { z } from 'zod'
import type { RepoStatus } from '../../shared/repo/repos.ts'
import { SKIP_REASONS } from '../../shared/repo/skip-reason.ts'
import { indexNow } from '../actions/now-actions.ts'
import { definePage } from '../console/define-page.ts'
import { name, orgIdField } from '../console/fields.ts'
import { type Html, html } from '../html.ts'
import { offer } from '../view/act.ts'
import { link, orgLink, repoAddress } from '../view/links.ts'
import { table } from '../view/table.ts'
import { counted, masked } from '../view/texts.ts'
import { timeWithAge } from '../view/times.ts'

/** Repositories of an org, and one with its refs and what was skipped of each, and why. */

const SHOWN_FILES = 200

export const repositoriesPage = definePage({
  path: '/repositories',
  title: 'Repositories',
  permission: 'see',
  query: z.object({ orgId: orgIdField }),
  async show({ repos }, { query: { orgId } }) {
    const listed = await repos.list({ orgId })
    const columns = [
      { title: 'Repository' },
      { title: 'Source', kind: 'wide' },
      { title: 'Refs', kind: 'wide' },
    ] as const
    const rows = listed.map(({ repoId, source, refs }) => [
      link(repoAddress(orgId, repoId), repoId),
      masked(source),
      refs.join(', '),
    ])
    return {
      title: `Repositories of ${orgId}`,
      body: html`<p>${orgLink(orgId)}</p>${table(columns, rows, 'The org has no repository.')}`,
    }
  },
})

export const repositoryPage = definePage({
  path: '/repository',
  title: 'Repository',
  permission: 'see',
  query: z.object({ orgId: orgIdField, repoId: name }),
  async show({ repos }, { query: { orgId, repoId }, viewer, now }) {
    const refs = await repos.status({ orgId, repoId })
    const columns = [
      { title: 'Ref' },
      { title: 'State', kind: 'wide' },
      { title: 'Commit' },
      { title: 'Indexed', kind: 'wide' },
      { title: 'Files', kind: 'count' },
      { title: 'Action' },
    ] as const
    const rows = refs.map((one) => [
      one.ref,
      stateOf(one),
      one.commit?.slice(0, 12) ?? '–',
      timeWithAge(one.indexedAt, now),
      counted(one.files),
      offer(viewer, indexNow, { orgId, repoId, ref: one.ref }),
    ])
    return {
      title: `Repository ${repoId}`,
      body: html`<p>${orgLink(orgId)} · ${masked(refs[0]?.source ?? '')}</p>${table(columns, rows, 'No ref.')}
${refs.map(skipReport)}`,
    }
  },
})

function stateOf({ isPending, failure }: RepoStatus): Html {
  const asked = isPending ? html`asked for, not done yet` : html`done`
  return failure === null
    ? asked
    : html`${asked}; the last try failed, <code>${failure.code}</code>: ${masked(failure.message)}`
}

function skipReport({ ref, skippedFiles }: RepoStatus): Html {
  if (skippedFiles.length === 0) return html``
  const columns = [{ title: 'Path' }, { title: 'Why', kind: 'wide' }] as const
  const rows = skippedFiles.slice(0, SHOWN_FILES).map((file) => [file.path, SKIP_REASONS[file.reason]])
  return html`<details><summary>${counted(skippedFiles.length)} files of ${ref} were skipped</summary>${table(columns, rows, '')}</details>`
}
