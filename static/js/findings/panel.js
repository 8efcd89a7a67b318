// The panel of findings: filters, a numbered list, what to do about each. Everything by keyboard too.
import { filled } from '../map/format.js'
import { icon, make } from '../panels/elements.js'
import { KINDS, SEVERITIES, START, areaText, counts, neighbour, shown, summary } from './model.js'

const AT_ONCE = 200 // lines drawn at first; a click brings as many again
const ICONS = { high: 'exclamation-octagon-fill', medium: 'exclamation-triangle-fill', low: 'info-circle-fill' }

/**
 * Manage the panel. `on`: choose(id), zoom(id), parcel(id), close(), filtered(ids); `forms` makes the waiver forms, where
 * `mayWaive()`.
 */
export function findingsPanel(panel, { texts, format, language, on, forms, mayWaive }) {
  let collection = { features: [], numberMatched: 0, numberReturned: 0 }
  let filter = { ...START }
  let chosen = null
  let open = null // the form that is open: 'waive', 'withdraw'
  let most = AT_ONCE

  const head = make('header', { class: 'card-head' },
    make('h2', { text: texts.title, tabindex: '-1' }),
    make('a', { class: 'icon-button', href: '#', title: texts.as_list, 'aria-label': texts.as_list, 'data-list': true }, icon('table')),
    make('button', { class: 'icon-button', type: 'button', title: texts.close, 'aria-label': texts.close, on: { click: on.close } }, icon('x-lg')))
  const said = make('p', { class: 'small soft', role: 'status' })
  const kind = make('select', { id: 'finding-kind', class: 'form-select form-select-sm', on: { change: () => narrow({ kind: kind.value }) } })
  const severity = make('select', { id: 'finding-severity', class: 'form-select form-select-sm', on: { change: () => narrow({ severity: severity.value }) } })
  const waived = make('input', { id: 'finding-waived', class: 'form-check-input', type: 'checkbox', on: { change: () => narrow({ waived: waived.checked }) } })
  const list = make('ol', { class: 'finding-list', 'aria-label': texts.title })
  panel.replaceChildren(head, said,
    make('div', { class: 'finding-filters' },
      make('div', {}, make('label', { for: 'finding-kind', text: texts.kind }), kind),
      make('div', {}, make('label', { for: 'finding-severity', text: texts.severity }), severity),
      make('label', { class: 'finding-check', for: 'finding-waived' }, waived, make('span', { text: texts.with_waived }))),
    list)

  const all = () => collection.features.map((each) => each.properties)
  const visible = () => shown(all(), filter)

  function narrow(changes) {
    filter = { ...filter, ...changes }
    paint()
  }

  function options(select, keys, names, counted, chosenKey) {
    const option = (value, text) => make('option', { value, text, selected: value === chosenKey })
    select.replaceChildren(option('', texts.all), ...keys.filter((key) => counted[key] || key === chosenKey).map((key) => option(key, `${names[key]} (${format.whole(counted[key] ?? 0)})`)))
  }

  function paint() {
    const counted = counts(all(), filter)
    options(kind, KINDS, texts.kinds, counted.kind, filter.kind)
    options(severity, SEVERITIES, texts.severities, counted.severity, filter.severity)
    waived.checked = filter.waived
    said.textContent = summary(collection, texts, format)
    const rows = visible()
    if (chosen && !rows.some((each) => each.id === chosen)) {
      chosen = null
      on.choose(null)
    }
    list.replaceChildren(...rows.slice(0, most).map(item))
    if (rows.length > most) list.append(make('li', { class: 'finding-none' }, make('button', { class: 'btn btn-plain btn-sm', type: 'button', text: filled(texts.more, { count: format.whole(rows.length - most) }), on: { click: showMore } })))
    if (!rows.length) list.append(make('li', { class: 'finding-none soft', text: all().length ? texts.none_filtered : texts.none }))
    on.filtered(new Set(rows.map((each) => each.id)))
  }

  function item(finding) {
    const isChosen = finding.id === chosen
    const line = make('button', { class: 'finding-line', type: 'button', 'aria-expanded': String(isChosen), 'data-finding': finding.id, on: { click: () => choose(isChosen ? null : finding.id, { zoom: !isChosen }), keydown: move } },
      make('span', { class: 'finding-pin figures', text: String(finding.number) }),
      make('span', { class: 'finding-kind' }, make('b', { text: texts.kinds[finding.kind] }), make('span', { class: 'soft', text: finding.parcel.name })),
      make('span', { class: 'finding-size figures' }, make('span', { text: areaText(finding.area_m2, { format, language }) }), level(finding)))
    return make('li', { class: `finding ${finding.open ? finding.severity : 'waived'}${isChosen ? ' chosen' : ''}` }, line, isChosen ? details(finding) : null)
  }

  function showMore() {
    const next = visible()[most]
    most += AT_ONCE
    paint()
    focusOn(next.id)
  }

  const level = (finding) =>
    make('span', { class: `finding-level ${finding.open ? finding.severity : 'waived'}` },
      icon(finding.open ? ICONS[finding.severity] : 'patch-check-fill'),
      make('span', { text: finding.open ? texts.severities[finding.severity] : texts.waived }))

  function details(finding) {
    const acts = [
      act('crosshair', texts.zoom, () => on.zoom(finding.id)),
      finding.parcel.id ? act('card-text', texts.open_parcel, () => on.parcel(finding.parcel.id)) : null,
      mayWaive() && finding.open ? act('patch-check', texts.waive, () => openForm('waive'), { 'data-waive': true }) : null,
      mayWaive() && !finding.open ? act('patch-minus', texts.withdraw, () => openForm('withdraw'), { 'data-withdraw': true }) : null,
    ]
    const form = open && mayWaive() ? forms(open, finding, { done: () => openForm(null), leave: () => openForm(null) }) : null
    if (form)
      queueMicrotask(() => {
        form.focus()
        form.element.scrollIntoView({ block: 'nearest' })
      })
    return make('div', { class: 'finding-more' },
      make('p', { text: finding.text }),
      finding.right?.lessee ? make('p', { class: 'small soft', text: finding.right.lessee }) : null,
      finding.waiver ? make('p', { class: `small finding-waiver${finding.waiver.holds ? '' : ' lapsed'}`, text: finding.waiver.text }) : null,
      make('div', { class: 'finding-acts' }, ...acts),
      form?.element ?? null)
  }

  const act = (name, text, click, more = {}) => make('button', { class: 'btn btn-plain btn-sm', type: 'button', on: { click }, ...more }, icon(name), make('span', { text }))

  function openForm(which) {
    open = which
    paint()
    if (!which) focusOn(chosen)
  }

  function focusOn(id) {
    const line = [...list.querySelectorAll('.finding-line')].find((each) => each.dataset.finding === id)
    ;(line ?? head.querySelector('h2')).focus()
    line?.scrollIntoView({ block: 'nearest' })
  }

  /** Choose a finding (null: none); `zoom` moves the map there, `focus` the keyboard. */
  function choose(id, { zoom = false, focus = true } = {}) {
    const known = all().find((each) => each.id === id)
    if (known && !visible().includes(known)) filter = { ...START, waived: filter.waived || !known.open }
    chosen = known ? id : null
    most = Math.max(most, visible().indexOf(known) + 1)
    open = null
    paint()
    on.choose(chosen)
    if (chosen && zoom) on.zoom(chosen)
    if (focus) focusOn(chosen ?? id)
    return Boolean(known)
  }

  function move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -1e9, End: 1e9 }[event.key]
    if (!step) return
    event.preventDefault()
    const ids = [...list.querySelectorAll('.finding-line')].map((each) => each.dataset.finding)
    focusOn(neighbour(ids, event.currentTarget.dataset.finding, step))
  }

  return {
    /** Show what the server answered; a chosen finding that is gone is chosen no more. */
    show(found, listHref) {
      collection = found
      head.querySelector('[data-list]').href = listHref
      panel.removeAttribute('aria-busy')
      paint()
    },
    busy() {
      panel.setAttribute('aria-busy', 'true')
      said.textContent = texts.loading
    },
    failed(message, retry) {
      panel.removeAttribute('aria-busy')
      said.replaceChildren(make('span', { class: 'bad-text', text: `${message} ` }), make('button', { class: 'link-button', type: 'button', text: texts.retry, on: { click: retry } }))
    },
    choose,
    chosen: () => chosen,
    focus: () => head.querySelector('h2').focus(),
    openCount: () => all().filter((each) => each.open).length,
  }
}
