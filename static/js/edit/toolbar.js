// The edit toolbar: undo and redo first and always at the same place, then how to choose, then the tools.
import { filled } from '../map/format.js'
import { icon, make } from '../panels/elements.js'

/** Why a tool cannot start with what is chosen, as the name of a text; null when it can. */
export function whyNot(tool, { document, count, far = false }) {
  if (tool.withoutDocument) return null
  if (!document) return 'needs_document'
  if (far) return 'needs_closer'
  if (tool.needs === 'one' && count !== 1) return count ? 'needs_only_one' : 'needs_one'
  if (tool.needs === 'several' && count < 2) return 'needs_several'
  if (tool.needs === 'any' && count < 1) return 'needs_any'
  return null
}

const CHOOSING = [
  ['click', 'cursor', 'v'],
  ['box', 'bounding-box-circles', 'x'],
  ['lasso', 'vector-pen', 'z'],
]

/** Fill the toolbar. `on`: undo, redo, choose(mode), start(name). */
export function editToolbar(bar, { tools, texts, words, on }) {
  const button = (name, symbol, label, hint, key, act) => {
    const title = [hint && hint !== label ? `${label}: ${hint}` : label, key ? `(${key})` : ''].filter(Boolean).join(' ')
    return make('button', { class: 'edit-tool', type: 'button', 'data-tool': name, title, 'aria-label': label, 'aria-pressed': 'false', 'aria-keyshortcuts': key, on: { click: act } }, icon(symbol))
  }
  const undo = button('undo', 'arrow-counterclockwise', texts.undo, '', 'Ctrl+Z', on.undo)
  const redo = button('redo', 'arrow-clockwise', texts.redo, '', 'Ctrl+Shift+Z', on.redo)
  const choosing = CHOOSING.map(([mode, symbol, key]) => button(`choose-${mode}`, symbol, texts.choosing[mode], '', key.toUpperCase(), () => on.choose(mode)))
  const starting = tools.map((tool) => {
    const { label = tool.name, hint = '' } = words[tool.name] ?? {}
    return button(tool.name, tool.icon.replace(/^bi-/, ''), label, hint, tool.key?.toUpperCase(), () => on.start(tool.name))
  })
  for (const each of [undo, redo]) each.removeAttribute('aria-pressed')
  const group = (label, ...buttons) => make('div', { class: 'edit-tool-group', role: 'group', 'aria-label': label }, ...buttons)
  bar.replaceChildren(
    group(texts.history_group, undo, redo),
    group(texts.choosing_group, ...choosing),
    group(texts.tools_group, ...starting),
  )

  // arrow keys move inside the bar; Tab goes through it once
  const all = [...bar.querySelectorAll('button')]
  all.forEach((each, index) => (each.tabIndex = index ? -1 : 0))
  bar.addEventListener('focusin', ({ target }) => all.forEach((each) => (each.tabIndex = each === target ? 0 : -1)))
  bar.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    const here = all.indexOf(event.target)
    if (!step || here < 0) return
    event.preventDefault()
    all[(here + step + all.length) % all.length].focus()
  })

  // a disabled tool stays reachable and says why it cannot be used
  function able(element, why) {
    element.setAttribute('aria-disabled', String(Boolean(why)))
    element.dataset.why = why ?? ''
    const base = (element.dataset.title ??= element.title)
    element.title = why ? `${base}\n${why}` : base
  }

  return {
    show({ running, mode, document, count, canUndo, canRedo, busy, far, last, next }) {
      able(undo, busy ? texts.busy : canUndo ? null : texts.nothing_to_undo)
      able(redo, busy ? texts.busy : canRedo ? null : texts.nothing_to_redo)
      if (canUndo && last) undo.title = `${undo.dataset.title}\n${filled(texts.takes_back, { what: last })}`
      if (canRedo && next) redo.title = `${redo.dataset.title}\n${filled(texts.brings_back, { what: next })}`
      choosing.forEach((each, index) => {
        able(each, document ? null : texts.needs_document)
        each.setAttribute('aria-pressed', String(document && !running && mode === CHOOSING[index][0]))
      })
      tools.forEach((tool, index) => {
        const why = busy && !tool.withoutDocument ? 'busy' : whyNot(tool, { document, count, far })
        able(starting[index], why ? texts[why] : null)
        starting[index].setAttribute('aria-pressed', String(running === tool.name))
      })
    },
  }
}
