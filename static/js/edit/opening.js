// No document, no change: choose or register the document a change hangs on, and say when and why; or take one up again.
import { filled } from '../map/format.js'
import { icon, make } from '../panels/elements.js'

const SEARCH_WAIT_MS = 250
const KINDS = ['decision', 'minutes', 'contract', 'certificate', 'notice', 'survey', 'correction', 'other']

/** Days a change would touch that have later changes behind them. */
export function laterDays(days, day) {
  return day ? days.filter((each) => each > day) : []
}

/** Fill the opening part. `on`: opened(asked), resumed(id). */
export function openingForm({ texts, format, ask, today, days, on }) {
  let document_ = null
  let touched = { reason: false, day: false }
  const field = (name, label, input, hint = null) =>
    make('div', { class: 'field' }, make('label', { class: 'form-label', for: `opening-${name}`, text: label }), input, hint ? make('p', { class: 'form-text', id: `opening-${name}-hint`, text: hint }) : null)
  const control = (name, given = {}) => make('input', { class: 'form-control form-control-sm', id: `opening-${name}`, name, autocomplete: 'off', ...given })
  const complaint = make('p', { class: 'note bad', role: 'alert', hidden: true })
  const fail = (error) => {
    const more = (error?.document?.errors ?? []).map((each) => each.message)
    complaint.hidden = !error
    complaint.textContent = error ? [error.message, ...more].filter((text, index, all) => all.indexOf(text) === index).join(' ') : ''
  }

  // --- one's own open changes
  const mine = make('div', { class: 'opening-mine' })
  ask('/api/v1/changes?status=open').then(({ changes }) => {
    if (!changes.length) return
    mine.append(
      make('h3', { text: texts.resume_title }),
      make('ul', { class: 'plain-list' }, ...changes.slice(0, 8).map((each) =>
        make('li', {},
          make('button', { class: 'row-choice', type: 'button', 'data-change': each.id, on: { click: () => on.resumed(each.id).catch(fail) } },
            make('b', { text: each.document.number }),
            make('span', { class: 'soft small', text: `${each.reason} · ${filled(texts.effective, { day: format.day(each.effective_on) })} · ${filled(texts.opened_at, { when: format.instant(each.created_at) })}` }))))))
  }, fail)

  // --- an existing document
  const query = control('query', { type: 'search', placeholder: texts.document_query, 'aria-describedby': 'opening-found' })
  const found = make('ul', { class: 'plain-list', id: 'opening-found', 'aria-live': 'polite' })
  let timer = 0
  let asked = 0
  async function look() {
    const mineNow = ++asked
    const { documents } = await ask(`/api/v1/documents?q=${encodeURIComponent(query.value.trim())}`)
    if (mineNow !== asked) return
    found.replaceChildren(
      ...documents.slice(0, 6).map((each) =>
        make('li', {},
          make('button', { class: 'row-choice', type: 'button', on: { click: () => choose(each) } },
            make('b', { text: each.number }),
            make('span', { class: 'soft small', text: [format.day(each.issued_on), each.issuer, each.title].filter(Boolean).join(' · ') })))),
      documents.length > 6 ? make('li', { class: 'soft small', text: filled(texts.more_documents, { count: documents.length - 6 }) }) : '',
      documents.length ? '' : make('li', { class: 'soft small', text: texts.no_document_found }),
    )
  }
  query.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(() => look().catch(fail), SEARCH_WAIT_MS)
  })

  // --- a new document
  const kind = make('select', { class: 'form-select form-select-sm', id: 'opening-kind', name: 'kind' }, ...KINDS.map((each) => make('option', { value: each, text: texts.document_kinds[each] })))
  const file = make('input', { class: 'form-control form-control-sm', type: 'file', id: 'opening-file', name: 'file', accept: 'application/pdf,image/png,image/jpeg,image/tiff' })
  const registering = make('form', { class: 'opening-new', hidden: true, on: { submit: (event) => { event.preventDefault(); register().catch(fail) } } },
    make('div', { class: 'field-pair' }, field('number', texts.number, control('number', { required: true, maxlength: 100, placeholder: '123/QĐ-UBND' })), field('issued_on', texts.issued_on, control('issued_on', { type: 'date', required: true, max: today, min: '1945-09-02' }))),
    field('issuer', texts.issuer, control('issuer', { required: true, maxlength: 300 })),
    field('title', texts.document_title, control('title', { maxlength: 1000 })),
    make('div', { class: 'field-pair' }, field('kind', texts.document_kind, kind), field('file', texts.document_file, file)),
    make('div', { class: 'form-acts' },
      make('button', { class: 'btn btn-primary btn-sm', type: 'submit', text: texts.register }),
      make('button', { class: 'btn btn-plain btn-sm', type: 'button', text: texts.search_instead, on: { click: () => registerInstead(false) } })))
  const searching = make('div', { class: 'opening-search' },
    field('query', texts.document, query), found,
    make('button', { class: 'btn btn-plain btn-sm', type: 'button', id: 'opening-register', on: { click: () => registerInstead(true) } }, icon('plus-lg'), make('span', { text: texts.register_new })))

  function registerInstead(yes) {
    fail(null)
    registering.hidden = !yes
    searching.hidden = yes
    if (yes && !registering.number.value) registering.number.value = query.value
    ;(yes ? registering.number : query).focus()
  }

  const keys = new Map()
  async function register() {
    fail(null)
    const said = Object.fromEntries(['number', 'issued_on', 'issuer', 'kind', 'title'].map((name) => [name, registering.elements[name].value.trim()]))
    const [chosen] = file.files
    if (chosen) {
      const form = new FormData()
      form.append('file', chosen)
      const kept = await ask('/api/v1/documents/files', { method: 'POST', body: form })
      Object.assign(said, { file_sha256: kept.sha256, file_name: chosen.name.slice(0, 200) })
    }
    const words = JSON.stringify(said)
    if (!keys.has(words)) keys.set(words, crypto.randomUUID())
    choose(await ask('/api/v1/documents', { method: 'POST', body: said, headers: { 'Idempotency-Key': keys.get(words) } }))
  }

  // --- when, why, and what kind of change
  const picked = make('div', { class: 'opening-picked', hidden: true })
  const day = control('effective_on', { type: 'date', required: true, min: '1945-09-02', 'aria-describedby': 'opening-effective_on-hint' })
  const reason = control('reason', { required: true, maxlength: 1000 })
  const page = control('document_page', { type: 'number', min: 1, max: 9999, inputmode: 'numeric', 'aria-describedby': 'opening-document_page-hint' })
  const radio = (value, label, hint) =>
    make('label', { class: 'form-check' }, make('input', { class: 'form-check-input', type: 'radio', name: 'change_kind', value, checked: value === 'act' }), make('span', {}, make('b', { text: label }), make('span', { class: 'soft small', text: hint })))
  const later = make('p', { class: 'note small', hidden: true })
  const details = make('form', { class: 'opening-details', hidden: true, on: { submit: (event) => { event.preventDefault(); open().catch(fail) } } },
    field('effective_on', texts.effective_on, day, texts.effective_hint), later,
    field('reason', texts.reason, reason),
    field('document_page', texts.document_page, page, texts.document_page_hint),
    make('fieldset', { class: 'field' }, make('legend', { class: 'form-label', text: texts.change_kind }), radio('act', texts.act, texts.act_hint), radio('correction', texts.correction, texts.correction_hint)),
    make('div', { class: 'form-acts' }, make('button', { class: 'btn btn-primary', type: 'submit', text: texts.open_change })))
  day.addEventListener('input', () => {
    touched.day = true
    sayLater()
  })
  reason.addEventListener('input', () => (touched.reason = true))

  function sayLater() {
    const found_ = laterDays(days(), day.value)
    later.hidden = found_.length === 0
    if (found_.length) later.textContent = filled(texts.later_days, { count: found_.length, first: format.day(found_.at(-1)) })
  }

  function choose(each) {
    fail(null)
    document_ = each
    for (const part of [mine, searching, registering]) part.hidden = true
    picked.hidden = details.hidden = false
    picked.replaceChildren(
      make('p', {}, icon('file-earmark-text'), make('b', { text: each.number }), make('span', { class: 'soft', text: [format.day(each.issued_on), each.issuer].join(' · ') })),
      each.title ? make('p', { class: 'small', text: each.title }) : '',
      make('button', { class: 'link-button small', type: 'button', text: texts.other_document, on: { click: () => other() } }))
    if (!touched.day) day.value = each.issued_on
    if (!touched.reason) reason.value = each.title || filled(texts.by_document, { number: each.number })
    sayLater()
    day.focus()
  }
  function other() {
    document_ = null
    picked.hidden = details.hidden = true
    mine.hidden = false
    registerInstead(false)
  }

  async function open() {
    fail(null)
    await on.opened({
      document_id: document_.id,
      reason: reason.value.trim(),
      effective_on: day.value,
      kind: details.elements.change_kind.value,
      ...(page.value ? { document_page: Number(page.value) } : {}),
    })
  }

  look().catch(fail)
  return { elements: [complaint, mine, make('h3', { text: texts.document_heading }), picked, searching, registering, details], focus: () => query.focus() }
}
