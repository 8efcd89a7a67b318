// Elements made from plain values. Text only ever becomes text: there is no way to pass markup.

/** Make an element. `given`: class, text, attributes, listeners as on: {click: fn}; then its children. */
export function make(tag, given = {}, ...children) {
  const element = document.createElement(tag)
  const { text, on = {}, ...attributes } = given
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue
    element.setAttribute(name, value === true ? '' : String(value))
  }
  if (text !== undefined) element.textContent = text
  for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener)
  element.append(...children.filter((child) => child !== null && child !== undefined))
  return element
}

/** An icon that screen readers pass over. */
export const icon = (name) => make('i', { class: `bi bi-${name}`, 'aria-hidden': 'true' })
