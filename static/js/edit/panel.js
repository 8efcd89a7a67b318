// The panel of the editor: what is refused, the tool's form, what it would do, what is chosen, what was done.
import { icon, make } from '../panels/elements.js'

/** Make the parts once; each is filled by its own module. On narrow screens the panel is a sheet that folds. */
export function editPanel(panel, { texts, onKeys }) {
  const title = make('h2', { id: 'edit-title', tabindex: '-1' })
  const fold = make('button', { class: 'icon-button edit-fold', type: 'button', 'aria-expanded': 'true', 'aria-label': texts.fold, title: texts.fold, on: { click: () => folded(!panel.classList.contains('folded')) } }, icon('chevron-down'))
  const close = make('button', { class: 'icon-button', type: 'button', 'aria-label': texts.close, title: texts.close }, icon('x-lg'))
  const keys = make('button', { class: 'icon-button edit-keys', type: 'button', 'aria-label': texts.keys, title: `${texts.keys} (?)`, 'aria-keyshortcuts': '?', on: { click: onKeys } }, icon('keyboard'))
  const part = (id, label) => make('section', { id: `edit-${id}`, 'aria-label': label, hidden: true })
  const parts = {
    opening: part('opening', texts.opening_title),
    problem: part('problem', texts.problem_title),
    form: part('form', texts.form_title),
    effect: part('effect', texts.effect_title),
    chosen: part('chosen', texts.chosen_title),
    steps: part('steps', texts.steps_title),
  }
  parts.problem.setAttribute('role', 'alert')
  panel.replaceChildren(make('header', { class: 'card-head' }, title, keys, fold, close), ...Object.values(parts))

  function folded(yes) {
    panel.classList.toggle('folded', yes)
    fold.setAttribute('aria-expanded', String(!yes))
  }

  return {
    parts,
    show(yes) {
      panel.hidden = !yes
      if (yes) folded(false)
    },
    unfold: () => folded(false),
    title(text, closing = null) {
      title.textContent = text
      close.hidden = !closing
      close.onclick = closing
    },
    focusTitle: () => title.focus(),
    /** Fill a part; nothing hides it. */
    fill(name, ...children) {
      const shown = children.filter(Boolean)
      parts[name].replaceChildren(...shown)
      parts[name].hidden = shown.length === 0
    },
  }
}

/** A small button. */
export const action = (text, click, { kind = 'plain', symbol = null, ...more } = {}) =>
  make('button', { class: `btn btn-${kind} btn-sm`, type: 'button', on: { click }, ...more }, symbol ? icon(symbol) : null, make('span', { text }))
