// The card of a project: how it stands, its milestones, money, photos, and the way to its page.
import { filled } from '../map/format.js'
import { icon, make } from '../panels/elements.js'
import { latenessOf } from './symbols.js'

const COLOURS = { overdue: 'bad', late: 'bad', behind: 'warn', on_time: 'info', done: 'good', over: 'off' }

/** Fill the panel with a project as the API tells it. `link(path)` keeps the day. */
export function projectCard(project, { texts, format, language, link, onClose }) {
  const name = (language === 'en' && project.name_en) || project.name_vi
  const late = latenessOf(project)
  const facts = [
    [texts.lateness_title, project.late_days ? `${texts.lateness[late]} (${filled(texts.days, { days: format.whole(project.late_days) })})` : texts.lateness[late]],
    [texts.progress, `${format.points(project.actual_pct)} · ${texts.plan} ${format.points(project.planned_pct)}`],
    [texts.kind, texts.kinds[project.kind]],
    [texts.investor, project.investor ?? '–'],
    [texts.status, texts.statuses[project.status]],
    [texts.land, format.hectares(project.area_m2)],
    ...project.capital.map((each) => [texts.capital, `${format.whole(each.registered)} ${each.currency}`]),
  ]
  const photos = project.inspections.flatMap((visit) => visit.photos)
  return [
    make('header', { class: 'card-head' },
      make('h2', { text: name, tabindex: '-1' }),
      make('button', { class: 'icon-button', type: 'button', title: texts.close, 'aria-label': texts.close, on: { click: onClose } }, icon('x-lg'))),
    make('p', {}, make('b', { text: project.code }), ' ', make('span', { class: `chip ${COLOURS[late]}`, text: texts.lateness[late] })),
    make('dl', { class: 'facts' }, ...facts.flatMap(([label, said]) => [make('dt', { text: label }), make('dd', { text: said })])),
    ...clocks(project, { texts, format, link }),
    make('h3', { class: 'card-part', text: texts.milestones }),
    milestones(project.milestones, { texts, format }),
    photos.length ? make('ul', { class: 'card-photos' }, ...photos.map((photo) => thumbnail(photo, texts))) : null,
    make('p', {}, make('a', { class: 'btn btn-plain', href: link(`/projects/${encodeURIComponent(project.code)}`) }, icon('buildings'), make('span', { text: texts.open_page }))),
  ].filter(Boolean)
}

/** The legal clocks that still run, and whose days were which; none when all have ended. */
export function clocks(project, { texts, format, link }) {
  const days = (count) => filled(texts.days, { days: format.whole(count) })
  const running = project.clocks.filter((row) => row.state !== 'ended')
  if (!running.length) return []
  const whose = (row) => [
    row.breach_on && `${texts.breach} ${format.day(row.breach_on)}`,
    row.running_days !== null && `${texts.investor}: ${days(row.running_days)}`,
    row.board_days > 0 && `${texts.board_days}: ${days(row.board_days)}`,
    row.stopped_days > 0 && `${texts.stopped_days}: ${days(row.stopped_days)}`,
  ].filter(Boolean).join(' · ')
  return [
    make('h3', { class: 'card-part', text: texts.clocks }),
    make('dl', { class: 'facts' }, ...running.flatMap((row) => {
      const [colour, word] = texts.clock_states[row.state]
      return [
        make('dt', { text: texts.clock_names[row.clock] }),
        make('dd', {}, make('span', { class: `chip ${colour}`, text: word }), make('div', { class: 'small', text: whose(row) })),
      ]
    })),
    make('p', {}, make('a', { class: 'small', href: link(`/projects/${encodeURIComponent(project.code)}/clocks`), text: texts.evidence })),
  ]
}

function milestones(steps, { texts, format }) {
  if (!steps.length) return make('p', { class: 'soft', text: texts.no_milestones })
  const cell = (text, more = {}) => make('td', { ...more, text })
  return make('table', { class: 'grid' },
    make('thead', {}, make('tr', {}, ...[texts.step, texts.planned, texts.reached].map((text) => make('th', { scope: 'col', text })))),
    make('tbody', {}, ...steps.map((step) =>
      make('tr', {}, cell(texts.steps[step.step], { class: 'strong' }), cell(format.day(step.planned_on)), cell(step.actual_on ? format.day(step.actual_on) : '–')))))
}

function thumbnail(photo, texts) {
  return make('li', {}, make('a', { href: `/api/v1/photos/${photo.id}/file`, target: '_blank', rel: 'noopener' },
    make('img', { src: `/api/v1/photos/${photo.id}/thumbnail`, width: 112, height: 84, loading: 'lazy', alt: photo.caption ?? texts.photo })))
}
