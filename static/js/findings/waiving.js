// The waiver form, in place under its finding: a reason, perhaps a last day, perhaps a document.
import { icon, make } from '../panels/elements.js'
import { documentOf, waiverBody } from './model.js'

const ASK_AFTER_MS = 250

/** Make the form. `send(body)` waives; `done()` and `leave()` are called afterwards. */
export function waiverForm(finding, { texts, format, zone, today, findDocuments, send, done, leave }) {
  const id = (name) => `waive-${name}`
  let documents = []
  let timer = null
  const field = (name, label, control, hint) =>
    make('div', { class: 'waive-field' }, make('label', { for: id(name), class: 'form-label', text: label }), control, hint ? make('p', { class: 'form-text', id: id(`${name}-hint`), text: hint }) : null)

  const reason = make('textarea', { id: id('reason'), class: 'form-control form-control-sm', rows: 3, required: true, minlength: 3, maxlength: 2000 })
  const expires = make('input', { id: id('expires'), class: 'form-control form-control-sm', type: 'date', min: today, 'aria-describedby': id('expires-hint') })
  const list = make('datalist', { id: id('documents') })
  const paper = make('input', { id: id('document'), class: 'form-control form-control-sm', type: 'search', list: id('documents'), autocomplete: 'off', maxlength: 100, on: { input: lookUp } })
  const wrong = make('p', { class: 'note bad', role: 'alert', hidden: true })
  const grant = make('button', { class: 'btn btn-primary btn-sm', type: 'submit', text: texts.grant })
  const form = make('form', { class: 'waive-form', 'aria-label': texts.waive, on: { submit, keydown } },
    field('reason', texts.reason, reason),
    field('expires', texts.expires, expires, texts.expires_hint),
    field('document', texts.document, paper),
    list,
    wrong,
    make('div', { class: 'waive-acts' }, grant, make('button', { class: 'btn btn-plain btn-sm', type: 'button', text: texts.leave, on: { click: leave } })))

  function lookUp() {
    say('')
    clearTimeout(timer)
    timer = setTimeout(async () => {
      try {
        const found = await findDocuments(paper.value.trim())
        documents = found.map((each) => ({ ...each, label: `${each.number} · ${format.day(each.issued_on)} · ${each.issuer}` }))
        list.replaceChildren(...documents.map((each) => make('option', { value: each.label })))
      } catch (error) {
        say(error.message)
      }
    }, ASK_AFTER_MS)
  }

  function say(text) {
    wrong.hidden = !text
    wrong.replaceChildren(...(text ? [icon('exclamation-circle'), make('span', { text })] : []))
  }

  async function submit(event) {
    event.preventDefault()
    const document = documentOf(paper.value, documents)
    if (document === undefined) return say(texts.document_unknown)
    if (reason.value.trim().length < 3) return say(texts.reason_missing)
    say('')
    grant.disabled = true
    try {
      await send(waiverBody(zone, finding.id, { reason: reason.value, expires_on: expires.value, document }))
      await done()
    } catch (error) {
      say(error.message)
      grant.disabled = false
      grant.focus()
    }
  }

  function keydown(event) {
    if (event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    leave()
  }

  return { element: form, focus: () => reason.focus() }
}

/** The smaller form that takes a waiver back. */
export function withdrawalForm({ texts, send, done, leave }) {
  const reason = make('textarea', { id: 'withdraw-reason', class: 'form-control form-control-sm', rows: 2, required: true, minlength: 3, maxlength: 2000 })
  const wrong = make('p', { class: 'note bad', role: 'alert', hidden: true })
  const form = make('form', { class: 'waive-form', 'aria-label': texts.withdraw, on: { submit } },
    make('div', { class: 'waive-field' }, make('label', { for: 'withdraw-reason', class: 'form-label', text: texts.withdraw_reason }), reason),
    wrong,
    make('div', { class: 'waive-acts' }, make('button', { class: 'btn btn-primary btn-sm', type: 'submit', text: texts.withdraw }), make('button', { class: 'btn btn-plain btn-sm', type: 'button', text: texts.leave, on: { click: leave } })))

  async function submit(event) {
    event.preventDefault()
    try {
      await send(reason.value.trim())
      await done()
    } catch (error) {
      wrong.hidden = false
      wrong.replaceChildren(icon('exclamation-circle'), make('span', { text: error.message }))
    }
  }
  return { element: form, focus: () => reason.focus() }
}
