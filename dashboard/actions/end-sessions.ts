import { z } from 'zod'
import { defineAction } from '../console/define-action.ts'
import { name } from '../console/fields.ts'
import { html } from '../html.ts'

/** Logs somebody out of the dashboard everywhere, at once. */
export const endSessions = defineAction({
  name: 'sessions.end',
  label: 'Log out everywhere',
  permission: 'sessions',
  fields: z.object({ user: name }),
  async look(_services, { user }) {
    return {
      subject: `user ${user} of the dashboard`,
      orgId: null,
      state: user,
      shows: html`<p>End every session of <b>${user}</b> on this dashboard, in every browser. A password or a proxy still lets ${user} in again.</p>`,
    }
  },
  async run({ sessions }, { user }) {
    const { ended } = await sessions.endAll({ userId: user })
    return { message: `Ended ${ended} ${ended === 1 ? 'session' : 'sessions'} of ${user}.` }
  },
})
