// A lost connection, said and kept: what has not been acknowledged, what happens with it, and how to give it up.
import { filled } from '../map/format.js'
import { make } from '../panels/elements.js'

/** Attach to a keeper. The browser asks before the page is left only while something is unanswered. */
export function attachPending(element, keeper, { texts }) {
  const leaving = (event) => event.preventDefault()
  const reload = () => {
    window.removeEventListener('beforeunload', leaving) // it is kept, and sent by the page that comes
    location.reload()
  }
  window.addEventListener('online', () => keeper.retry())

  function show({ pending, lost }) {
    window[pending ? 'addEventListener' : 'removeEventListener']('beforeunload', leaving)
    element.hidden = !lost
    if (!lost) return element.replaceChildren()
    const what = texts.pending_what[pending.about.what] ?? texts.operations[pending.about.operation]
    const why = lost.status === 401 ? texts.lost_signed_out : lost.code === 'page-expired' ? texts.lost_page : lost.name === 'Problem' ? lost.message : texts.lost_connection
    element.replaceChildren(
      make('b', { text: filled(texts.not_sent, { what }) }),
      make('span', { text: why }),
      make('span', { class: 'pending-acts' },
        lost.code === 'page-expired'
          ? make('button', { class: 'btn btn-plain btn-sm', type: 'button', text: texts.reload, on: { click: reload } })
          : make('button', { class: 'btn btn-plain btn-sm', type: 'button', text: texts.send_now, on: { click: () => keeper.retry() } }),
        lost.status === 401 ? make('a', { class: 'btn btn-plain btn-sm', href: '/login', target: '_blank', rel: 'noopener', text: texts.sign_in }) : null,
        make('button', { class: 'btn btn-plain btn-sm', type: 'button', text: texts.give_up, on: { click: () => keeper.giveUp() } })),
    )
  }
  keeper.onChange(show)
}
