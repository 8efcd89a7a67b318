// On narrow screens the side panels are sheets: one at a time, opened by buttons, closed by Escape.

/** Attach the buttons that open the left panel; tell the page when the card opens. */
export function attachSheets(page) {
  const button = page.querySelector('[data-open-layers]')
  const narrow = matchMedia('(max-width: 1099px)')
  const open = (yes) => {
    page.classList.toggle('layers-open', yes)
    button.setAttribute('aria-expanded', String(yes))
  }
  button.addEventListener('click', () => open(!page.classList.contains('layers-open')))
  page.querySelector('[data-close-layers]').addEventListener('click', () => {
    open(false)
    button.focus()
  })
  return {
    cardOpened: () => {
      page.classList.add('card-open')
      if (narrow.matches) open(false)
    },
    cardClosed: () => page.classList.remove('card-open'),
  }
}
