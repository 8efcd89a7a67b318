// Keys of the editor, and the sheet that lists them.
import { make } from '../panels/elements.js'

/** Which command a key press means, by its plain facts; null for none. `typing` is true inside a field. */
export function commandOf({ key, ctrlKey = false, metaKey = false, altKey = false, shiftKey = false }, typing) {
  const name = key.toLowerCase()
  if ((ctrlKey || metaKey) && !altKey) {
    if (typing) return null
    if (name === 'z') return shiftKey ? 'redo' : 'undo'
    if (name === 'y' && !shiftKey) return 'redo'
    return null
  }
  if (altKey) return null
  if (key === 'Escape') return 'escape'
  if (key === 'Enter') return 'enter'
  if (typing) return null
  if (key === 'Delete' || key === 'Backspace') return 'remove'
  if (key === '?') return 'help'
  return /^[a-z0-9]$/.test(name) && !shiftKey ? `key:${name}` : null
}

/** Fields where letters are letters. */
export const isTyping = (target) => Boolean(target.closest?.('input:not([type=radio]):not([type=checkbox]):not([type=range]), textarea, select, [contenteditable]'))

/** The sheet of keys: fixed ones, how to choose, and the tools. Opens as a dialog, closes by Escape. */
export function keysSheet({ texts, rows, tools, words }) {
  const line = (keys, text) => make('div', { class: 'key-line' }, make('dt', {}, ...keys.split(' ').map((key) => make('kbd', { text: key }))), make('dd', { text }))
  const listed = (heading, found) => make('section', {}, make('h3', { text: heading }), make('dl', {}, ...found.map(([keys, text]) => line(keys, text))))
  const close = make('button', { class: 'icon-button', type: 'button', 'aria-label': texts.close }, make('i', { class: 'bi bi-x-lg', 'aria-hidden': 'true' }))
  const sheet = make('dialog', { class: 'keys-sheet', 'aria-labelledby': 'keys-title' },
    make('header', { class: 'card-head' }, make('h2', { id: 'keys-title', text: texts.keys }), close),
    make('div', { class: 'keys-columns' },
      listed(texts.keys_general, rows),
      listed(texts.tools_group, tools.filter((tool) => tool.key).map((tool) => [tool.key.toUpperCase(), words[tool.name]?.label ?? tool.name]))))
  close.addEventListener('click', () => sheet.close())
  sheet.addEventListener('click', (event) => event.target === sheet && sheet.close())
  document.body.append(sheet)
  return { open: () => sheet.showModal(), isOpen: () => sheet.open }
}
