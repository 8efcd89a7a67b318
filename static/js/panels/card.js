// The right panel: what the register says about the parcel that was chosen.
import { icon, make } from './elements.js'
import { cardModel, plainText } from './card-model.js'
import { timelineModel } from './timeline-model.js'

const list = (pairs) =>
  make('dl', { class: 'facts' }, ...pairs.flatMap(([label, value]) => [make('dt', { text: label }), make('dd', { text: value })]))

/** Manage the card panel. `reading`: texts, format, language, stateLabel, swatch, zoneName, dayText(). */
export function cardPanel(panel, reading, { onClose, onChoose, loadHistory }) {
  const { texts, format } = reading
  let openTab = 'rights'
  let shown = null

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
    panel.hidden = false
    panel.removeAttribute('aria-busy')
    panel.dataset.parcel = model.id
    panel.replaceChildren(header(model.title, model), summary(model), ...relatives(model), tabs(model))
    select(openTab)
  }

  function header(title, model) {
    const copy = model
      ? make('button', { class: 'icon-button', type: 'button', title: texts.copy, 'aria-label': texts.copy, on: { click: () => copyText(model) } }, icon('clipboard'))
      : null
    const close = make('button', { class: 'icon-button', type: 'button', title: texts.close, 'aria-label': texts.close, on: { click: onClose } }, icon('x-lg'))
    return make('header', { class: 'card-head' }, make('h2', { text: title, tabindex: '-1' }), copy, close)
  }

  function summary(model) {
    const chips = make('p', { class: 'chips' })
    if (model.state) chips.append(make('span', { class: 'state-chip' }, reading.swatch('parcels', model.state.key), make('span', { text: model.state.label })))
    else chips.append(make('span', { class: 'state-chip', text: texts.not_in_force }))
    if (model.late) chips.append(make('span', { class: 'state-chip bad' }, icon('exclamation-triangle'), make('span', { text: texts.late })))
    return make('section', { class: 'card-summary' }, make('p', { class: 'big-area', text: model.area }), chips, list(model.facts))
  }

  function relatives(model) {
    const line = (label, kin) =>
      kin.length
        ? make('p', { class: 'kin' }, make('span', { class: 'soft', text: `${label}: ` }), ...kin.map((each) =>
            make('button', { class: 'link-button', type: 'button', text: each.label, on: { click: () => onChoose(each.id) } })))
        : null
    return [line(texts.successors, model.successors), line(texts.predecessors, model.predecessors)].filter(Boolean)
  }

  function tabs(model) {
    const bar = make('div', { class: 'tab-bar', role: 'tablist', 'aria-label': texts.card })
    const pages = model.tabs.map((tab) => {
      const filled = tab.id === 'history' || tab.blocks.length > 0
      bar.append(
        make('button', { type: 'button', role: 'tab', id: `tab-${tab.id}`, class: filled ? '' : 'nothing', 'aria-controls': `page-${tab.id}`, text: tab.label, on: { click: () => select(tab.id), keydown: move } }),
      )
      return make('div', { class: 'tab-page', role: 'tabpanel', id: `page-${tab.id}`, 'aria-labelledby': `tab-${tab.id}`, tabindex: '0', hidden: true },
        ...(tab.blocks.length ? tab.blocks.map(block) : [make('p', { class: 'soft empty-line', text: tab.empty })]))
    })
    return make('section', { class: 'card-tabs' }, bar, ...pages)
  }

  function block(content) {
    const shares = (content.shares ?? []).map((share) =>
      make('li', {}, share.category ? reading.swatch('plan-lots', share.category) : make('span', { class: 'swatch-gap' }),
        make('b', { text: share.label }), make('span', { class: 'figures', text: share.area }), make('span', { class: 'figures soft', text: share.percent })))
    return make('section', { class: `block${content.late ? ' late' : ''}` },
      make('h3', { text: content.heading }),
      shares.length ? make('ul', { class: 'shares' }, ...shares) : null,
      content.warning ? make('p', { class: 'warning small' }, icon('exclamation-circle'), make('span', { text: content.warning })) : null,
      list(content.rows))
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
      const entries = timelineModel(await loadHistory(model.id), texts, format)
      if (shown !== model) return
      page.replaceChildren(entries.length ? make('ol', { class: 'timeline' }, ...entries.map(moment)) : make('p', { class: 'soft', text: texts.no_history }))
    } catch (error) {
      delete page.dataset.filled
      page.replaceChildren(make('p', { class: 'note bad', role: 'alert', text: error.message }))
    }
  }

  const moment = (entry) =>
    make('li', { class: entry.correction ? 'correction' : '' },
      make('p', { class: 'when' }, make('b', { class: 'figures', text: entry.day }), entry.correction ? make('span', { class: 'state-chip', text: texts.correction }) : null),
      ...entry.lines.map((line) => make('p', { text: line })),
      entry.document ? make('p', { class: 'small soft', text: entry.document }) : null,
      entry.known ? make('p', { class: 'small soft', text: entry.known }) : null)

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
