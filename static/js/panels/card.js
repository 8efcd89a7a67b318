// The right panel: what the register says about the parcel that was chosen.
import { block, factList } from './blocks.js'
import { cardModel, plainText } from './card-model.js'
import { icon, make } from './elements.js'
import { parcelFindings } from './findings.js'
import { drawFamily } from './lineage.js'
import { drawTimeline } from './timeline.js'

/**
 * Manage the card panel. `reading`: texts, format, language, stateLabel, swatch, zoneName, dayText(), shownDay(), knownHref(instant).
 * `link(path)` carries the day. `onSpot(feature)` asks what ever lay there, `onPlans(feature)` which plans are in force there, `onDay(day)` moves the map to a day.
 */
export function cardPanel(panel, reading, { onClose, onChoose, onSpot, onPlans, onDay, loadHistory, loadFamily, loadFindings }) {
  const { texts, format } = reading
  let openTab = 'rights'
  let shown = null
  let takesFocus = false
  let conflicts = null

  /** Open a relative: the keyboard follows to the new card. */
  const choose = (id) => {
    takesFocus = true
    onChoose(id)
  }

  function skeleton() {
    shown = null
    panel.hidden = false
    panel.setAttribute('aria-busy', 'true')
    panel.replaceChildren(make('div', { class: 'skeleton' }, ...[90, 60, 75, 40].map((width) => make('span', { class: `w${width}` }))))
  }

  function failed(message, retry) {
    panel.hidden = false
    panel.removeAttribute('aria-busy')
    panel.replaceChildren(
      header(texts.card, null),
      make('p', { class: 'note bad', role: 'alert', text: message }),
      make('button', { class: 'btn btn-plain btn-sm', type: 'button', text: texts.retry, on: { click: retry } }),
    )
  }

  function show(feature) {
    const model = cardModel(feature, reading)
    shown = model
    conflicts = make('section', { class: 'card-findings', 'aria-label': texts.findings, hidden: true })
    panel.hidden = false
    panel.removeAttribute('aria-busy')
    panel.dataset.parcel = model.id
    panel.replaceChildren(header(model.title, model), summary(model), ...relatives(model), actions(model, feature), conflicts, tabs(model))
    if (model.inForce) fillConflicts(model, feature)
    select(openTab)
    if (takesFocus) panel.querySelector('h2').focus({ preventScroll: true })
    takesFocus = false
  }

  const iconButton = (name, text, click) =>
    make('button', { class: 'icon-button', type: 'button', title: text, 'aria-label': text, on: { click } }, icon(name))

  const header = (title, model) =>
    make('header', { class: 'card-head' }, make('h2', { text: title, tabindex: '-1' }),
      model ? iconButton('clipboard', texts.copy, () => copyText(model)) : null, iconButton('x-lg', texts.close, onClose))

  function summary(model) {
    const chips = make('p', { class: 'chips' })
    if (model.state) chips.append(make('span', { class: 'state-chip' }, reading.swatch('parcels', model.state.key), make('span', { text: model.state.label })))
    else chips.append(make('span', { class: 'state-chip', text: model.withdrawn ? texts.withdrawn : texts.not_in_force }))
    if (model.late) chips.append(make('span', { class: 'state-chip bad' }, icon('exclamation-triangle'), make('span', { text: texts.late })))
    return make('section', { class: 'card-summary' }, make('p', { class: 'big-area', text: model.area }), chips, factList(model.facts))
  }

  function relatives(model) {
    const line = (label, kin) =>
      kin.length
        ? make('p', { class: 'kin' }, make('span', { class: 'soft', text: `${label}: ` }), ...kin.map((each) =>
            make('button', { class: 'link-button', type: 'button', text: each.label, on: { click: () => choose(each.id) } })))
        : null
    return [line(texts.successors, model.successors), line(texts.predecessors, model.predecessors)].filter(Boolean)
  }

  function actions(model, feature) {
    const button = (name, text, click) => make('button', { class: 'btn btn-plain btn-sm', type: 'button', on: { click } }, icon(name), make('span', { text }))
    return make('p', { class: 'card-actions' },
      model.otherDay ? button('calendar-check', model.otherDay.text, () => onDay(model.otherDay.day)) : null,
      button('layers', texts.plans_here, () => onPlans(feature)),
      button('stack', texts.spot_title, () => onSpot(feature)))
  }

  /** What does not fit about the parcel; a parcel that fits everywhere says nothing. */
  async function fillConflicts(model, feature) {
    const place = conflicts
    const found = await loadFindings(model.id).catch((error) => [{ failed: error.message }])
    if (shown !== model || !found.length) return
    place.append(...parcelFindings(found, feature.properties, reading))
    place.hidden = false
  }

  function tabs(model) {
    const bar = make('div', { class: 'tab-bar', role: 'tablist', 'aria-label': texts.card })
    const pages = model.tabs.map((tab) => {
      const full = tab.id === 'history' || tab.blocks.length > 0
      bar.append(
        make('button', { type: 'button', role: 'tab', id: `tab-${tab.id}`, class: full ? '' : 'nothing', 'aria-controls': `page-${tab.id}`, text: tab.label, on: { click: () => select(tab.id), keydown: move } }),
      )
      return make('div', { class: 'tab-page', role: 'tabpanel', id: `page-${tab.id}`, 'aria-labelledby': `tab-${tab.id}`, tabindex: '0', hidden: true },
        ...(tab.blocks.length ? tab.blocks.map((each) => block(each, reading)) : [make('p', { class: 'soft empty-line', text: tab.empty })]),
        ...(tab.more ? [make('p', { class: 'tab-more' }, make('a', { class: 'btn btn-plain btn-sm', href: tab.more.href, text: tab.more.text }))] : []))
    })
    return make('section', { class: 'card-tabs' }, bar, ...pages)
  }

  function select(id) {
    openTab = id
    for (const tab of panel.querySelectorAll('[role=tab]')) {
      const chosen = tab.id === `tab-${id}`
      tab.setAttribute('aria-selected', String(chosen))
      tab.tabIndex = chosen ? 0 : -1
      panel.querySelector(`#${tab.getAttribute('aria-controls')}`).hidden = !chosen
    }
    if (id === 'history' && shown) fillHistory(shown)
  }

  function move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!step) return
    const all = [...panel.querySelectorAll('[role=tab]')]
    const next = all[(all.indexOf(event.currentTarget) + step + all.length) % all.length]
    select(next.id.slice(4))
    next.focus()
  }

  async function fillHistory(model) {
    const page = panel.querySelector('#page-history')
    if (page.dataset.filled) return
    page.dataset.filled = 'asked'
    try {
      const [entries, family] = await Promise.all([loadHistory(model.id), loadFamily(model.id)])
      if (shown !== model) return
      const [tree, line] = [make('div'), make('div')]
      page.replaceChildren(
        make('section', { class: 'history-part' }, make('h3', { text: texts.family }), tree),
        make('section', { class: 'history-part' }, make('h3', { text: texts.timeline }), line))
      drawFamily(tree, family, { texts, format, onChoose: choose })
      drawTimeline(line, entries, { texts, format, onDay, knownHref: reading.knownHref })
    } catch (error) {
      delete page.dataset.filled
      page.replaceChildren(make('p', { class: 'note bad', role: 'alert', text: error.message }))
    }
  }

  async function copyText(model) {
    const text = plainText(model, reading.zoneName, reading.dayText(), texts)
    await navigator.clipboard.writeText(text)
    panel.querySelector('.card-head .bi-clipboard')?.classList.replace('bi-clipboard', 'bi-clipboard-check')
  }

  function close() {
    panel.hidden = true
    panel.replaceChildren()
    delete panel.dataset.parcel
    shown = null
  }

  return { skeleton, failed, show, close, current: () => shown?.id ?? null }
}
