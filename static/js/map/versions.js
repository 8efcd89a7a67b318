// Plan versions to choose from, in words: what was, is or will be law apart from what is only a draft. Node tests it.
import { filled } from './format.js'

/** One version on one line; a draft says so, and at which step it stands. */
export function versionName(version, { texts, format, today }) {
  const name = `${version.plan} · ${version.number}`
  if (version.draft) return `${name} · ${texts.draft} (${texts.plan_steps[version.status] ?? version.status})`
  const until = version.in_force_to ? ` – ${format.day(version.in_force_to)}` : ''
  const state = version.in_force ? ` · ${texts.now}` : version.in_force_from > today ? ` · ${texts.not_yet}` : ''
  return `${name} · ${format.day(version.in_force_from)}${until}${state}`
}

/** Whether the law knows nothing of a version on a day: a draft, or one whose day is still to come. */
export const isComing = (version, today) => version.draft || version.in_force_from > today

/** Versions in two groups, the law first: [label, versions]; empty groups are left out. */
export function versionGroups(versions, { texts, today }) {
  const groups = [[texts.versions_law, versions.filter((each) => !isComing(each, today))], [texts.versions_draft, versions.filter((each) => isComing(each, today))]]
  return groups.filter(([, members]) => members.length)
}

/** What stands over the map while the lots of a version are shown that is no law on the day; '' for others. */
export function draftNotice(versions, chosen, { texts, today }) {
  const version = versions.find((each) => each.plan_version_id === chosen)
  if (!version || !isComing(version, today)) return ''
  return filled(texts.draft_shown, { plan: version.plan, number: version.number })
}
