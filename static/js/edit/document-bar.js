// The document bar: which document and day the edits hang on, how many they are, and what can be done with them.
import { filled } from '../map/format.js'
import { icon, make } from '../panels/elements.js'
import { action } from './panel.js'
import { standing } from './change.js'

/** The short effect of an open change: parcels that cease, parcels as they become, and the difference of area. */
export function shortEffect(change, { texts, format }) {
  const net = change?.net
  if (!net?.parcels?.features) return null
  const result = net.parcels.features.filter((each) => !each.properties.noded).length
  if (!result && !net.removed.length) return null
  const difference = net.area_after_m2 - net.area_before_m2
  const area = Math.abs(difference) < 0.05 ? texts.area_same : `${difference < 0 ? '−' : '+'}${format.squareMetres(Math.abs(difference))}`
  return filled(texts.short_effect, { gone: net.removed.length, result, area })
}

/** Attach the bar. `on`: preview, commit, discard, leave, undo, redo, again. */
export function documentBar(bar, { texts, format, ask, on }) {
  let confirming = false
  let title = { id: null, text: '', has_file: false }

  async function learn(id, repaint) {
    title = { id, text: '', has_file: false }
    const found = await ask(`/api/v1/documents/${id}`)
    title = { id, text: found.title, has_file: found.has_file }
    repaint()
  }

  function show(state) {
    const { change } = state
    bar.hidden = !change
    if (!change) {
      confirming = false
      return
    }
    if (title.id !== change.document.id) learn(change.document.id, () => show(state)).catch(() => null)
    const now = standing(change)
    if (!now.count || change.status !== 'open') confirming = false
    bar.className = `document-bar ${change.status}${change.undone_by ? ' undone' : ''}`
    const kept = document.activeElement?.closest('#document-bar') ? document.activeElement.dataset.act : null
    bar.replaceChildren(subject(change), progress(change, now, state), acts(change, now, state, () => show(state)))
    if (kept) bar.querySelector(`[data-act="${kept}"]`)?.focus()
  }

  function subject(change) {
    const { document: paper } = change
    const name = title.has_file
      ? make('a', { href: `/api/v1/documents/${paper.id}/file`, target: '_blank', rel: 'noopener', text: paper.number })
      : make('b', { text: paper.number })
    return make('p', { class: 'bar-subject' }, icon('file-earmark-text'), name,
      make('span', { class: 'soft nowrap', text: format.day(paper.issued_on) }),
      make('span', { class: 'bar-title', text: title.text || change.reason, title: [paper.issuer, title.text, change.reason].filter(Boolean).join('\n') }),
      make('span', { class: 'bar-day nowrap', title: texts.held_day, text: filled(texts.effective, { day: format.day(change.effective_on) }) }),
      change.kind === 'correction' ? make('span', { class: 'state-chip', text: texts.correction }) : null)
  }

  function progress(change, now, { pending, lost, sending }) {
    const said = change.status === 'committed'
      ? [change.undone_by ? filled(texts.undone_as, { number: change.number, by: change.undone_by }) : filled(texts.committed_as, { number: change.number })]
      : change.status === 'discarded'
        ? [texts.discarded]
        : [filled(texts.operations_count, { count: now.count }), change.conflicts?.length ? filled(texts.conflicts_count, { count: change.conflicts.length }) : shortEffect(change, { texts, format })]
    const waiting = pending ? (lost ? texts.waiting_network : texts.sending) : change.status === 'open' && now.count ? texts.not_committed : null
    return make('p', { class: 'bar-progress', 'aria-live': 'polite' },
      change.status === 'committed' ? icon(change.undone_by ? 'arrow-counterclockwise' : 'check-circle-fill') : null,
      make('span', { class: 'bar-count', text: said.filter(Boolean).join(' · '), title: said.filter(Boolean).join(' · ') }),
      waiting ? make('span', { class: `bar-state${lost ? ' lost' : sending ? ' sending' : ''}`, text: waiting }) : null)
  }

  function acts(change, now, state, again) {
    const busy = state.sending
    const button = (name, text, act, kind, symbol, disabled = busy) => action(text, act, { kind, symbol, disabled, 'data-act': name })
    if (change.status === 'committed') {
      return make('div', { class: 'bar-acts' },
        change.undone_by ? button('redo', texts.redo_change, on.redo, 'plain', 'arrow-clockwise') : button('undo', texts.undo, on.undo, 'plain', 'arrow-counterclockwise'),
        button('again', texts.new_change, on.again, 'plain', 'plus-lg'),
        button('leave', texts.finish, on.leave, 'primary', 'check-lg'))
    }
    if (change.status === 'discarded') return make('div', { class: 'bar-acts' }, button('leave', texts.finish, on.leave, 'primary', 'check-lg'))
    if (confirming) {
      return make('div', { class: 'bar-acts', role: 'group', 'aria-label': texts.discard },
        make('span', { class: 'small', text: filled(texts.discard_sure, { count: now.count }) }),
        button('discard-yes', texts.discard_yes, on.discard, 'danger', 'trash'),
        button('discard-no', texts.keep, () => { confirming = false; again(); bar.querySelector('[data-act=discard]').focus() }, 'plain'))
    }
    return make('div', { class: 'bar-acts' },
      button('preview', texts.preview, on.preview, 'plain', 'eye', busy || !now.count),
      button('commit', texts.commit, on.commit, 'primary', 'journal-check', busy || !now.canCommit),
      button('discard', texts.discard, () => {
        if (!now.count) return on.discard()
        confirming = true
        again()
        return bar.querySelector('[data-act=discard-no]').focus()
      }, 'plain', 'trash'),
      make('button', { class: 'btn btn-plain btn-sm', type: 'button', 'data-act': 'leave', title: texts.leave_hint, 'aria-label': texts.leave_hint, on: { click: on.leave } }, icon('box-arrow-right')))
  }

  return { show }
}
